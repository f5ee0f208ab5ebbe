import { expect, test } from 'vitest';
import { parseTrace, traceFrameMs } from './arrivalTrace.js';
import type { PlayedPiece } from './playTrace.js';
import { stallReturnMs } from './stallReturn.js';

/** Frames 50 to 54 are held back until 1,150 ms. */
const rows = Array.from({ length: 100 }, (_, seq) => {
  const sendMs = seq * traceFrameMs;
  const arriveMs = seq >= 50 && seq < 55 ? 1_150 : sendMs + 50;
  return `${seq},${sendMs},${arriveMs},${sendMs}`;
});
const trace = parseTrace('stall', `seq,send_ms,arrive_ms,media_ms\n${rows.join('\n')}\n`);

/** Each frame is played so much later than it could be. */
const played = (addedMs: (seq: number) => number): PlayedPiece[] =>
  trace.packets.map(({ sendMs }, seq) => {
    const playMs = sendMs + 50 + addedMs(seq);
    return { kind: 'frame', seq, playMs, durationMs: traceFrameMs };
  });

test('tells of the slowest playing when its delay was what it had been', () => {
  const quick = played((seq) => (seq >= 50 && seq < 60 ? 130 : 20));
  const slow = played((seq) => (seq >= 50 && seq < 80 ? 100 : 20));
  // Frame 80 is sent at 1,600 ms and played 70 ms later.
  expect(stallReturnMs(trace, [quick, slow])).toBe(1_670 - 1_150);
});

test('takes a delay that rose by one step of the sound card for the same', () => {
  expect(stallReturnMs(trace, [played((seq) => (seq < 50 ? 20 : 30))])).toBe(0);
});

test('says so where the delay stays', () => {
  expect(stallReturnMs(trace, [played((seq) => (seq < 50 ? 20 : 31))])).toBe(Infinity);
});
