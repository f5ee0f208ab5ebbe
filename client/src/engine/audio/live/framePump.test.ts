import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { beforeEach, expect, it, vi } from 'vitest';
import {
  capturedFrameBytesMax,
  capturedPayloadAt,
  writeCapturedFrame,
} from '../capture/capturedFrame.js';
import { monotonicMs } from '../monotonicClock.js';
import { FramePump } from './framePump.js';

let ring: SpscRecordRing;
let sent: string[];
let capturedAt: number[];
let pump: FramePump;
beforeEach(() => {
  ring = new SpscRecordRing(createRecordRing(4_096));
  sent = [];
  capturedAt = [];
});

function startPump(): void {
  pump = new FramePump(ring, ({ payload, timestamp, endOfSpurt }, capturedAtMs) => {
    capturedAt.push(capturedAtMs);
    sent.push(`${timestamp}: ${[...payload].join(' ')}${endOfSpurt ? ' end' : ''}`);
  });
}

function capture(timestamp: number, ageMs: number, endOfSpurt = false): void {
  const record = new Uint8Array(capturedFrameBytesMax);
  const capturedAtMs = monotonicMs() - ageMs;
  writeCapturedFrame(new DataView(record.buffer), {
    ...{ timestamp, endOfSpurt, level: 1, capturedAtMs },
  });
  record.set([timestamp % 256, 7], capturedPayloadAt);
  expect(ring.push(record, capturedPayloadAt + 2, 0)).toBe(true);
  ring.header.wake();
}

it('hands frames on as they come, until there are no more', async () => {
  startPump();
  capture(0, 0);
  await vi.waitFor(() => expect(sent).toEqual(['0: 0 7']));
  capture(960, 0);
  capture(1_920, 0, true);
  ring.header.close();
  await pump.finished;
  expect(sent).toEqual(['0: 0 7', '960: 192 7', '1920: 128 7 end']);
});

it('drops the oldest where they waited too long, but never the end of a spurt', async () => {
  capture(0, 5_000);
  capture(960, 4_000);
  capture(1_920, 3_000, true);
  capture(2_880, 0);
  startPump();
  ring.header.close();
  await pump.finished;
  expect(sent).toEqual(['1920: 128 7 end', '2880: 64 7']);
  expect(pump.framesLate).toBe(2);
  // When they were captured, however late they come.
  expect(capturedAt[1]! - capturedAt[0]!).toBeGreaterThan(2_000);
});
