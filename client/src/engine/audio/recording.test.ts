import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterAll, expect, test } from 'vitest';
import { align } from './correlate.js';
import { OpusLibrary } from './opusLibrary.js';
import { Recording } from './recording.js';
import { encodeSpeech } from './testing/encodeSpeech.js';
import { loudnessIn } from './testing/loudnessIn.js';
import { speechLike } from './testing/speechLike.js';
import { parseWav } from './wav.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (path: string): Float32Array => parseWav(readFileSync(path), path).samples;

const lagSamplesMax = 48_000 * 3;
/** Delay of the codec itself. */
const codecSamples = 310;

const ada = speechLike(new SeededRandom(21), 2);
const ben = speechLike(new SeededRandom(22), 2);
const adaPayloads = encodeSpeech(ada);
const benPayloads = encodeSpeech(ben);

/** Pushes frame `index` of a speaker who started at once. */
function hear(recording: Recording, token: number, payloads: Uint8Array[], index: number): void {
  const payload = payloads[index];
  if (!payload) return;
  const isLast = index === payloads.length - 1;
  recording.push(token, index, index * 960, isLast, payload, 0, payload.length);
}

test('records two speakers to one mix and to files on the same time line', () => {
  const outPath = join(folder, 'two.wav');
  const perSpeaker = join(folder, 'two', 'deep');
  const recording = new Recording(new OpusLibrary(), outPath, perSpeaker);
  recording.addSpeaker(1, 'Ada');
  recording.addSpeaker(2, 'Ben');
  recording.addSpeaker(3, 'Silent');
  for (let tick = 0; tick < 250; tick++) {
    hear(recording, 1, adaPayloads, tick);
    // Ben starts when Ada has ended.
    hear(recording, 2, benPayloads, tick - 100);
    recording.tick();
  }
  const summary = recording.close(0);
  expect(summary).toMatchObject({ seconds: 5.02, packetsUnknown: 0, packetsDropped: 0 });
  const clean = { framesHeard: 100, framesConcealed: 0, framesRecovered: 0, packetsLate: 0 };
  expect(summary.speakers).toMatchObject([
    { displayName: 'Ada', fileName: 'Ada.wav', ...clean },
    { displayName: 'Ben', fileName: 'Ben.wav', ...clean },
  ]);
  expect(readdirSync(perSpeaker).sort()).toEqual(['Ada.wav', 'Ben.wav']);
  const mix = read(outPath);
  const adaAlone = read(join(perSpeaker, 'Ada.wav'));
  const benAlone = read(join(perSpeaker, 'Ben.wav'));
  expect([mix.length, adaAlone.length, benAlone.length]).toEqual([240_960, 240_960, 240_960]);
  for (const [source, file, start] of [
    [ada, adaAlone, 0],
    [ben, benAlone, 96_000],
    [ada, mix, 0],
    [ben, mix, 96_000],
  ] as const) {
    const { lagSamples, correlation } = align(source, file, { lagSamplesMax });
    expect(correlation).toBeGreaterThan(0.9);
    expect(Math.abs(lagSamples - start - codecSamples)).toBeLessThan(20);
  }
  expect(mix.subarray(-45_000).every((sample) => sample === 0)).toBe(true);
});

test.each([10, 40, 60])('records frames of %i ms to their end', (frameMs) => {
  const samples = 48 * frameMs;
  const outPath = join(folder, `${frameMs}.wav`);
  const recording = new Recording(new OpusLibrary(), outPath, null);
  recording.addSpeaker(1, 'Ada');
  const payloads = encodeSpeech(ada.subarray(0, 90_000), samples);
  payloads.forEach((payload, index) => {
    while (recording.ticks * 960 < index * samples) recording.tick();
    const isLast = index === payloads.length - 1;
    recording.push(1, index, index * samples, isLast, payload, 0, payload.length);
  });
  const { speakers, seconds } = recording.close(0);
  const clean = { framesConcealed: 0, framesRecovered: 0, packetsLate: 0, framesUndecodable: 0 };
  expect(speakers).toMatchObject([{ framesHeard: payloads.length, ...clean }]);
  expect(seconds).toBeGreaterThanOrEqual((payloads.length * frameMs) / 1_000);
  const heard = read(outPath);
  expect(align(ada.subarray(0, 90_000), heard, { lagSamplesMax }).correlation).toBeGreaterThan(0.9);
});

test('adds voices that speak at once', () => {
  const outPath = join(folder, 'sum.wav');
  const recording = new Recording(new OpusLibrary(), outPath, join(folder, 'sum'));
  recording.addSpeaker(1, 'A');
  recording.addSpeaker(2, 'B');
  for (let tick = 0; tick < 110; tick++) {
    hear(recording, 1, adaPayloads, tick);
    hear(recording, 2, benPayloads, tick);
    recording.tick();
  }
  recording.close(0);
  const mix = read(outPath);
  const a = read(join(folder, 'sum', 'A.wav'));
  const b = read(join(folder, 'sum', 'B.wav'));
  mix.forEach((sample, i) => {
    const sum = a[i]! + b[i]!;
    if (Math.abs(sum) < 0.8) expect(Math.abs(sample - sum)).toBeLessThan(0.0001);
    else expect(Math.abs(sample)).toBeLessThan(1);
  });
});

