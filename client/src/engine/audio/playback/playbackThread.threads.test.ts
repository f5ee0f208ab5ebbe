import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterAll, expect, test } from 'vitest';
import { ScratchFolder } from '../../../testing/scratchFolder.js';
import { align } from '../correlate.js';
import type { DeviceStream } from '../device/audioDevice.js';
import { openFileDevice } from '../device/fileDevice.js';
import { mixToMono } from '../monoResampler.js';
import { monotonicMs } from '../monotonicClock.js';
import { encodeSpeech } from '../testing/encodeSpeech.js';
import { speechLike } from '../testing/speechLike.js';
import { readWav } from '../wav.js';
import { playbackTable, readSpeakers, speakerTable } from './playbackTables.js';
import { ToneSource } from './toneSource.js';
import { startPlaybackOn, startPlaybackThread, type PlaybackThread } from './playbackThread.js';

const folder = await ScratchFolder.make();
afterAll(() => folder.remove());

const frameMs = 20;
const seconds = 2;
const speech = speechLike(new SeededRandom(3), seconds);
const payloads = encodeSpeech(speech);

const turnOfLoop = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turnOfLoop();
}

/** Says all payloads at their time. @param atFrame is called before each frame */
async function say(
  playback: PlaybackThread,
  token: number,
  atFrame: (frame: number) => unknown = () => undefined,
): Promise<void> {
  const startMs = monotonicMs();
  for (let frame = 0; frame < payloads.length; frame++) {
    await until(() => monotonicMs() >= startMs + frame * frameMs);
    await atFrame(frame);
    const isLast = frame === payloads.length - 1;
    playback.push(token, frame, frame * 960, isLast, payloads[frame]!, 'whisper');
  }
}

async function openOutput(name: string, rate: number, channels: number): Promise<DeviceStream> {
  const options = { inPath: null, outPath: folder.in(name), outSampleRate: rate };
  return openFileDevice({ ...options, outChannels: channels }).open('output', null, 10);
}

async function readMono(name: string): Promise<Float32Array> {
  const { samples, audioChannels } = await readWav(folder.in(name));
  return mixToMono(samples, audioChannels, 0, samples.length);
}

/** By quarters of a second: the delay may change between them, by sound that is made longer. */
function medianLikeness(source: Float32Array, heard: Float32Array): number {
  const pieceSamples = 12_000;
  const likeness: number[] = [];
  for (let at = 0; at < source.length; at += pieceSamples) {
    const from = Math.max(0, at - 4_800);
    const part = heard.subarray(from, at + 48_000);
    const piece = source.subarray(at, at + pieceSamples);
    likeness.push(align(piece, part, { lagSamplesMax: 36_000 }).correlation);
  }
  likeness.sort((a, b) => a - b);
  return likeness[likeness.length >>> 1]!;
}

test('speech comes out of a device as it went in, and what became of it is told', async () => {
  const playback = await startPlaybackThread();
  const output = await openOutput('speech.wav', 48_000, 2);
  playback.attach(output);
  playback.addSpeaker(7, 'Ada');
  const speakers = speakerTable.attach(playback.speakers);
  const { columns } = playbackTable.attach(playback.table);
  let whispered = 0;
  await say(playback, 7, (frame) => {
    // A thread that others wait for blocks: what has come plays on.
    if (frame === 50) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    const heard = readSpeakers(speakers).get(7);
    if (heard?.isTalking && heard.isWhispering && heard.levelDbfs > -60) whispered++;
  });
  await until(() => readSpeakers(speakers).get(7)?.isTalking === false);
  const { framesPlayed, framesConcealed, framesLate } = readSpeakers(speakers).get(7)!;
  expect(framesPlayed + framesConcealed).toBeGreaterThanOrEqual(payloads.length - framesLate);
  expect(whispered).toBeGreaterThan(payloads.length / 2);
  expect(columns.packetsUnknown.load(0) + columns.packetsDropped.load(0)).toBe(0);
  expect(columns.hasDevice.load(0)).toBe(1);
  playback.removeSpeaker(7);
  await until(() => readSpeakers(speakers).size === 0);
  await output.close();
  await playback.close();
  expect(medianLikeness(speech, await readMono('speech.wav'))).toBeGreaterThan(0.8);
});

test('who talks goes on through a device that is replaced, and through having none', async () => {
  const playback = await startPlaybackThread();
  const speakers = speakerTable.attach(playback.speakers);
  const { columns } = playbackTable.attach(playback.table);
  playback.addSpeaker(1, 'Ada');
  const first = await openOutput('first.wav', 44_100, 1);
  const second = await openOutput('second.wav', 48_000, 6);
  await say(playback, 1, async (frame) => {
    if (frame === 10) playback.attach(first);
    // It is taken away, without a word.
    if (frame === 40) await first.close();
    if (frame === 41) await until(() => columns.hasDevice.load(0) === 0);
    if (frame === 60) playback.attach(second);
  });
  await until(() => readSpeakers(speakers).get(1)?.isTalking === false);
  const { framesPlayed, framesLate } = readSpeakers(speakers).get(1)!;
  expect(framesPlayed + framesLate).toBe(payloads.length);
  await second.close();
  await playback.close();
  for (const name of ['first.wav', 'second.wav']) {
    expect((await readMono(name)).some((sample) => Math.abs(sample) > 0.01)).toBe(true);
  }
});

test('not a sample is lost, doubled or moved between the thread and the device', async () => {
  const playback = await startPlaybackThread();
  const output = await openOutput('tone.wav', 48_000, 2);
  playback.attach(output);
  playback.playTone(1_000, 1_500);
  const { columns } = playbackTable.attach(playback.table);
  await until(() => columns.levelMilliDbfs.load(0) > -30_000);
  await until(() => columns.levelMilliDbfs.load(0) < -100_000);
  await output.close();
  await playback.close();
  const heard = withoutSilence(await readMono('tone.wav'));
  const wanted = withoutSilence(expectedTone(1_000, 1_500));
  const played = heard.subarray(heard.length - wanted.length);
  expect(played.length).toBe(wanted.length);
  expect(played.every((sample, i) => Math.abs(sample - wanted[i]!) < 2 / 32_768)).toBe(true);
});

/** A machine that is busy plays whole device buffers of silence between those of sound. */
function withoutSilence(samples: Float32Array): Float32Array {
  const kept: number[] = [];
  for (let at = 0; at < samples.length; at += 480) {
    const buffer = samples.subarray(at, at + 480);
    if (buffer.some((sample) => sample !== 0)) kept.push(...buffer);
  }
  return Float32Array.from(kept);
}

/** As the tone source makes it, by itself. */
function expectedTone(hz: number, ms: number): Float32Array {
  const tone = new ToneSource();
  tone.play(hz, ms);
  const out = new Float32Array(2 * 480);
  const samples: number[] = [];
  for (let step = 0; step < ms / 10 + 2; step++) {
    out.fill(0);
    tone.addTo(out);
    for (let i = 0; i < 480; i++) samples.push(Math.round(out[2 * i]! * 32_768) / 32_768);
  }
  return Float32Array.from(samples);
}

test('says why it is over where the thread dies, and does nothing from then on', async () => {
  const entry = new URL('../testing/dyingWorker.js', import.meta.url);
  const playback = await startPlaybackOn(entry);
  playback.addSpeaker(1, 'Ada');
  const message = 'the thread for playing sound died: a bug in the thread';
  expect(await playback.failed).toMatchObject({ code: 'internal', message });
  playback.push(1, 0, 0, false, payloads[0]!, 'room');
  playback.playTone(440, 100);
  await playback.close();
});
