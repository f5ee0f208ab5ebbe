import { FrameType } from '@rookery/schemas/frameType';
import { DatagramKind } from '@rookery/schemas/protocol';
import { checkHopTag, openFrame } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pingBytes,
  readCounter,
  readEndOfSpurt,
  readEpoch,
  readKind,
  readLevel,
  readListId,
  readTimestamp,
  readToken,
  VoiceKind,
  voicePacketBytesMax,
  whisperHeaderBytes,
} from '@rookery/schemas/voicePacket';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { noChaos } from './audio/tools/chaos.js';
import { chaosOff, VoiceChaos, type ChaosLine, type ChaosState } from './chaosLine.js';
import { RoomKeys } from './roomKeys.js';
import { allRoomsOpen, noPrivateRooms } from './testing/noPrivateRooms.js';
import { TestDatagrams, VoicePort } from './testing/voiceFarEnd.js';
import {
  pongOf,
  sealedFrame,
  testHopKey,
  testRoomKey,
  testWhisperKey,
} from './testing/voicePackets.js';
import { openVoiceConnection, type VoiceConnection, type VoiceHealth } from './voiceConnection.js';
import { newVoiceCounters, type VoiceCounters } from './voiceCounters.js';
import type { OpeningKeys } from './voiceReceiver.js';
import { WhisperKeys } from './whisperKeys.js';

const ownToken = 5;

let port: VoicePort;
let datagrams: TestDatagrams;
let counters: VoiceCounters;
let keys: OpeningKeys;
let voice: VoiceConnection | null;
let heard: number[][];
let healths: VoiceHealth[];
let doubts: number;
let bothWays: VoiceChaos;
let chaos: ChaosLine;
let chaosShown: ChaosState;

function addKey(epoch: number): void {
  keys.room.addKey(
    { type: FrameType.RoomKey, roomId: 'room', epoch, key: testRoomKey, useAfterMs: 0 },
    performance.now(),
  );
}

async function open(timeoutMs = 5_000): Promise<VoiceConnection> {
  voice = await openVoiceConnection({
    remote: { host: '127.0.0.1', port: port.port },
    sessionToken: ownToken,
    sequence: { lastCounter: 0 },
    hopKey: testHopKey,
    datagrams,
    keys,
    timeoutMs,
    counters,
    onFrame: (_token, _counter, _timestamp, _endOfSpurt, payload) => heard.push([...payload]),
    onHealth: (health) => healths.push(health),
    onDoubt: () => doubts++,
    chaos: bothWays,
  });
  return voice;
}

beforeEach(async () => {
  port = await VoicePort.open();
  datagrams = new TestDatagrams();
  counters = newVoiceCounters();
  keys = {
    room: new RoomKeys(() => null, allRoomsOpen),
    whisper: new WhisperKeys(),
    private: noPrivateRooms,
  };
  keys.room.enterRoom('room');
  voice = null;
  heard = [];
  healths = [];
  doubts = 0;
  chaosShown = chaosOff;
  bothWays = new VoiceChaos((state) => (chaosShown = state));
  chaos = bothWays.outgoing;
});
afterEach(async () => {
  await voice?.close();
  port.close();
});

describe('openVoiceConnection', () => {
  it('pings with its token and hop tag, and opens with the answer', async () => {
    await open();
    const ping = port.packets[0]!;
    expect(ping).toHaveLength(pingBytes);
    expect(readToken(ping, 0)).toBe(ownToken);
    expect(checkHopTag(ping, ping.length, testHopKey)).toBe(true);
    expect(counters).toMatchObject({ pingsSent: 1, pongsReceived: 1 });
    expect(healths).toEqual([{ path: 'udp', roundTripMs: expect.any(Number) as number }]);
    expect(healths[0]!.roundTripMs).toBeGreaterThanOrEqual(0);
  });

  it('says which port does not answer', async () => {
    port.answersPings = false;
    await expect(open(50)).rejects.toMatchObject({
      code: 'voiceUnreachable',
      message: expect.stringContaining(`${port.port}/udp`) as string,
    });
  });

  it('pings again when the first one is lost', async () => {
    port.answersPings = false;
    const opened = open();
    await vi.waitFor(() => expect(port.packets).toHaveLength(1));
    port.answersPings = true;
    await opened;
    expect(port.packets.length).toBeGreaterThan(1);
    expect(doubts).toBe(port.packets.length - 1);
  });

  it('does not take a forged answer for one', async () => {
    port.answersPings = false;
    const opened = open();
    await vi.waitFor(() => expect(port.packets).toHaveLength(1));
    const forged = pongOf(port.packets[0]!);
    forged[forged.length - 1]! ^= 1;
    port.send(forged);
    port.answersPings = true;
    await opened;
    expect(counters.droppedHopTag).toBe(1);
  });
});

