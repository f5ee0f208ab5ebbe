import { describe, expect, test } from 'vitest';
import { defaultRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { readKind, VoiceKind, voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { unbundle } from '../testing/loopbackPeer.js';
import type { SentPacket, StagePeer } from '../testing/relayStage.js';
import { counted, longestPayloadBytes, RelayStage, stageLimits } from '../testing/relayStage.js';

const relayed = (packet: Uint8Array): Uint8Array => packet.slice(0, packet.length - 8);
const hosts = (sent: readonly SentPacket[]): string[] =>
  sent.map(({ to }) => `${to.host} ${to.port}`);

/** The frames that a datagram brings, one or several. */
function framesOf({ bytes }: SentPacket): Uint8Array[] {
  expect(bytes.length).toBeLessThanOrEqual(voicePacketBytesMax);
  if (readKind(bytes, 0) !== VoiceKind.Bundle) return [bytes];
  const frames = unbundle(bytes);
  // One frame alone travels plain.
  expect(frames.length).toBeGreaterThan(1);
  return frames;
}

const hostOf = ({ address }: StagePeer): string => `${address.host} ${address.port}`;

/** By receiver: the frames that it was sent, in order. */
function heardBy(sent: readonly SentPacket[]): Map<string, Buffer[]> {
  const heard = new Map<string, Buffer[]>();
  for (const packet of sent) {
    const host = hosts([packet])[0]!;
    const frames = framesOf(packet).map((frame) => Buffer.from(frame));
    heard.set(host, [...(heard.get(host) ?? []), ...frames]);
  }
  return heard;
}

function stageWith(peers: number, bundleWindowMs = 0): { stage: RelayStage; peers: StagePeer[] } {
  const stage = new RelayStage(201, { bundleWindowMs });
  return { stage, peers: Array.from({ length: peers }, () => stage.addSpeaker('lobby')) };
}

describe('frames of one batch', () => {
  test('travel together to who spoke none of them, and without its own to who did', () => {
    const { stage, peers } = stageWith(5);
    const before = stage.counters();
    stage.sent.length = 0;
    const packets = peers.slice(0, 3).map((peer) => peer.voice());
    packets.forEach((packet, i) => stage.take(packet, peers[i]!.address));
    expect(stage.sent).toEqual([]);
    stage.flush();
    expect(hosts(stage.sent).sort()).toEqual(peers.map(hostOf).sort());
    const heard = heardBy(stage.sent);
    const [a, b, c] = packets.map((packet) => Buffer.from(relayed(packet)));
    expect(peers.map((peer) => heard.get(hostOf(peer)))).toEqual([
      [b, c],
      [a, c],
      [a, b],
      [a, b, c],
      [a, b, c],
    ]);
    const bytesIn = packets.reduce((sum, { length }) => sum + length, 0);
    expect(counted(before, stage.counters())).toEqual({
      packetsIn: 3,
      bytesIn,
      packetsOut: 5,
      bytesOut: stage.sent.reduce((sum, { bytes }) => sum + bytes.length, 0),
      framesIn: 3,
      framesOut: 12,
      bundlesOut: 5,
    });
  });

  test('travel plain to who is left with one of them', () => {
    const { stage, peers } = stageWith(3);
    stage.sent.length = 0;
    const packets = peers.slice(0, 2).map((peer) => peer.voice());
    packets.forEach((packet, i) => stage.take(packet, peers[i]!.address));
    stage.flush();
    const heard = new Map(stage.sent.map((packet) => [hosts([packet])[0]!, packet.bytes]));
    expect(heard.get(hostOf(peers[0]!))).toEqual(relayed(packets[1]!));
    expect(heard.get(hostOf(peers[1]!))).toEqual(relayed(packets[0]!));
    expect(readKind(heard.get(hostOf(peers[2]!))!, 0)).toBe(VoiceKind.Bundle);
  });

  test('do not come back to who spoke them all', () => {
    const { stage, peers } = stageWith(3);
    stage.sent.length = 0;
    stage.take(peers[1]!.voice(), peers[1]!.address);
    stage.take(peers[1]!.voice(), peers[1]!.address);
    stage.flush();
    expect(hosts(stage.sent).sort()).toEqual([hostOf(peers[0]!), hostOf(peers[2]!)].sort());
    expect(stage.sent.map((packet) => framesOf(packet).length)).toEqual([2, 2]);
  });

  test('are sent in several where they do not fit one, and the longest alone', () => {
    const { stage, peers } = stageWith(4);
    stage.sent.length = 0;
    const sizes = [longestPayloadBytes, longestPayloadBytes, 500, 550, 400];
    const packets = sizes.map((payloadBytes, i) => peers[i % 3]!.voice({ payloadBytes }));
    packets.forEach((packet, i) => stage.take(packet, peers[i % 3]!.address));
    stage.flush();
    const toListener = stage.sent.filter((packet) => hosts([packet])[0] === hostOf(peers[3]!));
    expect(toListener.map((packet) => framesOf(packet).length)).toEqual([1, 1, 2, 1]);
    expect(toListener.flatMap(framesOf)).toEqual(packets.map(relayed));
  });

  test('of more rooms than can wait are sent all the same', () => {
    const stage = new RelayStage(202, { limits: { ...stageLimits, bundlesMax: 2 } });
    const rooms = ['a', 'b', 'c', 'd', 'e'];
    const pairs = rooms.map((room) => [stage.addSpeaker(room), stage.addSpeaker(room)] as const);
    stage.sent.length = 0;
    const packets = pairs.map(([speaker]) => speaker.voice());
    packets.forEach((packet, i) => stage.take(packet, pairs[i]![0].address));
    stage.flush();
    const heard = heardBy(stage.sent);
    expect(heard.size).toBe(rooms.length);
    pairs.forEach(([, listener], i) => {
      expect(heard.get(hostOf(listener))).toEqual([Buffer.from(relayed(packets[i]!))]);
    });
  });
});

test('counts how many frames travelled together, and how long each was held', () => {
  const { stage, peers } = stageWith(3, 5);
  const before = stage.histograms();
  const delta = (): number[][] =>
    stage
      .histograms()
      .framesPerFlush.flatMap((count, frames) =>
        count > before.framesPerFlush[frames]! ? [[frames, count]] : [],
      );
  stage.receive(peers[0]!.voice(), peers[0]!.address);
  for (const peer of peers) stage.take(peer.voice(), peer.address);
  stage.nowMs += 3;
  stage.flush();
  expect(delta()).toEqual([
    [1, 1],
    [3, 1],
  ]);
  const { relayDelay } = stage.histograms();
  // One at once, three after 3,000 µs, which are 12 bits.
  expect(relayDelay[0]).toBe(1);
  expect(relayDelay[12]).toBe(3);
});

describe('the bundle window', () => {
  /** Lets `peers` speak for a while, each 20 ms, a millisecond from one to the next. */
  function speak(stage: RelayStage, peers: readonly StagePeer[], milliseconds: number): number[] {
    const waits: number[] = [];
    for (let ms = 0; ms < milliseconds; ms++) {
      stage.nowMs++;
      const speaker = peers[ms % 20];
      if (speaker !== undefined) {
        const isFirst = stage.nextDueMs() === Infinity;
        stage.take(speaker.voice(), speaker.address);
        if (isFirst) waits.push(stage.nextDueMs() - stage.nowMs);
      }
      stage.flush();
    }
    return waits;
  }

  const busyLimits = {
    ...stageLimits,
    bundleIdleFramesPerSecond: 1_000,
    bundleBusyFramesPerSecond: 4_000,
  };
  /** Ten speakers and forty who listen: 10 × 50 × 49 = 24,500 frames a second. */
  function busyStage(limits = busyLimits): { stage: RelayStage; speakers: StagePeer[] } {
    const stage = new RelayStage(203, { limits, bundleWindowMs: 5 });
    const peers = Array.from({ length: 50 }, () => stage.addSpeaker('lobby'));
    return { stage, speakers: peers.slice(0, 10) };
  }

  test('is nothing while the worker has little to do', () => {
    const { stage, speakers } = busyStage(stageLimits);
    const waits = speak(stage, speakers.slice(0, 3), 1_000);
    expect(new Set(waits)).toEqual(new Set([0]));
  });

  test('grows to its bound with the frames delivered, and saves datagrams', () => {
    const { stage, speakers } = busyStage();
    const waits = speak(stage, speakers, 1_000);
    expect(waits[0]).toBe(0);
    for (let i = 1; i < 20; i++) expect(waits[i]).toBeGreaterThanOrEqual(waits[i - 1]!);
    expect(waits.at(-1)).toBe(5);
    const before = stage.counters();
    speak(stage, speakers, 400);
    const { packetsOut, framesOut } = counted(before, stage.counters());
    expect(framesOut! / packetsOut!).toBeGreaterThan(3);
  });

  test('holds no frame longer than it says, and loses none', () => {
    const { stage, speakers } = busyStage();
    const random = new SeededRandom(204);
    const spokenAtMs = new Map<string, number>();
    let heard = 0;
    for (let step = 0; step < 3_000; step++) {
      stage.nowMs += random.below(3);
      stage.flush();
      const speaker = speakers[random.below(speakers.length)]!;
      if (random.chance(0.4)) {
        const packet = speaker.voice();
        stage.take(packet, speaker.address);
        spokenAtMs.set(Buffer.from(relayed(packet)).toString('latin1'), stage.nowMs);
      }
      for (const frame of stage.sent
        .splice(0)
        .flatMap((packet) =>
          readKind(packet.bytes, 0) === VoiceKind.Pong ? [] : framesOf(packet),
        )) {
        const spoken = spokenAtMs.get(Buffer.from(frame).toString('latin1'))!;
        expect(stage.nowMs - spoken, 'seed 204').toBeLessThanOrEqual(5 + 2);
        heard++;
      }
    }
    stage.nowMs += 5;
    stage.flush();
    heard += stage.sent.flatMap(framesOf).length;
    expect(heard).toBe(stage.counters().framesOut);
    expect(heard).toBe(spokenAtMs.size * 49);
  });

  test('is nothing for who speaks alone', () => {
    const { stage, speakers } = busyStage();
    speak(stage, speakers, 1_000);
    const waits = speak(stage, speakers.slice(0, 1), 600);
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits.at(-1)).toBe(0);
  });

  test('may be another for a room', () => {
    const { stage, speakers } = busyStage();
    stage.tables.setRoomVoice('lobby', { ...defaultRoom, bundleWindowMs: 2 });
    expect(speak(stage, speakers, 1_000).at(-1)).toBe(2);
    stage.tables.setRoomVoice('lobby', { ...defaultRoom, bundleWindowMs: 0 });
    expect(speak(stage, speakers, 400).at(-1)).toBe(0);
    stage.tables.setRoomVoice('lobby', defaultRoom);
    expect(speak(stage, speakers, 400).at(-1)).toBe(5);
  });

  test('lets packets gather at the socket while all frames wait', () => {
    const { stage, speakers } = busyStage();
    speak(stage, speakers, 2_000);
    expect(stage.nextDueMs()).toBe(Infinity);
    expect(stage.gatherMs()).toBe(0);
    stage.take(speakers[0]!.voice(), speakers[0]!.address);
    expect(stage.gatherMs()).toBe(5);
    const alone = stage.addSpeaker('library');
    stage.addSpeaker('library');
    stage.receive(alone.voice(), alone.address);
    expect(stage.nextDueMs()).toBeLessThan(Infinity);
    expect(stage.gatherMs()).toBe(0);
    speak(stage, speakers, 1_000);
    stage.take(speakers[0]!.voice(), speakers[0]!.address);
    expect(stage.gatherMs()).toBe(5);
  });

  test('is shorter by what a packet may have waited at the socket', () => {
    const { stage, speakers } = busyStage();
    speak(stage, speakers, 1_000);
    const speaker = speakers[0]!;
    for (const [leftMs, waitMs] of [
      [3, 2],
      [6, 0],
    ] as const) {
      stage.leftAtSocket(leftMs);
      stage.take(speaker.voice(), speaker.address);
      expect(stage.nextDueMs() - stage.nowMs).toBe(waitMs);
      stage.nowMs += 10;
      stage.flush();
    }
  });
});
