import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { expect, test } from 'vitest';
import { encoderTable, WishedEncoder, wishEncoding } from '../encoderWishes.js';
import { opusEncoderDefaults, type OpusEncoderOptions } from '../opusCodec.js';
import { OpusLibrary } from '../opusLibrary.js';
import { CapturedFrameReader } from './capturedFrame.js';
import { captureTable } from './captureTable.js';
import { FrameWriter } from './frameWriter.js';
import { readClip } from './testing/recordedSpeech.js';

function stage(ringBytes: number, options: Partial<OpusEncoderOptions> = {}) {
  const wishes = encoderTable.allocate(1);
  wishEncoding(wishes, { ...opusEncoderDefaults, ...options });
  const ring = new SpscRecordRing(createRecordRing(ringBytes));
  const { columns } = captureTable.allocate(1);
  const encoder = new WishedEncoder(new OpusLibrary(), opusEncoderDefaults, wishes);
  const writer = new FrameWriter(encoder, ring, columns);
  return { writer, columns, reader: new CapturedFrameReader(ring) };
}

test('a full ring drops frames; the end of a spurt is owed and comes first', async () => {
  const speech = (await readClip('Front_Center')).subarray(24_000);
  const { writer, columns, reader } = stage(512);
  for (let i = 0; i < 20; i++) {
    const at = i * 960;
    writer.takeFrame(speech.subarray(at, at + 960), at, i === 10, 0);
  }
  const read: [number, boolean][] = [];
  while (reader.next(0)) read.push([reader.timestamp / 960, reader.endOfSpurt]);
  expect(read.every(([, isEnd]) => !isEnd)).toBe(true);
  expect(columns.framesDropped.load(0)).toBe(20 - read.length - 1);
  writer.payOff();
  writer.takeFrame(speech.subarray(0, 960), 20 * 960, false, 0);
  expect([reader.next(0), reader.timestamp / 960, reader.endOfSpurt]).toEqual([true, 10, true]);
  expect([reader.next(0), reader.timestamp / 960, reader.endOfSpurt]).toEqual([true, 20, false]);
  expect(columns.frames.load(0)).toBe(read.length + 2);
});

test('with DTX frames without sound are left out, and the end is not', () => {
  const { writer, reader } = stage(65_536, { dtx: 'whenSilent' });
  const silence = new Float32Array(960);
  for (let i = 0; i < 100; i++) writer.takeFrame(silence, i * 960, i === 99, 0);
  const read: number[] = [];
  while (reader.next(0)) read.push(reader.timestamp / 960);
  expect(read.length).toBeLessThan(30);
  expect(read.at(-1)).toBe(99);
});

test('says when the last sample of each frame was captured', () => {
  const { writer, reader } = stage(65_536);
  writer.capturedAtMs[0] = 5_000;
  writer.takeFrame(new Float32Array(960), 0, false, 30);
  expect([reader.next(0), reader.capturedAtMs]).toEqual([true, 4_970]);
});
