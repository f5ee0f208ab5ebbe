import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { checkHopTag } from '@rookery/schemas/voiceCrypto';
import { hopTagBytes, makeToken, VoiceKind, voiceHeaderBytes } from '@rookery/schemas/voicePacket';
import { beforeEach, describe, expect, test } from 'vitest';
import { FrameSource } from './frameSource.js';
import { FrameTally } from './frameTally.js';
import type { LoadTarget } from './loadMessages.js';
import { planLoad } from './loadPlan.js';

const payloadBytes = 40;
const sockets = 2;

/** One room of four; the first two speak. Sessions 0 and 2 share a socket, and 1 and 3. */
const target: LoadTarget = {
  port: 1,
  pid: 1,
  sessions: [0, 1, 2, 3].map((slot) => ({
    token: makeToken(slot + 5, 3),
    hopKey: new Uint8Array(16).fill(slot),
    room: 0,
  })),
  rooms: [{ epoch: 7, key: new Uint8Array(32).fill(9) }],
};
const plan = planLoad(target.sessions, sockets, 2);

let tally: FrameTally;
let source: FrameSource;

beforeEach(() => {
  const { sessions, rooms } = target;
  tally = new FrameTally({ sessions, rooms, plan, sockets, payloadBytes });
  source = new FrameSource(target, payloadBytes, new SeededRandom(1));
});

/** What the relay passes on of a speaker's next frame. */
function speak(row: number, sentAtUs = 0): Uint8Array {
  const packet = new Uint8Array(1_200);
  const length = source.writeFrame(plan.speakers[row]!, packet);
  tally.noteSent(row, source.counterOf(plan.speakers[row]!), sentAtUs);
  return packet.slice(0, length - hopTagBytes);
}

function hear(socket: number, packet: Uint8Array, arrivedAtUs = 0): void {
  tally.receive(socket, packet, packet.length, arrivedAtUs);
}

function bundleOf(...frames: Uint8Array[]): Uint8Array {
  const header = new Uint8Array(voiceHeaderBytes);
  header[11] = VoiceKind.Bundle;
  const parts = frames.flatMap((frame) => [Uint8Array.of(frame.length, frame.length >> 8), frame]);
  return Buffer.concat([header, ...parts]);
}

describe('frame tally', () => {
  test('expects a frame once for each receiver, on the socket that the receiver uses', () => {
    tally.openWindow();
    const frame = speak(0);
    expect(tally.totals()).toEqual({ framesExpected: 3, framesDelivered: 0, framesSurplus: 0 });
    for (const socket of [0, 1, 1]) hear(socket, frame);
    expect(tally.totals()).toEqual({ framesExpected: 3, framesDelivered: 3, framesSurplus: 0 });
    expect([tally.framesSent, tally.packetsDelivered]).toEqual([1, 3]);
  });

  test('counts what comes too often or at the wrong socket apart, not for what is missing', () => {
    tally.openWindow();
    const frame = speak(0);
    for (const socket of [0, 0]) hear(socket, frame);
    expect(tally.totals()).toEqual({ framesExpected: 3, framesDelivered: 1, framesSurplus: 1 });
  });

  test('counts the frames of a bundle, and the bundle as one packet', () => {
    tally.openWindow();
    hear(1, bundleOf(speak(0), speak(1), speak(0)));
    expect(tally.totals()).toMatchObject({ framesExpected: 9, framesDelivered: 3 });
    expect([tally.packetsDelivered, tally.bundlesDelivered]).toEqual([1, 1]);
  });

  test('counts the frames that were sent within the window alone, however late they come', () => {
    const before = speak(0);
    tally.openWindow();
    const within = speak(0);
    tally.closeWindow();
    const after = speak(0);
    for (const frame of [before, within, after]) hear(0, frame);
    expect(tally.totals()).toEqual({ framesExpected: 3, framesDelivered: 1, framesSurplus: 0 });
    expect(tally.packetsDelivered).toBe(1);
  });

  test('measures the delay of each frame, bundled or not', () => {
    tally.openWindow();
    const first = speak(0, 1_000);
    const second = speak(1, 3_000);
    hear(0, first, 1_500);
    hear(1, bundleOf(first, second), 5_000);
    expect(tally.delays.count).toBe(3);
    expect(tally.delays.maxUs).toBe(4_000);
    expect(tally.delays.quantileUs(0.01)).toBe(510);
  });

  test('knows how long nobody heard a speaker at most, whoever heard it', () => {
    tally.openWindow();
    hear(0, speak(0), 1_000);
    hear(1, speak(0), 4_000);
    const [late, later] = [speak(0), speak(0)];
    hear(1, later, 9_000);
    hear(0, late, 8_000);
    hear(0, speak(0), 10_000);
    expect(tally.silencesUs()).toEqual([5_000, 0]);
  });

  test('opens a sample of what it hears, and knows what was sent', () => {
    tally.openWindow();
    for (let i = 0; i < 1_000; i++) hear(1, speak(i % 2));
    expect(tally.framesVerified).toBeGreaterThan(5);
    expect(tally.framesFalse).toBe(0);
  });

  test('finds changed bytes in the sample', () => {
    tally.openWindow();
    for (let i = 0; i < 1_000; i++) {
      const frame = speak(0);
      frame[voiceHeaderBytes + 3]! ^= 1;
      hear(1, frame);
    }
    expect(tally.framesFalse).toBe(tally.framesVerified);
  });

  test.each([
    ['an empty datagram', () => new Uint8Array(0)],
    ['less than a header and a seal', () => new Uint8Array(31)],
    ['a frame of nobody known', () => new Uint8Array(60)],
    ['a frame of a session that was in the slot before', () => withGeneration(speak(0), 2)],
    ['a bundle that ends inside a frame', () => bundleOf(speak(0)).subarray(0, -1)],
    ['a bundle that ends inside a length', () => bundleOf(speak(0)).subarray(0, 17)],
    ['a bundle in a bundle', () => bundleOf(bundleOf(speak(0)))],
  ])('calls %s malformed', (_what, make) => {
    tally.openWindow();
    const packet = make();
    hear(1, packet);
    expect(tally.packetsMalformed).toBe(1);
    expect(tally.totals().framesDelivered).toBe(0);
  });
});

function withGeneration(frame: Uint8Array, generation: number): Uint8Array {
  new DataView(frame.buffer).setUint32(0, makeToken(5, generation), true);
  return frame;
}

describe('frame source', () => {
  test('tags every packet with the session’s own key and never repeats a counter', () => {
    const packet = new Uint8Array(1_200);
    const { hopKey } = target.sessions[1]!;
    expect(checkHopTag(packet, source.writeFrame(1, packet), hopKey)).toBe(true);
    expect(source.counterOf(1)).toBe(1);
    expect(checkHopTag(packet, source.writePing(1, packet), hopKey)).toBe(true);
    expect(source.counterOf(1)).toBe(2);
    expect(source.counterOf(0)).toBe(0);
  });
});