describe('sending', () => {
  it('seals frames with the key of the room and never uses a counter twice', async () => {
    addKey(4);
    const connection = await open();
    for (let i = 0; i < 10; i++) {
      connection.sendFrame({
        payload: Uint8Array.of(i, i),
        timestamp: (4_294_967_295 - 960 + 960 * i) % 2 ** 32,
        level: i,
        endOfSpurt: i === 9,
      });
      if (i === 5) await connection.drain(5_000);
    }
    expect(await connection.drain(5_000)).toBe(true);
    expect(port.voicePackets).toHaveLength(10);
    port.voicePackets.forEach((packet, i) => {
      expect(checkHopTag(packet, packet.length, testHopKey)).toBe(true);
      expect(readEpoch(packet, 0)).toBe(4);
      expect(readLevel(packet, 0)).toBe(i);
      expect(readEndOfSpurt(packet, 0)).toBe(i === 9);
      expect(readTimestamp(packet, 0)).toBe((4_294_967_295 - 960 + 960 * i) % 2 ** 32);
      const plain = new Uint8Array(8);
      expect(openFrame(packet, packet.length - hopTagBytes, testRoomKey, plain)).toBe(2);
      expect([...plain.subarray(0, 2)]).toEqual([i, i]);
    });
    const counters = port.packets.map((packet) => readCounter(packet, 0));
    expect(new Set(counters).size).toBe(counters.length);
  });

  it('keeps back what it has no key for, and what is too long', async () => {
    const connection = await open();
    const frame = { payload: new Uint8Array(10), timestamp: 0, level: 0, endOfSpurt: false };
    connection.sendFrame(frame);
    addKey(0);
    connection.sendFrame({ ...frame, payload: new Uint8Array(voicePacketBytesMax) });
    connection.sendFrame({ ...frame, payload: new Uint8Array(voicePacketBytesMax - 40) });
    await connection.drain(5_000);
    expect(counters).toMatchObject({
      unsentNoKey: 1,
      unsentOversized: 1,
      framesSent: 1,
    });
    expect(port.voicePackets.map(({ length }) => length)).toEqual([voicePacketBytesMax]);
  });
});

describe('whispering', () => {
  const frame = { payload: Uint8Array.of(1, 2), timestamp: 960, level: 3, endOfSpurt: true };

  it('seals with the key of the list and names it', async () => {
    const connection = await open();
    connection.sendWhisper(frame, { listId: 0x01020304, epoch: 9, key: testWhisperKey });
    await connection.drain(5_000);
    const [packet] = port.packets.filter((sent) => readKind(sent, 0) === VoiceKind.Whisper);
    expect(checkHopTag(packet!, packet!.length, testHopKey)).toBe(true);
    expect(readListId(packet!, 0)).toBe(0x01020304);
    expect(readEpoch(packet!, 0)).toBe(9);
    const plain = new Uint8Array(2);
    const length = packet!.length - hopTagBytes;
    expect(openFrame(packet!, length, testWhisperKey, plain, whisperHeaderBytes)).toBe(2);
    expect([...plain]).toEqual([1, 2]);
  });

  it('keeps back what nobody is there to hear', async () => {
    const connection = await open();
    connection.sendWhisper(frame, null);
    await connection.drain(5_000);
    expect(counters).toMatchObject({ unsentNoKey: 1, framesSent: 0 });
    expect(port.packets.every((packet) => readKind(packet, 0) === VoiceKind.Ping)).toBe(true);
  });
});

describe('a blocked voice port', () => {
  const frame = { payload: Uint8Array.of(1, 2), timestamp: 960, level: 3, endOfSpurt: true };

  it('gives way to datagrams with the same packets', async () => {
    addKey(1);
    port.answersPings = false;
    datagrams.answersPings = true;
    const connection = await open(400);
    expect(healths.at(-1)).toMatchObject({ path: 'quic' });
    connection.sendFrame(frame);
    const packet = datagrams.sent.at(-1)!;
    expect(readKind(packet, 0)).toBe(VoiceKind.Voice);
    expect(checkHopTag(packet, packet.length, testHopKey)).toBe(true);
    datagrams.receive(DatagramKind.Voice, sealedFrame([7], 1, 1));
    datagrams.receive(DatagramKind.Voice + 1, sealedFrame([8], 1, 2));
    expect(heard).toEqual([[7]]);
    expect(await connection.drain(5_000)).toBe(true);
    const all = [...port.packets, ...datagrams.sent].map((sent) => readCounter(sent, 0));
    expect(new Set(all).size).toBe(all.length);
  });

  it('is taken again once it answers a probe', async () => {
    addKey(1);
    port.answersPings = false;
    datagrams.answersPings = true;
    const connection = await open(400);
    const probes = port.packets.length;
    port.answersPings = true;
    await vi.waitFor(() => expect(healths.at(-1)).toMatchObject({ path: 'udp' }), {
      timeout: 20_000,
    });
    expect(port.packets.length).toBeGreaterThan(probes);
    connection.sendFrame(frame);
    await vi.waitFor(() => expect(port.voicePackets).toHaveLength(1));
  });

  it('counts what the control connection does not take', async () => {
    port.answersPings = false;
    datagrams.takes = false;
    await expect(open(200)).rejects.toMatchObject({ code: 'voiceUnreachable' });
    expect(counters.unsentDatagrams).toBeGreaterThan(0);
  });
});

