import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { checkHopTag, openFrame } from '@rookery/schemas/voiceCrypto';
import {
  pongBytes,
  readCounter,
  readKind,
  readServerTimeUs,
  readTimestamp,
  readToken,
  tokenSlot,
  VoiceKind,
} from '@rookery/schemas/voicePacket';
import type { SentPacket, StagePeer } from '../testing/relayStage.js';
import { counted, RelayStage, roomIds } from '../testing/relayStage.js';
import { pathTable } from '../tables/pathTable.js';
import { listTable } from '../tables/receiverLists.js';
import { sessionTable } from '../tables/sessionTable.js';

const noFlags = { muted: false, deafened: false, suppressed: false };
const hosts = (sent: SentPacket[]): string[] =>
  sent.map(({ to }) => `${to.host} ${to.port}`).sort();
const hostsOf = (peers: StagePeer[]): string[] =>
  peers.map(({ address }) => `${address.host} ${address.port}`).sort();

describe('fan-out', () => {
  test('reaches all of the room but the sender and the deafened', () => {
    const stage = new RelayStage(101);
    const peers = Array.from({ length: 5 }, () => stage.addSpeaker('lobby'));
    const others = Array.from({ length: 3 }, () => stage.addSpeaker('library'));
    stage.tables.setFlags(peers[2]!.token, { ...noFlags, deafened: true });
    const sent = stage.receive(peers[0]!.voice(), peers[0]!.address);
    expect(hosts(sent)).toEqual(hostsOf([peers[1]!, peers[3]!, peers[4]!]));
    const sentElsewhere = stage.receive(others[1]!.voice(), others[1]!.address);
    expect(hosts(sentElsewhere)).toEqual(hostsOf([others[0]!, others[2]!]));
    // Deafened is not muted.
    const spoken = stage.receive(peers[2]!.voice(), peers[2]!.address);
    expect(spoken).toHaveLength(4);
  });

  test('sends what the receivers can open', () => {
    const stage = new RelayStage(102);
    const speaker = stage.addSpeaker('lobby');
    stage.addSpeaker('lobby');
    const [sent] = stage.receive(speaker.voice({ payloadBytes: 50 }), speaker.address);
    const out = new Uint8Array(50);
    expect(openFrame(sent!.bytes, sent!.bytes.length, speaker.roomKey, out)).toBe(50);
    expect(readToken(sent!.bytes, 0)).toBe(speaker.token);
  });

  test('passes over who has not been heard yet, and who has left', () => {
    const stage = new RelayStage(103);
    const speaker = stage.addSpeaker('lobby');
    const silent = stage.addPeer();
    stage.tables.moveSession(silent.token, 'lobby');
    const leaving = stage.addSpeaker('lobby');
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([leaving]));
    stage.tables.removeSession(leaving.token);
    expect(stage.receive(speaker.voice(), speaker.address)).toEqual([]);
    stage.receive(silent.ping(), silent.address);
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([silent]));
  });

  test('does not reach the address of one who left through the next in the slot', () => {
    const stage = new RelayStage(104);
    const speaker = stage.addSpeaker('lobby');
    const left = stage.addSpeaker('lobby');
    stage.tables.removeSession(left.token);
    let next = stage.addPeer();
    while (tokenSlot(next.token) !== tokenSlot(left.token)) next = stage.addPeer();
    stage.tables.moveSession(next.token, 'lobby');
    expect(stage.receive(speaker.voice(), speaker.address)).toEqual([]);
    stage.receive(next.ping(), next.address);
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([next]));
  });

  test('drops what comes while the list of its room is being written all the time', () => {
    const stage = new RelayStage(107);
    const speaker = stage.addSpeaker('lobby');
    const listener = stage.addSpeaker('lobby');
    const packet = speaker.voice();
    const before = stage.counters();
    const { columns } = sessionTable.attach(stage.tables.memory.sessions);
    const { groups } = listTable.attach(stage.tables.memory.lists.rows);
    groups.main.writeRow(columns.roomIndex.load(tokenSlot(speaker.token)), () => {
      expect(stage.receive(packet, speaker.address)).toEqual([]);
    });
    expect(counted(before, stage.counters())).toEqual({
      packetsIn: 1,
      bytesIn: packet.length,
      framesIn: 1,
      dropRace: 1,
    });
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([listener]));
  });

  test.each([105, 106])('agrees with a naive model through every change (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const stage = new RelayStage(seed);
    const model = new Map<StagePeer, { room: string | null; deafened: boolean }>();
    const anyone = (): StagePeer => [...model.keys()][random.below(model.size)]!;
    for (let step = 0; step < 3_000; step++) {
      stage.nowMs += 20;
      if (model.size < 20 || random.chance(0.05)) {
        if (model.size === 40) continue;
        const room = roomIds[random.below(roomIds.length)]!;
        model.set(stage.addSpeaker(room), { room, deafened: false });
      }
      const changed = anyone();
      const state = model.get(changed)!;
      if (random.chance(0.1)) {
        state.room = random.chance(0.2) ? null : roomIds[random.below(roomIds.length)]!;
        stage.tables.moveSession(changed.token, state.room);
      } else if (random.chance(0.1)) {
        state.deafened = !state.deafened;
        stage.tables.setFlags(changed.token, { ...noFlags, deafened: state.deafened });
      } else if (random.chance(0.05)) {
        stage.tables.removeSession(changed.token);
        model.delete(changed);
      }
      const speaker = anyone();
      const { room } = model.get(speaker)!;
      const expected = [...model]
        .filter(([peer, other]) => peer !== speaker && other.room === room && !other.deafened)
        .map(([peer]) => peer);
      const sent = stage.receive(speaker.voice(), speaker.address);
      const where = `seed ${seed}, step ${step}`;
      expect(hosts(sent), where).toEqual(room === null ? [] : hostsOf(expected));
    }
  });
});

