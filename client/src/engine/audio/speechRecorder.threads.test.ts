import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterAll, expect, test } from 'vitest';
import { align } from './correlate.js';
import { openRecorderOn, openSpeechRecorder, type SpeechRecorder } from './speechRecorder.js';
import { openSpeechSender, type SpeechSender } from './speechSender.js';
import { encodeSpeech } from './testing/encodeSpeech.js';
import { loudnessIn } from './testing/loudnessIn.js';
import { speechLike } from './testing/speechLike.js';
import { wavFile } from './testing/wavFile.js';
import { parseWav } from './wav.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-recorder-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (path: string): Float32Array => parseWav(readFileSync(path), path).samples;

/**
 * How alike a recording is to its source where it was not disturbed. Threads that go by the clock
 * come late on a busy machine: packets are then concealed, and what follows begins later than it
 * did, which no single lag fits. So pieces are looked for one by one, and the second best tells;
 * what becomes of packets that come late is tested in stepped time, with the jitter buffer.
 */
function likeness(voice: Float32Array, file: Float32Array): number {
  const pieceSamples = 19_200;
  const found: number[] = [];
  for (let at = 0; at + pieceSamples <= voice.length; at += pieceSamples) {
    const piece = voice.subarray(at, at + pieceSamples);
    found.push(align(piece, file, { lagSamplesMax: file.length }).correlation);
  }
  return found.sort((a, b) => b - a)[1]!;
}

/** Somebody who says `voice` into the recorder. */
function openVoice(
  recorder: SpeechRecorder,
  token: number,
  voice: Float32Array,
): Promise<SpeechSender> {
  const wavPath = join(folder, `voice${token}.wav`);
  writeFileSync(wavPath, wavFile(voice));
  recorder.addSpeaker(token, `Voice ${token}`);
  let counter = 0;
  return openSpeechSender({
    wavPath,
    repeat: 'once',
    onFrame: ({ timestamp, endOfSpurt, payload }) =>
      recorder.push(token, counter++, timestamp, endOfSpurt, payload),
  });
}

test('two senders are heard by a recorder, each like its source, one going first', async () => {
  const voices = [31, 32].map((seed) => speechLike(new SeededRandom(seed), 2));
  const outPath = join(folder, 'room.wav');
  const perSpeakerFolder = join(folder, 'speakers');
  const recorder = await openSpeechRecorder({ outPath, perSpeakerFolder });
  const senders = await Promise.all(
    voices.map((voice, token) => openVoice(recorder, token, voice)),
  );
  recorder.setPriority(0, true);
  recorder.start();
  for (const sender of senders) sender.start();
  const said = await Promise.all(senders.map((sender) => sender.finished));
  const summary = await recorder.close();
  expect(summary.packetsDropped).toBe(0);
  expect(summary.packetsUnknown).toBe(0);
  expect(read(outPath).length).toBe(Math.round(summary.seconds * 48_000));
  const alone = voices.map((voice, token) => {
    const own = summary.speakers.find(({ displayName }) => displayName === `Voice ${token}`)!;
    const { framesHeard, packetsLate, packetsOverflowed } = own;
    expect(framesHeard + packetsLate + packetsOverflowed).toBe(said[token]!.frames);
    const file = read(join(perSpeakerFolder, own.fileName!));
    expect(file.length).toBe(read(outPath).length);
    expect(likeness(voice, file)).toBeGreaterThan(0.9);
    expect(likeness(voices[1 - token]!, file)).toBeLessThan(0.5);
    return file;
  });
  // The first has priority; the second is as loud as ever in its own file alone.
  expect(loudnessIn(read(outPath), alone[1]!, alone[0]!)).toBeLessThan(0.9);
});

test('hears nothing before it starts and nothing after it closes', async () => {
  const outPath = join(folder, 'early.wav');
  const [payload] = encodeSpeech(new Float32Array(960));
  const recorder = await openSpeechRecorder({ outPath });
  recorder.addSpeaker(1, 'Early');
  recorder.push(1, 0, 0, false, payload!);
  recorder.start();
  recorder.removeSpeaker(1);
  const summary = await recorder.close();
  recorder.push(1, 1, 960, false, payload!);
  expect(summary).toMatchObject({ speakers: [], packetsUnknown: 0 });
  expect(await recorder.close()).toBe(summary);
  expect(read(outPath).every((sample) => sample === 0)).toBe(true);
});

test('says which file it cannot open', async () => {
  const outPath = join(folder, 'missing', 'out.wav');
  await expect(openSpeechRecorder({ outPath })).rejects.toMatchObject({
    code: 'outputUnwritable',
    message: expect.stringContaining(outPath) as string,
  });
});

test.skipIf(!existsSync('/dev/full'))('says when the disk is full', async () => {
  await expect(openSpeechRecorder({ outPath: '/dev/full' })).rejects.toMatchObject({
    code: 'outputUnwritable',
    message: expect.stringContaining('disk is full') as string,
  });
});

test('reports a decoder that dies', async () => {
  const entry = new URL('./testing/dyingWorker.js', import.meta.url);
  const recorder = await openRecorderOn({ outPath: join(folder, 'dying.wav') }, entry);
  recorder.start();
  const fault = { code: 'internal', message: 'the thread for decoding died: a bug in the thread' };
  expect(await recorder.failed).toMatchObject(fault);
  await expect(recorder.close()).rejects.toMatchObject(fault);
});

test('gives up a decoder that stands still', async () => {
  const entry = new URL('./testing/stuckWorker.js', import.meta.url);
  const recorder = await openRecorderOn({ outPath: join(folder, 'stuck.wav') }, entry);
  recorder.start();
  const payload = new Uint8Array(1_000);
  for (let i = 0; i < 2_000; i++) recorder.push(1, i, i * 960, false, payload);
  // Packets that found no room have left some for commands, for a while.
  for (let i = 0; i < 2_000; i++) recorder.addSpeaker(i, 'x'.repeat(100));
  expect(await recorder.failed).toMatchObject({ code: 'internal' });
  await expect(recorder.close()).rejects.toMatchObject({ code: 'internal' });
});

test('reports a file that cannot be made while it records', async () => {
  const perSpeakerFolder = join(folder, 'vanishing');
  const recorder = await openSpeechRecorder({ outPath: join(folder, 'v.wav'), perSpeakerFolder });
  rmSync(perSpeakerFolder, { recursive: true });
  recorder.addSpeaker(1, 'Ada');
  recorder.start();
  const [payload] = encodeSpeech(new Float32Array(960));
  recorder.push(1, 0, 0, false, payload!);
  expect(await recorder.failed).toMatchObject({ code: 'outputUnwritable' });
  recorder.push(1, 1, 960, false, payload!);
  await expect(recorder.close()).rejects.toMatchObject({
    code: 'outputUnwritable',
    message: expect.stringContaining('Ada.wav') as string,
  });
});
