import { existsSync } from 'node:fs';
import { sampleRate } from '@rookery/schemas/voicePacket';
import { stepSamples } from '../../audioLimits.js';
import { readWav } from '../../wav.js';

/** Recorded human voices of Debian's package alsa-utils, 48 kHz mono: a woman names speakers. */
const folder = '/usr/share/sounds/alsa';
const clips = [
  ...['Front_Center', 'Front_Left', 'Front_Right', 'Rear_Center'],
  ...['Rear_Left', 'Rear_Right', 'Side_Left', 'Side_Right'],
] as const;
export type Clip = (typeof clips)[number];
export const allClips: readonly Clip[] = clips;

/** Speech, and where in it somebody speaks. */
export interface RecordedSpeech {
  /** 48 kHz mono, whole steps. */
  readonly signal: Float32Array;
  /** For each step of 10 ms whether it is speech: no more than 30 dB below the loudest one. */
  readonly isSpeech: readonly boolean[];
}

/** Below the loudest step, in dB, from where on a step is speech. */
const speechRangeDb = 30;

/** @returns the samples of one recording. @throws Error naming the package that it is of */
export async function readClip(clip: Clip | 'Noise'): Promise<Float32Array> {
  const path = `${folder}/${clip}.wav`;
  if (!existsSync(path)) {
    throw new Error(`${path} is missing: run scripts/installTestPackages.sh (package alsa-utils)`);
  }
  return (await readWav(path)).samples;
}

/** @returns the recordings one after the other, with a pause before, between and after them */
export async function speechWithPauses(
  names: readonly Clip[],
  pauseSeconds: number,
): Promise<RecordedSpeech> {
  const sounds = await Promise.all(names.map((name) => readClip(name)));
  const pause = Math.round(pauseSeconds * sampleRate);
  const samples = sounds.reduce((sum, sound) => sum + sound.length + pause, pause);
  const signal = new Float32Array(Math.ceil(samples / stepSamples) * stepSamples);
  let at = pause;
  for (const sound of sounds) {
    signal.set(sound, at);
    at += sound.length + pause;
  }
  return { signal, isSpeech: speechSteps(signal) };
}

function speechSteps(signal: Float32Array): boolean[] {
  const steps = Array.from({ length: signal.length / stepSamples }, (_step, i) =>
    signalDb(signal, i * stepSamples, (i + 1) * stepSamples),
  );
  const loudest = Math.max(...steps);
  return steps.map((db) => db > loudest - speechRangeDb);
}

/** RMS from `from` to before `to`, in dB of full scale. */
export function signalDb(signal: Float32Array, from = 0, to = signal.length): number {
  let power = 0;
  for (let i = from; i < to; i++) power += signal[i]! * signal[i]!;
  return 10 * Math.log10(power / (to - from) + 1e-20);
}

/** RMS of the steps that are, or are not, speech, in dB of full scale. */
export function stepsDb(signal: Float32Array, isTaken: (step: number) => boolean): number {
  let [power, samples] = [0, 0];
  for (let i = 0; i < signal.length; i++) {
    if (!isTaken(Math.floor(i / stepSamples))) continue;
    power += signal[i]! * signal[i]!;
    samples++;
  }
  return 10 * Math.log10(power / samples + 1e-20);
}

/** Runs whole steps of `signal` through `process`, which changes them. @returns what came out */
export function throughSteps(
  signal: Float32Array,
  process: (step: Float32Array, index: number) => void,
): Float32Array {
  const out = new Float32Array(signal.length - (signal.length % stepSamples));
  const step = new Float32Array(stepSamples);
  for (let at = 0; at < out.length; at += stepSamples) {
    step.set(signal.subarray(at, at + stepSamples));
    process(step, at / stepSamples);
    out.set(step, at);
  }
  return out;
}
