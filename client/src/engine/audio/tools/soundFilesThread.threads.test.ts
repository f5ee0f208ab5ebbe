import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { parseWav } from '../wav.js';
import { startSoundFiles, startSoundFilesOn } from './soundFilesThread.js';
import { TapRecords } from './testing/tapRecords.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-sound-thread-'));
afterAll(() => rmSync(folder, { recursive: true }));

function samplesIn(path: string): Float32Array {
  return parseWav(readFileSync(path), path).samples;
}

it('writes in a thread of its own what comes through the rings', async () => {
  const tap = new TapRecords(2 ** 18);
  const memory = createSampleRing(4_096);
  const raw = new SpscSampleRing(memory);
  const [mixPath, rawPath] = [join(folder, 'mix.wav'), join(folder, 'raw.wav')];
  const files = await startSoundFiles({
    tap: tap.memory,
    mixPath,
    speakersFolder: join(folder, 'speakers'),
    streams: [{ ring: memory, path: rawPath }],
  });
  raw.push(new Float32Array(480).fill(0.5));
  tap.mix(0, 1_000, -1_000);
  tap.name(1, 'Ada');
  tap.voice(0, 1, 1_000);
  await vi.waitFor(() => expect(raw.header.used).toBe(0));
  const { speakers, seconds } = await files.close();
  expect(speakers).toEqual([{ displayName: 'Ada', fileName: 'Ada.wav' }]);
  expect(seconds).toBeGreaterThan(0);
  expect(samplesIn(mixPath).filter((sample) => sample !== 0)).toHaveLength(960);
  expect(samplesIn(mixPath).length).toBe(Math.round(seconds * 96_000));
  expect(samplesIn(join(folder, 'speakers', 'Ada.wav')).length).toBe(Math.round(seconds * 48_000));
  expect(samplesIn(rawPath)).toEqual(new Float32Array(480).fill(0.5));
  expect(await files.close()).toMatchObject({ seconds });
});

it('does not start where it cannot write', async () => {
  const mixPath = join(folder, 'missing', 'mix.wav');
  const plan = { tap: new TapRecords(4).memory, mixPath, speakersFolder: null, streams: [] };
  await expect(startSoundFiles(plan)).rejects.toMatchObject({
    code: 'outputUnwritable',
    message: expect.stringContaining(mixPath) as string,
  });
});

it('says what went wrong later, and ends', async () => {
  const tap = new TapRecords(2 ** 16);
  const speakersFolder = join(folder, 'vanishing');
  const mixPath = join(folder, 'later.wav');
  const files = await startSoundFiles({ tap: tap.memory, mixPath, speakersFolder, streams: [] });
  rmSync(speakersFolder, { recursive: true });
  tap.mix(0, 5, 5);
  tap.name(1, 'Ada');
  tap.voice(0, 1, 5);
  const fault = { code: 'outputUnwritable', message: expect.stringContaining('Ada.wav') as string };
  expect(await files.failed).toMatchObject(fault);
  await expect(files.close()).rejects.toMatchObject(fault);
  expect(samplesIn(mixPath).filter((sample) => sample !== 0)).toHaveLength(960);
});

it('says when the thread has died', async () => {
  const entry = new URL('../testing/dyingWorker.js', import.meta.url);
  const tap = new TapRecords(4);
  const plan = { tap: tap.memory, mixPath: '', speakersFolder: null, streams: [] };
  const died = { ...plan, ring: tap.memory };
  const files = await startSoundFilesOn(died, entry);
  tap.wake();
  expect(await files.failed).toMatchObject({
    code: 'internal',
    message: 'the thread for writing sound to files died: a bug in the thread',
  });
});
