import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { SpeechSource } from './speechSource.js';
import { speechLike } from './testing/speechLike.js';
import type { WavSound } from './wav.js';

const speech = speechLike(new SeededRandom(8), 1);

function readAll(source: SpeechSource): Float32Array {
  const all = new Float32Array(source.samples);
  for (let at = 0; at < all.length; at += 960) source.read(at, all.subarray(at, at + 960));
  return all;
}

test('gives 48 kHz mono back as it is', async () => {
  const sound: WavSound = { sampleRate: 48_000, audioChannels: 1, samples: speech };
  const source = await SpeechSource.open(sound, 'a.wav');
  expect(readAll(source)).toEqual(speech);
  const behind = new Float32Array(10).fill(1);
  source.read(source.samples - 4, behind);
  expect([...behind]).toEqual([...speech.subarray(-4), 0, 0, 0, 0, 0, 0]);
  source.close();
});

test('converts while it is read, forwards and from any place', async () => {
  const sound: WavSound = { sampleRate: 16_000, audioChannels: 2, samples: speech };
  const forwards = await SpeechSource.open(sound, 'a.wav');
  const backwards = await SpeechSource.open(sound, 'a.wav');
  expect(forwards.samples).toBe(Math.round((speech.length / 2) * 3));
  const tail = new Float32Array(960);
  backwards.prepare(0);
  backwards.read(backwards.samples - 960, tail);
  expect(readAll(forwards).subarray(-960)).toEqual(tail);
  forwards.close();
  backwards.close();
});

test('goes round without a gap, also within one frame', async () => {
  const samples = Float32Array.of(0.1, 0.2, 0.3);
  const source = await SpeechSource.open({ sampleRate: 48_000, audioChannels: 1, samples }, 'a');
  const out = new Float32Array(8);
  source.readLoop(2, out);
  expect(out).toEqual(Float32Array.of(0.3, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3, 0.1));
  source.close();
});

test('refuses more than an hour', async () => {
  const samples = new Float32Array(3_600 * 1_000 + 1);
  const sound: WavSound = { sampleRate: 1_000, audioChannels: 1, samples };
  await expect(SpeechSource.open(sound, 'long.wav')).rejects.toMatchObject({
    code: 'unreadableWav',
    message: 'cannot read "long.wav": it lasts longer than 60 minutes',
  });
});
