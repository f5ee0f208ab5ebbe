import { describe, expect, test } from 'vitest';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import { defaultRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import {
  makeToken,
  pingBytes,
  tokenSlot,
  VoiceKind,
  voicePacketBytesMax,
} from '@rookery/schemas/voicePacket';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import type { StagePeer } from '../testing/relayStage.js';
import { counted, longestPayloadBytes, RelayStage, stageLimits } from '../testing/relayStage.js';
import type { DropReason } from '../tables/counterTable.js';
import { pathTable } from '../tables/pathTable.js';
import { sessionTable } from '../tables/sessionTable.js';
import { voiceBudget } from '../tables/voiceBudget.js';

const elsewhere: UdpAddress = { host: '192.0.2.66', port: 6_666 };
const noFlags = { muted: false, deafened: false, suppressed: false };

/** Two who hear each other in one room, and one in another. */
function twoInARoom(): { stage: RelayStage; speaker: StagePeer; listener: StagePeer } {
  const stage = new RelayStage(31);
  const speaker = stage.addSpeaker('lobby');
  const listener = stage.addSpeaker('lobby');
  stage.addSpeaker('library');
  return { stage, speaker, listener };
}

/** The packet reaches nobody, and its reason is the only drop that is counted. */
function expectDrop(
  stage: RelayStage,
  reason: DropReason,
  packet: Uint8Array,
  from: UdpAddress,
): void {
  const before = stage.counters();
  expect(stage.receive(packet, from)).toEqual([]);
  expect(counted(before, stage.counters())).toEqual({
    packetsIn: 1,
    bytesIn: packet.length,
    [reason]: 1,
  });
}

/** How many packets are relayed before the first that is not, which must be for the budget. */
function countHeard(stage: RelayStage, send: () => readonly unknown[]): number {
  const dropsBefore = stage.counters().dropBudget;
  let count = 0;
  while (send().length > 0) count++;
  expect(stage.counters().dropBudget).toBe(dropsBefore + 1);
  return count;
}

describe('a packet from nobody known', () => {
  test('is ignored where it is empty: a NAT keep-alive', () => {
    const { stage, speaker } = twoInARoom();
    const before = stage.counters();
    expect(stage.receive(new Uint8Array(0), speaker.address)).toEqual([]);
    expect(stage.receive(new Uint8Array(0), elsewhere)).toEqual([]);
    expect(counted(before, stage.counters())).toEqual({});
  });

  test('is dropped where it is short', () => {
    const { stage, speaker } = twoInARoom();
    const voice = speaker.voice({ payloadBytes: 0 });
    expectDrop(stage, 'dropShort', voice.subarray(0, 1), speaker.address);
    expectDrop(stage, 'dropShort', voice.subarray(0, 23), speaker.address);
    // Long enough for a Ping, not for a seal.
    expectDrop(stage, 'dropShort', voice.subarray(0, 24), speaker.address);
    expectDrop(stage, 'dropShort', voice.subarray(0, 39), speaker.address);
  });

  test('is dropped where it is oversized', () => {
    const { stage, speaker } = twoInARoom();
    const longest = speaker.voice({ payloadBytes: longestPayloadBytes });
    expect(stage.receive(longest, speaker.address)).toHaveLength(1);
    const longer = speaker.voice({ payloadBytes: longestPayloadBytes + 1 });
    expectDrop(stage, 'dropOversized', longer, speaker.address);
    const longPing = speaker.voice({ kind: VoiceKind.Ping });
    expectDrop(stage, 'dropOversized', longPing, speaker.address);
  });

  test('is dropped where its kind is not for clients', () => {
    const { stage, speaker } = twoInARoom();
    const kinds = [VoiceKind.Pong, VoiceKind.Bundle, 5, 6, 7] as VoiceKind[];
    for (const kind of kinds) {
      expectDrop(stage, 'dropKind', speaker.voice({ kind }), speaker.address);
    }
  });

  test('is dropped where no session has its token', () => {
    const { stage, speaker } = twoInARoom();
    const slot = tokenSlot(speaker.token);
    const strangers = [
      0,
      makeToken(slot, 2),
      makeToken(slot, 4_095),
      makeToken(10, 1),
      makeToken(stageLimits.sessionsMax, 1),
      0xffff_ffff,
    ];
    for (const token of strangers) {
      expectDrop(stage, 'dropUnknownSession', speaker.voice({ token }), speaker.address);
      expectDrop(stage, 'dropUnknownSession', speaker.ping({ token }), speaker.address);
    }
  });
});

describe('a voice packet', () => {
  test('goes to the room without its hop tag, and to nobody else', () => {
    const { stage, speaker, listener } = twoInARoom();
    const before = stage.counters();
    const packet = speaker.voice();
    const sent = stage.receive(packet, speaker.address);
    expect(sent).toEqual([{ to: listener.address, bytes: packet.subarray(0, packet.length - 8) }]);
    expect(counted(before, stage.counters())).toEqual({
      packetsIn: 1,
      bytesIn: packet.length,
      packetsOut: 1,
      bytesOut: packet.length - 8,
      framesIn: 1,
      framesOut: 1,
    });
  });

  test('is dropped where its sender has left, also when the slot is given again', () => {
    const { stage, speaker } = twoInARoom();
    stage.tables.removeSession(speaker.token);
    expectDrop(stage, 'dropUnknownSession', speaker.voice(), speaker.address);
    expectDrop(stage, 'dropUnknownSession', speaker.ping(), speaker.address);
    const slot = tokenSlot(speaker.token);
    let next = stage.addPeer();
    while (tokenSlot(next.token) !== slot) next = stage.addPeer();
    expectDrop(stage, 'dropUnknownSession', speaker.voice(), speaker.address);
    expectDrop(stage, 'dropUnknownSession', speaker.ping(), speaker.address);
  });

  test('is dropped where it comes from another address', () => {
    const { stage, speaker } = twoInARoom();
    const { host, port } = speaker.address;
    expectDrop(stage, 'dropAddress', speaker.voice(), elsewhere);
    expectDrop(stage, 'dropAddress', speaker.voice(), { host, port: port + 1 });
    expectDrop(stage, 'dropAddress', speaker.voice(), { host: 'not.numeric', port });
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
  });

  test('is dropped where the session has not been heard by a Ping yet', () => {
    const { stage } = twoInARoom();
    const silent = stage.addPeer();
    stage.tables.moveSession(silent.token, 'lobby');
    expectDrop(stage, 'dropAddress', silent.voice(), silent.address);
  });

  test('is dropped where its hop tag is wrong, whichever bit differs', () => {
    const { stage, speaker, listener } = twoInARoom();
    const packet = speaker.voice();
    for (let bit = 96; bit < packet.length * 8; bit += 5) {
      const forged = packet.slice();
      forged[bit >>> 3]! ^= 1 << (bit & 7);
      expectDrop(stage, 'dropHopTag', forged, speaker.address);
    }
    // Another member's key is as wrong as no key.
    const stolen = packet.slice();
    writeHopTag(stolen, stolen.length - 8, listener.hopKey);
    expectDrop(stage, 'dropHopTag', stolen, speaker.address);
    // None of them used up the counter.
    expect(stage.receive(packet, speaker.address)).toHaveLength(1);
  });

  test('is dropped where it was relayed before', () => {
    const { stage, speaker } = twoInARoom();
    const packet = speaker.voice();
    expect(stage.receive(packet, speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropReplay', packet, speaker.address);
  });

  test('is dropped where it is too old to tell, and relayed where it was overtaken', () => {
    const { stage, speaker } = twoInARoom();
    expect(stage.receive(speaker.voice({ counter: 5_000 }), speaker.address)).toHaveLength(1);
    expect(stage.receive(speaker.voice({ counter: 4_000 }), speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropReplay', speaker.voice({ counter: 2_000 }), speaker.address);
  });

  test('is dropped where its sender is muted', () => {
    const { stage, speaker } = twoInARoom();
    stage.tables.setFlags(speaker.token, { ...noFlags, muted: true });
    expectDrop(stage, 'dropMuted', speaker.voice(), speaker.address);
    stage.tables.setFlags(speaker.token, noFlags);
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
  });

  test('is dropped where its sender is suppressed', () => {
    const { stage, speaker } = twoInARoom();
    stage.tables.setFlags(speaker.token, { ...noFlags, suppressed: true });
    expectDrop(stage, 'dropSuppressed', speaker.voice(), speaker.address);
    stage.tables.setFlags(speaker.token, noFlags);
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
  });

  test('is dropped where its sender is over its packets a second', () => {
    const { stage, speaker, listener } = twoInARoom();
    // The Ping that bound the session took one.
    for (let i = 1; i < stageLimits.packetsBurst; i++) {
      expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
    }
    expectDrop(stage, 'dropBudget', speaker.voice(), speaker.address);
    expectDrop(stage, 'dropBudget', speaker.ping(), speaker.address);
    expect(stage.receive(listener.voice(), listener.address)).toHaveLength(1);
    stage.nowMs += 20;
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropBudget', speaker.voice(), speaker.address);
  });

  test('is dropped where its sender is over the bytes a second of its room', () => {
    const { stage, speaker, listener } = twoInARoom();
    const large = () => speaker.voice({ payloadBytes: longestPayloadBytes });
    const atOnce = countHeard(stage, () => stage.receive(large(), speaker.address));
    // All that the room lets a sender save up, but for what the Ping took.
    const { bytesBurst, bytesPerSecond } = voiceBudget(defaultRoom, stageLimits);
    expect(atOnce).toBe(Math.floor((bytesBurst - pingBytes) / voicePacketBytesMax));
    expectDrop(stage, 'dropBudget', large(), speaker.address);
    expect(stage.receive(listener.voice(), listener.address)).toHaveLength(1);
    stage.nowMs += Math.ceil((voicePacketBytesMax * 1_000) / bytesPerSecond);
    expect(stage.receive(large(), speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropBudget', large(), speaker.address);
  });

  test('is dropped less in a room of a higher bitrate, from the next packet on', () => {
    const { stage, speaker, listener } = twoInARoom();
    const large = () => speaker.voice({ payloadBytes: longestPayloadBytes });
    const send = () => stage.receive(large(), speaker.address);
    const move = (roomId: string) => {
      for (const { token } of [speaker, listener]) stage.tables.moveSession(token, roomId);
      // Long enough to save up all that any room allows.
      stage.nowMs += 60_000;
    };
    const heard = (roomId: string, bitrate: number) => {
      stage.tables.setRoomVoice(roomId, { ...defaultRoom, bitrate });
      move(roomId);
      const count = countHeard(stage, send);
      const { bytesBurst } = voiceBudget({ ...defaultRoom, bitrate }, stageLimits);
      const packets = Math.floor(bytesBurst / voicePacketBytesMax);
      expect(count, roomId).toBe(Math.min(packets, stageLimits.packetsBurst));
      return count;
    };
    const lobby = heard('lobby', 48_000);
    expect(heard('library', 16_000)).toBeLessThan(lobby);
    expect(heard('kitchen', 96_000)).toBeGreaterThan(lobby);
    // And where the room itself gets another.
    expect(heard('kitchen', 440_000)).toBe(stageLimits.packetsBurst);
    // What was saved up there is not taken along.
    move('kitchen');
    expect(send()).toHaveLength(1);
    for (const { token } of [speaker, listener]) stage.tables.moveSession(token, 'library');
    expect(countHeard(stage, send)).toBeLessThan(lobby);
  });

  test.each([
    [6_000, 20],
    [48_000, 20],
    [440_000, 20],
    [6_000, 10],
    [440_000, 10],
    [221_000, 40],
    [147_000, 60],
  ])('is never dropped where its sender keeps to %i b/s in frames of %i ms', (bitrate, frameMs) => {
    const { stage, speaker } = twoInARoom();
    const random = new SeededRandom(bitrate);
    stage.tables.setRoomVoice('lobby', { ...defaultRoom, bitrate, frameMs });
    const payloadBytes = (bitrate * frameMs) / 8_000;
    const perSecond = Math.floor(1_000 / frameMs);
    let held: Uint8Array[] = [];
    for (let frame = 0; frame < 3_000; frame++) {
      stage.nowMs += frameMs;
      // Any size, but the bitrate on average; the network holds some back for up to a second.
      const share = frame % 2 === 0 ? random.below(100) / 100 : 2 - random.below(100) / 100;
      const bytes = Math.min(Math.max(1, Math.round(payloadBytes * share)), longestPayloadBytes);
      held.push(speaker.voice({ payloadBytes: bytes }));
      if (frame % 250 === 0) held.push(speaker.ping());
      if (frame % (2 * perSecond) < perSecond) continue;
      for (const packet of held) stage.receive(packet, speaker.address);
      held = [];
    }
    expect(stage.counters().dropBudget, `seed ${bitrate}`).toBe(0);
  });

  test('is dropped where its sender is in no room', () => {
    const { stage, speaker } = twoInARoom();
    stage.tables.moveSession(speaker.token, null);
    expectDrop(stage, 'dropNoRoom', speaker.voice(), speaker.address);
  });

  test('is dropped where the row of a new sender is being written all the time', () => {
    const { stage } = twoInARoom();
    const newcomer = stage.addPeer();
    const { groups } = sessionTable.attach(stage.tables.memory.sessions);
    groups.main.writeRow(tokenSlot(newcomer.token), () => {
      expectDrop(stage, 'dropRace', newcomer.ping(), newcomer.address);
    });
    expect(stage.receive(newcomer.ping(), newcomer.address)).toHaveLength(1);
  });
});

describe('a Ping', () => {
  test('moves the session to where it came from', () => {
    const { stage, speaker, listener } = twoInARoom();
    expect(stage.receive(speaker.ping(), elsewhere)).toHaveLength(1);
    expect(stage.receive(speaker.voice(), elsewhere)).toHaveLength(1);
    expectDrop(stage, 'dropAddress', speaker.voice(), speaker.address);
    const heard = stage.receive(listener.voice(), listener.address);
    expect(heard.map(({ to }) => to)).toEqual([elsewhere]);
  });

  test('moves nothing and is not answered where its hop tag is wrong', () => {
    const { stage, speaker } = twoInARoom();
    const forged = speaker.ping();
    forged[23]! ^= 1;
    expectDrop(stage, 'dropHopTag', forged, elsewhere);
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
  });

  test('moves nothing and is not answered where it is a replay', () => {
    const { stage, speaker } = twoInARoom();
    const ping = speaker.ping();
    expect(stage.receive(ping, speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropReplay', ping, elsewhere);
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
  });

  test('moves nothing where later packets of the session came before it', () => {
    const { stage, speaker } = twoInARoom();
    const overtaken = speaker.ping();
    expect(stage.receive(speaker.voice(), speaker.address)).toHaveLength(1);
    expectDrop(stage, 'dropAddress', overtaken, elsewhere);
    const alsoOvertaken = speaker.ping();
    stage.receive(speaker.voice(), speaker.address);
    expect(stage.receive(alsoOvertaken, speaker.address)).toHaveLength(1);
  });

  test('may have any counter where it is the first', () => {
    for (const counter of [0, 1, 2 ** 32 + 5, 2 ** 48 - 1]) {
      const stage = new RelayStage(33);
      const peer = stage.addPeer();
      expect(stage.receive(peer.ping({ counter }), peer.address)).toHaveLength(1);
    }
  });

  test('is answered from a muted session that is in no room', () => {
    const { stage, speaker } = twoInARoom();
    stage.tables.setFlags(speaker.token, { muted: true, deafened: true, suppressed: true });
    stage.tables.moveSession(speaker.token, null);
    expect(stage.receive(speaker.ping(), speaker.address)).toHaveLength(1);
  });

  test('starts a new session afresh in a slot that was used before', () => {
    const stage = new RelayStage(34, { limits: { ...stageLimits, sessionsMax: 1 } });
    const first = stage.addSpeaker('lobby');
    stage.receive(first.voice({ counter: 2 ** 40 }), first.address);
    stage.tables.removeSession(first.token);
    const second = stage.addPeer();
    expect(tokenSlot(second.token)).toBe(tokenSlot(first.token));
    // Neither the address nor the counters of the first are the second's.
    stage.tables.moveSession(second.token, 'lobby');
    expectDrop(stage, 'dropAddress', second.voice(), first.address);
    expect(stage.receive(second.ping({ counter: 1 }), second.address)).toHaveLength(1);
    expectDrop(stage, 'dropReplay', second.ping({ counter: 1 }), second.address);
  });
});

test('writes when a session was last heard', () => {
  const { stage, speaker } = twoInARoom();
  const { lastHeardMs } = pathTable.attach(stage.tables.memory.paths[0]!).columns;
  stage.nowMs = 2 ** 32 + 5_000;
  stage.receive(speaker.voice(), speaker.address);
  expect(lastHeardMs.load(tokenSlot(speaker.token))).toBe(5_000);
  stage.nowMs += 20;
  expectDrop(stage, 'dropAddress', speaker.voice(), elsewhere);
  expect(lastHeardMs.load(tokenSlot(speaker.token))).toBe(5_000);
});
