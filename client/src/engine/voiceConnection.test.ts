import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { FrameType } from '@rookery/schemas/frameType';
import { checkHopTag, openFrame, sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pingBytes,
  readCounter,
  readEndOfSpurt,
  readEpoch,
  readKind,
  readLevel,
  readTimestamp,
  readToken,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  writePongBody,
  writeBundleHeader,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomKeys } from './roomKeys.js';
import { openVoiceConnection, type VoiceConnection } from './voiceConnection.js';

const hopKey = new Uint8Array(16).fill(3);
const roomKeyBytes = new Uint8Array(32).fill(7);
const ownToken = 5;
const otherToken = 9;

/** The other end: a voice port that keeps what it gets and answers pings while it is told to. */
class VoicePort {
  readonly packets: Uint8Array[] = [];
  answersPings = true;
  client: RemoteInfo | null = null;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet, from) => this.onPacket(new Uint8Array(packet), from));
  }

  static async open(): Promise<VoicePort> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new VoicePort(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  get voicePackets(): Uint8Array[] {
    return this.packets.filter((packet) => readKind(packet, 0) === VoiceKind.Voice);
  }

  send(packet: Uint8Array): void {
    this.socket.send(packet, this.client!.port, this.client!.address);
  }

  close(): void {
    this.socket.close();
  }

  private onPacket(packet: Uint8Array, from: RemoteInfo): void {
    this.client = from;
    this.packets.push(packet);
    if (this.answersPings && readKind(packet, 0) === VoiceKind.Ping) this.send(pongOf(packet));
  }
}

function pongOf(ping: Uint8Array): Uint8Array {
  const pong = new Uint8Array(64);
  pong.set(ping.subarray(0, voiceHeaderBytes));
  return pong.slice(0, writeHopTag(pong, writePongBody(pong, 0), hopKey));
}

function sealedFrame(payload: readonly number[], epoch: number, counter: number): Uint8Array {
  const packet = new Uint8Array(voicePacketBytesMax);
  writeVoiceHeader(packet, 0, {
    token: otherToken,
    counter,
    epoch,
    kind: VoiceKind.Voice,
    endOfSpurt: false,
    level: 0,
    timestamp: 960 * counter,
  });
  packet.set(payload, voiceHeaderBytes);
  return packet.slice(0, sealFrame(packet, payload.length, roomKeyBytes));
}

function bundleOf(packets: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(voiceHeaderBytes);
  writeBundleHeader(header, 0);
  const frames = packets.flatMap((packet) => [Uint8Array.of(packet.length, 0), packet]);
  return new Uint8Array(Buffer.concat([header, ...frames]));
}

let port: VoicePort;
let keys: RoomKeys;
let voice: VoiceConnection | null;
let heard: { token: number; counter: number; timestamp: number; payload: number[] }[];
let roundTripsMs: number[];

function addKey(epoch: number): void {
  keys.addKey(
    { type: FrameType.RoomKey, roomId: 'room', epoch, key: roomKeyBytes, useAfterMs: 0 },
    performance.now(),
  );
}

async function open(timeoutMs = 5_000): Promise<VoiceConnection> {
  voice = await openVoiceConnection({
    remote: { host: '127.0.0.1', port: port.port },
    sessionToken: ownToken,
    hopKey,
    keys,
    timeoutMs,
    onFrame: (token, counter, timestamp, _, payload) =>
      heard.push({ token, counter, timestamp, payload: [...payload] }),
    onRoundTrip: (ms) => roundTripsMs.push(ms),
  });
  return voice;
}

beforeEach(async () => {
  port = await VoicePort.open();
  keys = new RoomKeys();
  keys.enterRoom('room');
  voice = null;
  heard = [];
  roundTripsMs = [];
});
afterEach(async () => {
  await voice?.close();
  port.close();
});

