import { existsSync, writeFileSync } from 'node:fs';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { ClientError } from '../../clientError.js';
import { startCaptureThread, usualCapture, type CaptureThread } from '../capture/captureThread.js';
import { align } from '../correlate.js';
import { streamTable } from '../device/audioDevice.js';
import { mixToMono } from '../monoResampler.js';
import { monotonicMs } from '../monotonicClock.js';
import { startPlaybackThread, type PlaybackThread } from '../playback/playbackThread.js';
import { createSampleRing, SpscSampleRing } from '../spscSampleRing.js';
import { encodeSpeech } from '../testing/encodeSpeech.js';
import { speechLike } from '../testing/speechLike.js';
import { readWav } from '../wav.js';
import { SoundWriting, type SoundWritingOptions } from './soundWriting.js';

const scratch = await ScratchFolder.make();
const speech = speechLike(new SeededRandom(5), 1);
const payloads = encodeSpeech(speech);

let playback: PlaybackThread;
let capture: CaptureThread;
let count = 0;

beforeEach(async () => {
  playback = await startPlaybackThread();
  capture = await startCaptureThread({ farEnd: playback.farEnd, settings: usualCapture });
});
afterEach(async () => {
  await capture.close();
  await playback.close();
});
afterAll(() => scratch.remove());

const inFolder = (...names: string[]): string => scratch.in(`case ${count}`, ...names);

function writing(use: SoundWritingOptions['use'], more: Partial<SoundWritingOptions> = {}) {
  return new SoundWriting({ use, onState: () => undefined, ...more });
}

