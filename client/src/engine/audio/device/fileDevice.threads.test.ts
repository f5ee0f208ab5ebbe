import { writeFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { wavFile } from '../testing/wavFile.js';
import { readWav } from '../wav.js';
import { streamTable } from './audioDevice.js';
import { openFileDevice } from './fileDevice.js';
import { capture, play } from './testing/streamEnds.js';

const folder = await ScratchFolder.make();
afterAll(() => folder.remove());

/** Each sample tells its place; all differ as 16 bit. */
const ramp = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => (i + 1) / 32_768);

async function writeRamp(name: string, length: number, audioChannels: number): Promise<string> {
  const path = folder.in(name);
  await writeFile(path, wavFile(ramp(length), { sampleRate: 44_100, audioChannels }));
  return path;
}

test('captures a file at its own rate, with its own channels, then silence', async () => {
  const inPath = await writeRamp('stereo.wav', 2_000, 2);
  const device = openFileDevice({ inPath, outPath: null });
  const stream = await device.open('input', null, 10);
  expect(stream).toMatchObject({ sampleRate: 44_100, channels: 2, bufferFrames: 441 });
  const heard = await capture(stream, 4);
  expect(heard.subarray(0, 2_000)).toEqual(ramp(2_000));
  expect(heard.subarray(2_000).every((sample) => sample === 0)).toBe(true);
  expect(streamTable.attach(stream.table).columns.overruns.load(0)).toBe(0);
  await device.close();
  expect(await stream.ended).toBeNull();
});

test('captures a file again and again', async () => {
  const inPath = await writeRamp('loop.wav', 300, 1);
  const device = openFileDevice({ inPath, outPath: null, repeat: 'loop' });
  const heard = await capture(await device.open('input', null, 10), 3);
  expect(heard).toEqual(Float32Array.from({ length: 1_323 }, (_, i) => ((i % 300) + 1) / 32_768));
  await device.close();
});

test('counts the buffers that nobody read', async () => {
  const inPath = await writeRamp('unread.wav', 10, 1);
  const device = openFileDevice({ inPath, outPath: null });
  const stream = await device.open('input', null, 100);
  const ring = new SpscSampleRing(stream.ring);
  while (ring.header.overruns === 0) await ring.header.sleepAsync(ring.header.signal);
  expect(streamTable.attach(stream.table).columns.overruns.load(0)).toBe(ring.header.overruns);
  await device.close();
});

test('writes what is played to a file, in order and without a gap of its own', async () => {
  const outPath = folder.in('played.wav');
  const device = openFileDevice({ inPath: null, outPath, outSampleRate: 16_000, outChannels: 2 });
  const stream = await device.open('output', null, 10);
  expect(stream).toMatchObject({ sampleRate: 16_000, channels: 2, bufferFrames: 160 });
  await play(stream, ramp(3_200));
  await stream.close();
  expect(await stream.ended).toBeNull();
  const played = await readWav(outPath);
  expect(played).toMatchObject({ sampleRate: 16_000, audioChannels: 2 });
  expect(played.samples.filter((sample) => sample !== 0)).toEqual(ramp(3_200));
});

test('counts what it plays of nothing once something was played', async () => {
  const device = openFileDevice({ inPath: null, outPath: null });
  const stream = await device.open('output', null, 10);
  const { underruns } = streamTable.attach(stream.table).columns;
  const { header } = new SpscSampleRing(stream.ring);
  await header.sleepAsync(header.signal);
  expect(underruns.load(0)).toBe(0);
  await play(stream, ramp(960));
  while (underruns.load(0) === 0) await header.sleepAsync(header.signal);
  await device.close();
});

test('lists what it was given and opens nothing else', async () => {
  const inPath = await writeRamp('listed.wav', 10, 1);
  const both = openFileDevice({ inPath, outPath: folder.in('listed-out.wav') });
  expect((await both.list()).map(({ id }) => id)).toEqual(['file:in', 'file:out']);
  await expect(both.open('input', 'file:out', 10)).rejects.toMatchObject({ code: 'noAudioDevice' });
  const output = openFileDevice({ inPath: null, outPath: null });
  expect((await output.list()).map(({ id }) => id)).toEqual(['file:out']);
  await expect(output.open('input', null, 10)).rejects.toMatchObject({ code: 'noAudioDevice' });
});

test('says which file it cannot read or write', async () => {
  const device = openFileDevice({ inPath: folder.in('none.wav'), outPath: folder.in('no', 'out') });
  await expect(device.open('input', null, 10)).rejects.toMatchObject({ code: 'unreadableWav' });
  await expect(device.open('output', null, 10)).rejects.toMatchObject({
    code: 'outputUnwritable',
  });
});

test('ends with the reason where the disk is full', async () => {
  // Linux's own full disk.
  const device = openFileDevice({ inPath: null, outPath: '/dev/full' });
  await expect(device.open('output', null, 10)).rejects.toMatchObject({
    code: 'outputUnwritable',
    message: expect.stringContaining('the disk is full') as string,
  });
});