it('hands on what comes from the server, and counts what does not', async () => {
  addKey(1);
  await open();
  port.send(new Uint8Array(3));
  const stranger = await VoicePort.open();
  stranger.client = port.client;
  stranger.send(sealedFrame([1], 1, 1));
  port.send(sealedFrame([2], 1, 2));
  await vi.waitFor(() =>
    expect(counters).toMatchObject({ droppedMalformed: 1, droppedForeign: 1, framesReceived: 1 }),
  );
  stranger.close();
  expect(heard).toEqual([[2]]);
});

describe('chaos', () => {
  const frame = { payload: Uint8Array.of(1, 2), timestamp: 960, level: 3, endOfSpurt: true };
  const sent = (count: number): number[] =>
    Array.from({ length: count }, (_, timestamp) => timestamp);

  it('has voice come later and in order, and the end waits for it', async () => {
    addKey(1);
    const connection = await open();
    chaos.set({ ...noChaos, delayMs: 40, jitterMs: 20 });
    for (const timestamp of sent(5)) connection.sendFrame({ ...frame, timestamp });
    expect(await connection.drain(5_000)).toBe(true);
    expect(port.voicePackets.map((packet) => readTimestamp(packet, 0))).toEqual(sent(5));
    for (const packet of port.voicePackets) {
      expect(checkHopTag(packet, packet.length, testHopKey)).toBe(true);
    }
    expect(chaos.counters).toMatchObject({ taken: 5, lost: 0 });
  });

  it('takes voice and no pings, until it is switched off', async () => {
    addKey(1);
    const connection = await open();
    chaos.set({ ...noChaos, lossPct: 100 });
    connection.sendFrame(frame);
    expect(await connection.drain(5_000)).toBe(true);
    expect(port.voicePackets).toEqual([]);
    expect(chaos.counters).toMatchObject({ taken: 1, lost: 1 });
    chaos.set({ ...noChaos, delayMs: 1_000 });
    connection.sendFrame(frame);
    expect(chaos.counters).toMatchObject({ taken: 2, lost: 1 });
    chaos.set(null);
    expect(chaos.counters).toBeNull();
    expect(await connection.drain(5_000)).toBe(true);
    expect(port.voicePackets).toHaveLength(1);
  });

  it('is there on the control connection, too', async () => {
    addKey(1);
    port.answersPings = false;
    datagrams.answersPings = true;
    const connection = await open(400);
    chaos.set({ ...noChaos, duplicatePct: 100, delayMs: 5 });
    connection.sendFrame(frame);
    expect(await connection.drain(5_000)).toBe(true);
    const voices = datagrams.sent.filter((packet) => readKind(packet, 0) === VoiceKind.Voice);
    expect(voices).toHaveLength(2);
    expect(voices[0]).toEqual(voices[1]);
  });

  it('drops what waits when the connection closes', async () => {
    addKey(1);
    const connection = await open();
    chaos.set({ ...noChaos, delayMs: 1_000 });
    connection.sendFrame(frame);
    await connection.close();
    voice = null;
    await chaos.emptied();
    expect(port.voicePackets).toEqual([]);
  });

  it('has what is heard come through the network of the other direction', async () => {
    addKey(1);
    await open();
    bothWays.incoming.set({ ...noChaos, duplicatePct: 100, delayMs: 5 });
    port.send(sealedFrame([2], 1, 1));
    port.send(sealedFrame([3], 1, 2));
    await vi.waitFor(() => expect(heard).toEqual([[2], [2], [3], [3]]));
    bothWays.incoming.set({ ...noChaos, lossPct: 100 });
    port.send(sealedFrame([4], 1, 3));
    await vi.waitFor(() => expect(bothWays.incoming.counters).toMatchObject({ lost: 1 }));
    bothWays.incoming.set(null);
    port.send(sealedFrame([5], 1, 4));
    await vi.waitFor(() => expect(heard.at(-1)).toEqual([5]));
    expect(heard).toHaveLength(5);
    expect(chaosShown).toEqual(chaosOff);
  });

  it('stays as it is where it is told nonsense', () => {
    chaos.set({ ...noChaos, delayMs: 1 });
    expect(() => chaos.set({ ...noChaos, lossPct: 500 })).toThrow(/lossPct/);
    expect(chaos.isOn).toBe(true);
  });
});
