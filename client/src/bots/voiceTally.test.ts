import { describe, expect, test } from 'vitest';
import {
  bundleLengthBytes,
  makeToken,
  sealBytes,
  VoiceKind,
  voiceHeaderBytes,
  writeBundleHeader,
  writeVoiceHeader,
} from '@rookery/schemas/voicePacket';
import { VoiceTally } from './voiceTally.js';

const wren = makeToken(3, 1);
const robin = makeToken(4, 1);
const frameBytes = voiceHeaderBytes + sealBytes + 4;
const second = 1_000_000;

function frame(token: number, counter: number): Uint8Array {
  const packet = new Uint8Array(frameBytes);
  writeVoiceHeader(packet, 0, {
    ...{ token, counter, epoch: 0, kind: VoiceKind.Voice, endOfSpurt: false },
    ...{ level: 8, timestamp: 0 },
  });
  return packet;
}

function bundle(...frames: readonly Uint8Array[]): Uint8Array {
  const packet = new Uint8Array(
    voiceHeaderBytes + frames.length * (bundleLengthBytes + frameBytes),
  );
  writeBundleHeader(packet, 0);
  frames.forEach((bytes, index) => {
    const at = voiceHeaderBytes + index * (bundleLengthBytes + frameBytes);
    new DataView(packet.buffer).setUint16(at, bytes.length, true);
    packet.set(bytes, at + bundleLengthBytes);
  });
  return packet;
}

describe('a tally of voice', () => {
  test('knows what was lost of the seconds that are over', () => {
    const tally = new VoiceTally([wren, robin], 0);
    tally.noteSent(0, 1, 100, 3);
    tally.noteSent(1, 1, 200, 2);
    tally.noteSent(0, 2, second + 100, 3);
    const deliver = (packet: Uint8Array): void => tally.receive(packet, packet.length, 900);
    deliver(frame(wren, 1));
    deliver(bundle(frame(wren, 1), frame(robin, 1)));
    deliver(frame(wren, 2));
    expect(tally.totals(second)).toEqual({ expected: 5, delivered: 3 });
    expect(tally.totals(2 * second)).toEqual({ expected: 8, delivered: 4 });
    expect(tally.malformed).toBe(0);
  });

  test('measures how long frames were on their way', () => {
    const tally = new VoiceTally([wren], 0);
    tally.noteSent(0, 7, 1_000, 1);
    tally.receive(frame(wren, 7), frameBytes, 3_500);
    expect(tally.delays.quantileUs(0.5)).toBeCloseTo(2_500, -1);
  });

  test('passes over what others say, what was said before it began, and what is no packet', () => {
    const tally = new VoiceTally([wren], second);
    tally.noteSent(0, 1, 500, 9);
    tally.noteSent(0, 2, second + 1, 1);
    for (const packet of [frame(wren, 1), frame(robin, 2), frame(makeToken(3, 2), 2)]) {
      tally.receive(packet, frameBytes, second + 2);
    }
    tally.receive(frame(wren, 2), 10, second + 2);
    expect(tally.totals(3 * second)).toEqual({ expected: 1, delivered: 0 });
    expect(tally.malformed).toBe(1);
  });

  test('tells a listener where each frame stands', () => {
    const tally = new VoiceTally([wren, robin], 0);
    tally.noteSent(0, 1, 0, 1);
    tally.noteSent(1, 1, 0, 1);
    const packet = bundle(frame(wren, 1), frame(robin, 1));
    const heard: number[][] = [];
    tally.receive(packet, packet.length, 1, (_packet, start, end, row) => {
      heard.push([start, end, row]);
    });
    const at = voiceHeaderBytes + bundleLengthBytes;
    const next = at + frameBytes + bundleLengthBytes;
    expect(heard).toEqual([
      [at, at + frameBytes, 0],
      [next, next + frameBytes, 1],
    ]);
  });
});
