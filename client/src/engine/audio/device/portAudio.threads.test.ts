import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { VirtualSound } from '../../../testing/virtualSound.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import type { AudioDevice } from './audioDevice.js';
import { streamTable } from './audioDevice.js';
import { openPortAudio } from './portAudioDevice.js';
import { capture, play } from './testing/streamEnds.js';

let sound: VirtualSound;
let device: AudioDevice;
beforeAll(async () => {
  sound = await VirtualSound.start();
  sound.enter();
});
afterAll(() => sound.stop());
beforeEach(() => {
  device = openPortAudio();
});
afterEach(() => device.close());

test('lists the devices and says which are the default ones', async () => {
  const listed = await device.list();
  expect(listed.map(({ id }) => id)).toContain('ALSA:speakers');
  const defaults = listed.filter((info) => info.isDefaultInput && info.isDefaultOutput);
  expect(defaults).toMatchObject([{ id: 'ALSA:default', name: 'default' }]);
});

test('lists what was plugged in while a stream runs', async () => {
  await device.open('output', null, 10);
  const ids = async (): Promise<string[]> => (await device.list()).map(({ id }) => id);
  expect(await ids()).not.toContain('ALSA:headset');
  await sound.plugIn('headset');
  expect(await ids()).toContain('ALSA:headset');
  await sound.unplug('headset');
  expect(await ids()).not.toContain('ALSA:headset');
});

test('opens at 48 kHz, one channel captured, two played', async () => {
  const format = { deviceName: 'default', sampleRate: 48_000, bufferFrames: 480 };
  expect(await device.open('input', null, 10)).toMatchObject({ ...format, channels: 1 });
  expect(await device.open('output', 'ALSA:speakers', 5)).toMatchObject({
    deviceName: 'speakers',
    bufferFrames: 240,
    channels: 2,
  });
});

/** Counts up sample by sample, exact in 16 bit, never silent. */
const countAt = (index: number): number => ((index % 30_000) + 1) / 32_768;

/** Plays half a second of counting; @returns where what was captured does not count on. */
async function countThroughDevice(): Promise<number[]> {
  const output = await device.open('output', null, 50);
  const input = await device.open('input', null, 50);
  const frames = 24_000;
  const signal = Float32Array.from({ length: 2 * frames }, (_, i) => countAt(i >> 1));
  const played = play(output, signal);
  const heard = await capture(input, 25);
  await played;
  await Promise.all([output.close(), input.close()]);
  const first = heard.findIndex((sample) => sample !== 0);
  const expected = Array.from({ length: frames }, (_, index) => index);
  return expected.filter((index) => heard[first + index] !== countAt(index));
}

test('moves every sample from playback to capture, unchanged and in order', async () => {
  // A machine that gives the sound server no time tears the sound itself: then once more.
  let wrong = await countThroughDevice();
  for (let tries = 1; tries < 4 && wrong.length > 0; tries++) wrong = await countThroughDevice();
  expect(wrong).toEqual([]);
});

test('counts what it plays of nothing once something was played', async () => {
  const stream = await device.open('output', null, 10);
  const { header } = new SpscSampleRing(stream.ring);
  const { framesMoved, underruns } = streamTable.attach(stream.table).columns;
  await play(stream, new Float32Array(4 * 960));
  while (underruns.load(0) === 0) await header.sleepAsync(header.signal);
  expect(framesMoved.load(0)).toBeGreaterThanOrEqual(4 * 480);
});

test('ends with a reason when the device is unplugged, and opens when it is back', async () => {
  const streams = [await device.open('input', null, 10), await device.open('output', null, 10)];
  await sound.unplug('speakers');
  for (const stream of streams) {
    expect(await stream.ended).toMatchObject({ code: 'audioDeviceFailed' });
    expect(new SpscSampleRing(stream.ring).header.closed).toBe(true);
  }
  await expect(device.open('output', null, 10)).rejects.toMatchObject({ code: 'noAudioDevice' });
  await sound.plugIn('speakers');
  const again = await device.open('input', null, 10);
  expect(await capture(again, 5)).toHaveLength(5 * 480);
});

test('ends with a reason when the device does not move any more', async () => {
  const stream = await device.open('input', null, 10);
  await capture(stream, 1);
  sound.freeze('speakers');
  const reason = await stream.ended;
  sound.thaw('speakers');
  expect(reason).toMatchObject({
    code: 'audioDeviceFailed',
    message: expect.stringContaining('does not move') as string,
  });
});

test('ends with a reason when the sound server dies', async () => {
  const stream = await device.open('output', null, 10);
  await sound.crash('speakers');
  expect(await stream.ended).toMatchObject({ code: 'audioDeviceFailed' });
  await sound.plugIn('speakers');
});

test('says that a device is not there', async () => {
  await expect(device.open('input', 'ALSA:headset', 10)).rejects.toMatchObject({
    code: 'noAudioDevice',
    message: expect.stringContaining('"ALSA:headset"') as string,
  });
});

test('a driver that hangs does not keep the process', async () => {
  const entry = fileURLToPath(new URL('./testing/hangingClose.js', import.meta.url));
  const args = [entry, '--server', String(sound.pidOf('speakers'))];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  sound.thaw('speakers');
  expect(code).toBe(7);
});