describe('a Pong', () => {
  test('echoes its Ping, tells the time and proves who sent it', () => {
    const stage = new RelayStage(111);
    const peer = stage.addPeer();
    const before = stage.counters();
    const [pong] = stage.receive(peer.ping({ counter: 9 }), peer.address);
    expect(pong!.to).toEqual(peer.address);
    const { bytes } = pong!;
    expect(bytes).toHaveLength(pongBytes);
    expect(readKind(bytes, 0)).toBe(VoiceKind.Pong);
    expect(readToken(bytes, 0)).toBe(peer.token);
    expect(readCounter(bytes, 0)).toBe(9);
    expect(readTimestamp(bytes, 0)).toBe(9 * 960);
    expect(readServerTimeUs(bytes)).toBe((stage.epochMs + stage.nowMs) * 1_000);
    expect(checkHopTag(bytes, bytes.length, peer.hopKey)).toBe(true);
    expect(counted(before, stage.counters())).toEqual({
      packetsIn: 1,
      bytesIn: 24,
      packetsOut: 1,
      bytesOut: pongBytes,
      pongs: 1,
    });
  });
});

describe('a relay in the place of another', () => {
  test('knows addresses and used counters', () => {
    const stage = new RelayStage(121);
    const speaker = stage.addSpeaker('lobby');
    const listener = stage.addSpeaker('lobby');
    const packet = speaker.voice();
    stage.receive(packet, speaker.address);
    stage.replaceRelay();
    expect(stage.receive(packet, speaker.address)).toEqual([]);
    expect(stage.counters().dropReplay).toBe(1);
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([listener]));
  });

  test('sends nothing to an address that was half written, until the next Ping', () => {
    const stage = new RelayStage(122);
    const speaker = stage.addSpeaker('lobby');
    const listener = stage.addSpeaker('lobby');
    const { columns, groups } = pathTable.attach(stage.tables.memory.paths[0]!);
    const dieWriting = (): void =>
      groups.worker.writeRow(tokenSlot(listener.token), (row) => {
        for (let i = 0; i < 5; i++) columns.address.store(row, i, 9);
        throw new Error('the thread ends here');
      });
    expect(dieWriting).toThrow('the thread ends here');
    stage.replaceRelay();
    expect(stage.receive(speaker.voice(), speaker.address)).toEqual([]);
    expect(stage.receive(listener.ping(), listener.address)).toHaveLength(1);
    expect(hosts(stage.receive(speaker.voice(), speaker.address))).toEqual(hostsOf([listener]));
  });
});
