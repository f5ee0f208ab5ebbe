import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { expect, test } from 'vitest';
import {
  CapturedFrameReader,
  capturedFrameBytesMax,
  capturedPayloadAt,
  writeCapturedFrame,
} from './capturedFrame.js';
import { captureLimits } from './captureLimits.js';

function stage(): { reader: CapturedFrameReader; push: (atMs: number, isEnd?: 'end') => void } {
  const ring = new SpscRecordRing(createRecordRing(4_096));
  const record = new Uint8Array(capturedFrameBytesMax);
  return {
    reader: new CapturedFrameReader(ring),
    push: (atMs, isEnd) => {
      writeCapturedFrame(new DataView(record.buffer), {
        ...{ timestamp: 2 ** 32 - 960, endOfSpurt: isEnd === 'end', level: 11, capturedAtMs: atMs },
      });
      record.set([7, 8, 9], capturedPayloadAt);
      ring.push(record, capturedPayloadAt + 3, 0);
    },
  };
}

test('reads what was written', () => {
  const { reader, push } = stage();
  push(1_234.5, 'end');
  expect(reader.next(1_240)).toBe(true);
  const { timestamp, endOfSpurt, level, capturedAtMs, payloadBytes } = reader;
  expect([timestamp, endOfSpurt, level, capturedAtMs]).toEqual([4_294_966_336, true, 11, 1_234.5]);
  expect([...reader.payload.subarray(0, payloadBytes)]).toEqual([7, 8, 9]);
  expect(reader.next(1_240)).toBe(false);
});

test('drops what waited too long, but never the end of a spurt', () => {
  const { reader, push } = stage();
  push(1_000);
  push(1_020);
  push(1_040, 'end');
  push(1_900);
  const nowMs = 1_020 + captureLimits.lateMsMax + 21;
  expect([reader.next(nowMs), reader.endOfSpurt]).toEqual([true, true]);
  expect(reader.framesLate).toBe(2);
  expect([reader.next(nowMs), reader.capturedAtMs]).toEqual([true, 1_900]);
});