async function untilPhase(one: SoundWriting, phase: string): Promise<void> {
  await vi.waitFor(() => expect(one.state.phase, one.state.problem?.message).toBe(phase));
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

/** A microphone that waits for who listens, however busy the machine is. */
async function speakInto(thread: CaptureThread): Promise<void> {
  const ring = createSampleRing(1_024);
  const table = streamTable.allocate(1).memory;
  const samples = new SpscSampleRing(ring);
  const size = { sampleRate: 48_000, channels: 1, bufferFrames: 480 };
  thread.attach({
    ...{ direction: 'input', deviceName: 'test', ...size, ring, table },
    ended: new Promise(() => undefined),
    close: () => Promise.resolve(),
  });
  for (let at = 0; at < speech.length; at += 480) {
    samples.push(speech.subarray(at, at + 480));
    samples.header.wake();
    while (samples.header.used > 0) await turnOfLoop();
  }
  thread.attach(null);
}

/** Says all of it at its pace. */
async function say(token: number): Promise<void> {
  const startMs = monotonicMs();
  for (const [frame, payload] of payloads.entries()) {
    while (monotonicMs() < startMs + frame * 20) await turnOfLoop();
    const isLast = frame === payloads.length - 1;
    playback.push(token, frame, frame * 960, isLast, payload, 'room');
  }
}

async function readMono(path: string): Promise<Float32Array> {
  const { samples, audioChannels } = await readWav(path);
  return mixToMono(samples, audioChannels, 0, samples.length);
}

const isSound = (sample: number): boolean => Math.abs(sample) > 0.01;

it('dumps microphone, chain, mix and speakers, and records, at a time', async () => {
  count++;
  const [dump, recording] = [writing('dump'), writing('recording')];
  for (const one of [dump, recording]) await one.attach({ capture, playback });
  playback.addSpeaker(7, 'Ada');
  dump.startDump(inFolder());
  recording.startRecording({ outPath: scratch.in(`heard ${count}.wav`) });
  for (const one of [dump, recording]) await untilPhase(one, 'writing');
  await Promise.all([say(7), speakInto(capture)]);
  for (const one of [dump, recording]) await one.stop();
  for (const { state } of [dump, recording]) {
    expect(state).toMatchObject({ phase: 'off', problem: null, summary: { dropped: 0 } });
  }
  expect(dump.state.summary!.speakers).toEqual([{ displayName: 'Ada', fileName: 'Ada.wav' }]);
  expect(recording.state.summary!.speakers).toEqual([]);
  const [raw, processed, mix, ada, heard] = await Promise.all([
    ...['raw_mic.wav', 'post_dsp.wav', 'post_opus_decode.wav'].map((name) =>
      readMono(inFolder(name)),
    ),
    readMono(inFolder('speakers', 'Ada.wav')),
    readMono(scratch.in(`heard ${count}.wav`)),
  ]);
  // All that was captured, but for what the chain has not taken as a step yet.
  expect(align(speech, raw, { lagSamplesMax: 4_800 }).correlation).toBeGreaterThan(0.9);
  expect(Math.abs(raw.length - processed.length)).toBeLessThanOrEqual(480);
  expect(processed.some(isSound)).toBe(true);
  expect(ada!.filter(isSound).length).toBeGreaterThan(speech.filter(isSound).length / 2);
  // The same sound at the same place; a recording began at another one.
  expect(ada).toHaveLength(mix!.length);
  expect(align(ada!, mix!, { lagSamplesMax: 0 }).correlation).toBeGreaterThan(0.95);
  const { correlation } = align(ada!, heard!, { lagSamplesMax: ada!.length });
  expect(correlation).toBeGreaterThan(0.95);
});

it('waits for the sound, and ends whole with it', async () => {
  count++;
  const phases: string[] = [];
  const dump = writing('dump', { onState: ({ phase }) => phases.push(phase) });
  dump.startDump(inFolder());
  await untilPhase(dump, 'waiting');
  await dump.attach({ capture, playback });
  await untilPhase(dump, 'writing');
  await dump.attach(null);
  expect(dump.state).toMatchObject({ phase: 'off', problem: null });
  expect(dump.state.summary).not.toBeNull();
  expect(phases).toEqual(['waiting', 'waiting', 'writing', 'ending', 'ending', 'off']);
  await dump.attach({ capture, playback });
  expect(dump.state.phase).toBe('off');
});

it('says where it cannot write, and begins anew elsewhere', async () => {
  count++;
  writeFileSync(inFolder(), 'a file');
  const dump = writing('dump');
  await dump.attach({ capture, playback });
  dump.startDump(inFolder());
  await vi.waitFor(() => expect(dump.state.problem).toMatchObject({ code: 'outputUnwritable' }));
  expect(dump.state).toMatchObject({ phase: 'off', path: inFolder(), summary: null });
  count++;
  dump.startDump(inFolder());
  await untilPhase(dump, 'writing');
  expect(dump.state.problem).toBeNull();
  await dump.stop();
});

it('writes nothing before it may, nor after that was taken back', async () => {
  count++;
  let overs = 0;
  const refuse = (): Promise<void> => Promise.reject(new ClientError('commandRefused', 'no'));
  const refused = writing('recording', { prepare: refuse, onOver: () => overs++ });
  await refused.attach({ capture, playback });
  refused.startRecording({ outPath: inFolder() });
  await vi.waitFor(() => expect(refused.state.problem).toMatchObject({ code: 'commandRefused' }));
  expect([existsSync(inFolder()), overs]).toEqual([false, 1]);

  const revoked = writing('recording', { onOver: () => overs++ });
  await revoked.attach({ capture, playback });
  revoked.startRecording({ outPath: inFolder() });
  await untilPhase(revoked, 'writing');
  revoked.fail({ code: 'commandRefused', message: 'not any more' });
  await untilPhase(revoked, 'off');
  expect(revoked.state).toMatchObject({ problem: { message: 'not any more' } });
  expect(revoked.state.summary).not.toBeNull();
  expect([existsSync(inFolder()), overs]).toEqual([true, 2]);
});

it('goes from one file to the next', async () => {
  count++;
  const recording = writing('recording');
  await recording.attach({ capture, playback });
  const [first, second] = [scratch.in('first.wav'), scratch.in('second.wav')];
  recording.startRecording({ outPath: first });
  await untilPhase(recording, 'writing');
  recording.startRecording({ outPath: second });
  await vi.waitFor(() => expect(recording.state).toMatchObject({ phase: 'writing', path: second }));
  await recording.stop();
  expect([existsSync(first), existsSync(second)]).toEqual([true, true]);
});