test('makes the others quieter in the mix alone while somebody with priority is heard', () => {
  const outPath = join(folder, 'priority.wav');
  const recording = new Recording(new OpusLibrary(), outPath, join(folder, 'priority'));
  const long = encodeSpeech(speechLike(new SeededRandom(24), 4));
  recording.addSpeaker(1, 'Ada');
  recording.addSpeaker(2, 'Ben');
  recording.setPriority(1, true);
  for (let tick = 0; tick < 250; tick++) {
    hear(recording, 1, adaPayloads, tick);
    hear(recording, 2, long, tick);
    recording.tick();
  }
  recording.close(0);
  const mix = read(outPath);
  const a = read(join(folder, 'priority', 'Ada.wav'));
  const b = read(join(folder, 'priority', 'Ben.wav'));
  const loudnessOfBen = (...betweenMs: [number, number]): number => {
    const [from, to] = betweenMs.map((ms) => ms * 48);
    const part = (samples: Float32Array): Float32Array => samples.subarray(from, to);
    return loudnessIn(part(mix), part(b), part(a));
  };
  expect(loudnessOfBen(100, 1_900)).toBeCloseTo(0.25, 3);
  expect(loudnessOfBen(2_400, 3_900)).toBeCloseTo(1, 3);
  // The way there and back is no jump.
  expect(loudnessOfBen(0, 50)).toBeGreaterThan(0.3);
  expect(loudnessOfBen(2_050, 2_250)).toBeLessThan(0.9);
});

test('recovers and conceals losses, and still says what was said', () => {
  const outPath = join(folder, 'lossy.wav');
  const recording = new Recording(new OpusLibrary(), outPath, null);
  const random = new SeededRandom(23);
  recording.addSpeaker(1, 'Ada');
  let lost = 0;
  for (let tick = 0; tick < 120; tick++) {
    if (tick < 99 && random.chance(0.1)) lost++;
    else hear(recording, 1, adaPayloads, tick);
    recording.tick();
  }
  const [speaker] = recording.close(0).speakers;
  expect(speaker).toMatchObject({ fileName: null, framesHeard: 100 - lost });
  expect(speaker!.framesRecovered).toBeGreaterThan(0);
  expect(speaker!.framesRecovered + speaker!.framesConcealed).toBe(lost);
  expect(align(ada, read(outPath), { lagSamplesMax }).correlation).toBeGreaterThan(0.8);
});

test('guesses what is no Opus and counts it', () => {
  const recording = new Recording(new OpusLibrary(), join(folder, 'garbage.wav'), null);
  recording.addSpeaker(1, 'Mallory');
  for (let index = 0; index < 10; index++) {
    // One frame, and more padding than there are bytes.
    const garbage = Uint8Array.of(0x0b, 0x41, 200);
    recording.push(1, index, index * 960, index === 9, garbage, 0, 3);
    recording.tick();
  }
  for (let tick = 0; tick < 10; tick++) recording.tick();
  recording.push(1, 10, 9_600, false, new Uint8Array(0), 0, 0);
  const [speaker] = recording.close(0).speakers;
  expect(speaker).toMatchObject({ framesHeard: 10, framesUndecodable: 10, packetsInvalid: 1 });
});

test('counts packets of strangers and hears nothing of them', () => {
  const recording = new Recording(new OpusLibrary(), join(folder, 'stranger.wav'), null);
  hear(recording, 7, adaPayloads, 0);
  recording.addSpeaker(7, 'Late');
  recording.removeSpeaker(7);
  hear(recording, 7, adaPayloads, 1);
  for (let tick = 0; tick < 10; tick++) recording.tick();
  expect(recording.close(0)).toMatchObject({ packetsUnknown: 2, speakers: [] });
});

test('lets who leaves finish, and starts anew with who comes back', () => {
  const outPath = join(folder, 'again.wav');
  const perSpeaker = join(folder, 'again');
  const recording = new Recording(new OpusLibrary(), outPath, perSpeaker);
  for (const stay of [0, 1]) {
    recording.addSpeaker(1, 'Ada');
    for (let index = 0; index < 10; index++) hear(recording, 1, adaPayloads, index);
    recording.removeSpeaker(1);
    for (let tick = 0; tick < 30; tick++) recording.tick();
    expect(existsSync(join(perSpeaker, stay === 0 ? 'Ada.wav' : 'Ada (2).wav'))).toBe(true);
  }
  expect(recording.close(0).speakers).toMatchObject([
    { fileName: 'Ada.wav', framesHeard: 10 },
    { fileName: 'Ada (2).wav', framesHeard: 10 },
  ]);
});

test('takes a token that is added again for another speaker', () => {
  const recording = new Recording(new OpusLibrary(), join(folder, 'token.wav'), null);
  for (const name of ['First', 'Second']) {
    recording.addSpeaker(1, name);
    hear(recording, 1, adaPayloads, 0);
  }
  expect(recording.close(0).speakers.map((speaker) => speaker.displayName)).toEqual([
    'First',
    'Second',
  ]);
});

test('says which folder cannot be made', () => {
  const blocked = join(folder, 'file');
  writeFileSync(blocked, '');
  expect(() => new Recording(new OpusLibrary(), join(folder, 'x.wav'), blocked)).toThrow(
    expect.objectContaining({ code: 'outputUnwritable' }),
  );
});