describe('openVoiceConnection', () => {
  it('pings with its token and hop tag, and opens with the answer', async () => {
    const { counters } = await open();
    const ping = port.packets[0]!;
    expect(ping).toHaveLength(pingBytes);
    expect(readToken(ping, 0)).toBe(ownToken);
    expect(checkHopTag(ping, ping.length, hopKey)).toBe(true);
    expect(counters).toMatchObject({ pingsSent: 1, pongsReceived: 1 });
    expect(roundTripsMs).toHaveLength(1);
    expect(roundTripsMs[0]).toBeGreaterThanOrEqual(0);
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
  });

  it('does not take a forged answer for one', async () => {
    port.answersPings = false;
    const opened = open();
    await vi.waitFor(() => expect(port.packets).toHaveLength(1));
    const forged = pongOf(port.packets[0]!);
    forged[forged.length - 1]! ^= 1;
    port.send(forged);
    port.answersPings = true;
    const { counters } = await opened;
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
      expect(checkHopTag(packet, packet.length, hopKey)).toBe(true);
      expect(readEpoch(packet, 0)).toBe(4);
      expect(readLevel(packet, 0)).toBe(i);
      expect(readEndOfSpurt(packet, 0)).toBe(i === 9);
      expect(readTimestamp(packet, 0)).toBe((4_294_967_295 - 960 + 960 * i) % 2 ** 32);
      const plain = new Uint8Array(8);
      expect(openFrame(packet, packet.length - hopTagBytes, roomKeyBytes, plain)).toBe(2);
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
    expect(connection.counters).toMatchObject({
      unsentNoKey: 1,
      unsentOversized: 1,
      framesSent: 1,
    });
    expect(port.voicePackets.map(({ length }) => length)).toEqual([voicePacketBytesMax]);
  });
});

describe('receiving', () => {
  it('hands on what opens with the key of its epoch', async () => {
    addKey(2);
    const { counters } = await open();
    port.send(sealedFrame([1, 2, 3], 2, 1));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
    expect(heard).toEqual([{ token: otherToken, counter: 1, timestamp: 960, payload: [1, 2, 3] }]);
    expect(counters.framesReceived).toBe(1);
  });

  it('keeps frames whose key is still under way, and opens them in their order', async () => {
    const connection = await open();
    for (const counter of [1, 2, 3]) port.send(sealedFrame([counter], 6, counter));
    await connection.drain(5_000);
    expect(heard).toEqual([]);
    addKey(6);
    connection.onKeysChanged();
    expect(heard.map(({ counter }) => counter)).toEqual([1, 2, 3]);
  });

  it('opens every frame of a bundle', async () => {
    addKey(1);
    await open();
    port.send(bundleOf([sealedFrame([1], 1, 1), sealedFrame([2, 2], 1, 2)]));
    port.send(sealedFrame([3], 1, 3));
    await vi.waitFor(() => expect(heard.map(({ counter }) => counter)).toEqual([1, 2, 3]));
  });

  it('opens frames of the room that it is about to be in', async () => {
    keys.enterRoom('elsewhere');
    addKey(0);
    await open();
    port.send(sealedFrame([1], 0, 1));
    await vi.waitFor(() => expect(heard).toHaveLength(1));
  });

  it('drops and counts what is false, unknown or not from the server', async () => {
    addKey(1);
    const connection = await open();
    const falseSeal = sealedFrame([1], 1, 1);
    falseSeal[20]! ^= 1;
    port.send(falseSeal);
    port.send(sealedFrame([1], 99, 2));
    port.send(new Uint8Array(3));
    port.send(sealedFrame([1], 1, 3).subarray(0, 20));
    const whisper = sealedFrame([1], 1, 4);
    whisper[11] = VoiceKind.Whisper;
    port.send(whisper);
    port.send(bundleOf([sealedFrame([1], 1, 6)]).subarray(0, 50));
    const stranger = await VoicePort.open();
    stranger.client = port.client;
    stranger.send(sealedFrame([1], 1, 5));
    await vi.waitFor(
      () =>
        expect(connection.counters).toMatchObject({
          droppedFalseSeal: 1,
          droppedUnknownEpoch: 1,
          droppedMalformed: 3,
          droppedKind: 1,
          droppedForeign: 1,
          framesReceived: 0,
        }),
      { timeout: 5_000 },
    );
    stranger.close();
    expect(heard).toEqual([]);
  });

  it('holds a bounded number of frames without a key', async () => {
    const connection = await open();
    for (let counter = 1; counter <= 200; counter++) {
      port.send(sealedFrame([1], 50, counter));
      if (counter % 20 === 0) await connection.drain(5_000);
    }
    expect(connection.counters.droppedUnknownEpoch).toBeGreaterThanOrEqual(125);
  });
});
