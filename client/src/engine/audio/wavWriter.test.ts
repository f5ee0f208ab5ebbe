import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseWav } from './wav.js';
import { WavWriter } from './wavWriter.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-wav-writer-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ramp = (length: number): Int16Array =>
  Int16Array.from({ length }, (_, i) => (i % 60_000) - 30_000);

const read = (path: string): Int16Array =>
  Int16Array.from(parseWav(readFileSync(path), path).samples, (sample) => sample * 32_768);

test('writes what the reader reads, over many buffers', () => {
  const path = join(folder, 'ramp.wav');
  const writer = new WavWriter(path);
  const signal = ramp(100_000);
  for (let at = 0; at < signal.length; at += 960) writer.write(signal.subarray(at, at + 960));
  expect(writer.samples).toBe(100_000);
  writer.close();
  expect(read(path)).toEqual(signal);
  expect(parseWav(readFileSync(path), path)).toMatchObject({
    sampleRate: 48_000,
    audioChannels: 1,
  });
});

test('keeps silence between and after sound', () => {
  const path = join(folder, 'silence.wav');
  const writer = new WavWriter(path);
  writer.skipTo(1_000);
  writer.write(ramp(10));
  writer.skipTo(500);
  writer.skipTo(200_000);
  writer.write(ramp(10));
  writer.skipTo(300_000);
  expect(writer.samples).toBe(300_000);
  writer.close();
  const expected = new Int16Array(300_000);
  expected.set(ramp(10), 1_000);
  expected.set(ramp(10), 200_000);
  expect(read(path)).toEqual(expected);
});

test('replaces what was in the file', () => {
  const path = join(folder, 'again.wav');
  for (const length of [5_000, 10]) {
    const writer = new WavWriter(path);
    writer.write(ramp(length));
    writer.close();
  }
  expect(read(path)).toEqual(ramp(10));
});

test('leaves a readable file when its process dies', () => {
  const path = join(folder, 'crash.wav');
  const writer = new WavWriter(path);
  writer.write(ramp(60_000));
  const found = read(path);
  expect(found).toEqual(ramp(60_000).subarray(0, found.length));
  expect(found.length).toBe(48_000);
  writer.close();
});

test('says which file cannot be opened', () => {
  const path = join(folder, 'missing', 'out.wav');
  expect(() => new WavWriter(path)).toThrow(
    expect.objectContaining({
      code: 'outputUnwritable',
      message: expect.stringContaining(`cannot write "${path}"`) as string,
    }),
  );
});

test.skipIf(!existsSync('/dev/full'))('says when the disk is full', () => {
  expect(() => new WavWriter('/dev/full')).toThrow(
    expect.objectContaining({
      code: 'outputUnwritable',
      message: 'cannot write "/dev/full": the disk is full',
    }),
  );
});

test('refuses more than a WAV file can hold', () => {
  const writer = new WavWriter(join(folder, 'large.wav'));
  writer.write(ramp(10));
  expect(() => writer.skipTo(2 ** 31)).toThrow(/ends at 4 GiB/);
  writer.close();
});
