import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, test } from 'vitest';
import { align } from '../correlate.js';
import { CaptureChain } from './captureChain.js';
import { captureTable } from './captureTable.js';
import { usualCapture } from './captureThread.js';
import { EchoCanceller } from './echoCanceller.js';
import { NoiseSuppressor } from './noiseSuppressor.js';
import {
  allClips,
  readClip,
  signalDb,
  speechWithPauses,
  stepsDb,
  throughSteps,
  type RecordedSpeech,
} from './testing/recordedSpeech.js';
import { VoiceGate } from './voiceGate.js';

const seed = 0x0ec0;
/** White noise, within ±1. */
const whiteNoise = (random: SeededRandom): number => random.nextUint32() / 2 ** 31 - 1;
const amplitude = (db: number): number => 10 ** (db / 20);

/** What a microphone hears of `played`: 45 ms later, from a small room, 20 dB quieter. */
function roomEcho(played: Float32Array): Float32Array {
  const random = new SeededRandom(seed);
  const delay = 45 * 48;
  // Sparse reflections that die away within 40 ms.
  const reflections = Array.from({ length: 60 }, (_reflection, i) => {
    const at = i === 0 ? 0 : random.below(1_920);
    return { at: delay + at, gain: i === 0 ? 1 : 0.4 * whiteNoise(random) * Math.exp(-at / 480) };
  });
  const echo = new Float32Array(played.length);
  for (const { at, gain } of reflections) {
    for (let i = at; i < echo.length; i++) echo[i]! += gain * played[i - at]!;
  }
  const change = amplitude(signalDb(played) - 20 - signalDb(echo));
  return echo.map((sample) => sample * change);
}

describe('echo canceller', () => {
  test('takes played speech away, and leaves who speaks', async ({ annotate }) => {
    const far = await speechWithPauses(['Front_Left', 'Rear_Right', 'Side_Left', 'Rear_Left'], 0.1);
    const near = await speechWithPauses(['Front_Center', 'Rear_Center', 'Front_Right'], 0.1);
    const half = 48_000 * 6;
    const played = Float32Array.from({ length: 2 * half }, (_s, i) => {
      return far.signal[i % far.signal.length]!;
    });
    const echo = roomEcho(played);
    const random = new SeededRandom(seed);
    const voice = new Float32Array(2 * half);
    for (let i = half; i < voice.length; i++) {
      voice[i] = 0.5 * near.signal[(i - half) % near.signal.length]!;
    }
    const canceller = new EchoCanceller();
    const out = throughSteps(
      echo.map((sample, i) => sample + voice[i]! + 1e-4 * whiteNoise(random)),
      (step, index) => {
        canceller.hear(played.subarray(index * 480, index * 480 + 480));
        canceller.process(step);
      },
    );
    canceller.free();
    // Far end alone, after two seconds to learn the room.
    const reducedDb = signalDb(echo, 96_000, half) - signalDb(out, 96_000, half);
    const spoken = voice.subarray(half);
    const heard = out.subarray(half);
    const { correlation } = align(spoken, heard, { lagSamplesMax: 1_000 });
    const keptDb = signalDb(heard) - signalDb(spoken);
    await annotate(
      `echo −${reducedDb.toFixed(1)} dB; double talk: near speech ${keptDb.toFixed(1)} dB, ` +
        `correlation ${correlation.toFixed(3)}`,
    );
    expect(reducedDb).toBeGreaterThan(20);
    expect(Math.abs(keptDb)).toBeLessThan(4);
    expect(correlation).toBeGreaterThan(0.8);
  });
});

/** Noises, each the same on every machine. */
const noises: Readonly<Record<string, (random: SeededRandom) => (index: number) => number>> = {
  white: (random) => () => whiteNoise(random),
  brown: (random) => {
    let level = 0;
    return () => (level = 0.98 * level + 0.1 * whiteNoise(random));
  },
  hum: (random) => (i) =>
    Math.sin((2 * Math.PI * 120 * i) / 48_000) +
    0.5 * Math.sin((2 * Math.PI * 240 * i) / 48_000) +
    0.3 * whiteNoise(random),
};

/** @returns speech with noise so many dB below it, both measured in the steps of speech */
function withNoise(
  { signal, isSpeech }: RecordedSpeech,
  snrDb: number,
  noiseAt: (index: number) => number,
): { noisy: Float32Array; noise: Float32Array } {
  const noise = signal.map((_sample, i) => noiseAt(i));
  const isSpoken = (step: number): boolean => isSpeech[step]!;
  const change = amplitude(stepsDb(signal, isSpoken) - snrDb - stepsDb(noise, isSpoken));
  const scaled = noise.map((sample) => sample * change);
  return { noisy: signal.map((sample, i) => sample + scaled[i]!), noise: scaled };
}

describe('noise suppressor', () => {
  const suppress = (signal: Float32Array): Float32Array => {
    const suppressor = new NoiseSuppressor();
    const out = throughSteps(signal, (step) => suppressor.process(step, step));
    suppressor.free();
    return out;
  };

  test.for(Object.keys(noises))(
    'lifts speech in %s noise, 10 dB above it, by 6 dB or more',
    async (kind, { annotate }) => {
      const speech = await speechWithPauses(allClips.slice(2, 6), 0.5);
      const { noisy, noise } = withNoise(speech, 10, noises[kind]!(new SeededRandom(seed)));
      const [cleanOut, noisyOut] = [suppress(speech.signal), suppress(noisy)];
      const { isSpeech } = speech;
      // Sound comes out a step later.
      const isSpoken = (step: number): boolean => isSpeech[step - 1] ?? false;
      const isPause = (step: number): boolean => !isSpeech.slice(step - 3, step + 2).includes(true);
      const speechLostDb =
        stepsDb(speech.signal, (step) => isSpeech[step]!) - stepsDb(cleanOut, isSpoken);
      const noiseLostDb = stepsDb(noisy, isPause) - stepsDb(noisyOut, isPause);
      // In words and pauses: all that is there, and is not there where there was no noise.
      const rest = noisyOut.map((sample, i) => sample - cleanOut[i]!);
      const allDb = signalDb(cleanOut) - signalDb(rest);
      const beforeDb = signalDb(speech.signal) - signalDb(noise);
      await annotate(
        `${kind}: speech over pauses +${(noiseLostDb - speechLostDb).toFixed(1)} dB; ` +
          `waveform ${beforeDb.toFixed(1)} → ${allDb.toFixed(1)} dB`,
      );
      expect(noiseLostDb - speechLostDb).toBeGreaterThan(6);
      expect(allDb - beforeDb).toBeGreaterThan(5);
    },
  );
});

describe('voice activity', () => {
  /** @returns share of steps of speech that is sent, and of those far from speech; late starts */
  async function rates(
    snrDb: number,
  ): Promise<{ hit: number; falseAlarm: number; late: number[] }> {
    const speech = await speechWithPauses(allClips, 1.2);
    const noise = await readClip('Noise');
    const { noisy } = withNoise(speech, snrDb, (i) => noise[i % noise.length]!);
    const chain = new CaptureChain(captureTable.allocate(1).columns);
    const gate = new VoiceGate();
    const isOpen: boolean[] = [];
    const settings = { ...usualCapture, isEchoCancellerOn: false };
    throughSteps(noisy, (step) => {
      chain.process(step, settings);
      isOpen.push(gate.step(usualCapture, chain.voicePermille, signalDb(step), false));
    });
    chain.free();
    const preRoll = 10;
    const hold = usualCapture.holdMs / 10;
    const { isSpeech } = speech;
    const near = (step: number, before: number, after: number): boolean =>
      isSpeech.slice(Math.max(0, step - before), step + after + 1).includes(true);
    const isSent = isOpen.map((_open, i) => isOpen.slice(i, i + preRoll + 1).includes(true));
    const spoken = isSent.filter((_sent, i) => isSpeech[i]);
    const far = isSent.filter((_sent, i) => !near(i, hold + preRoll, preRoll));
    const starts = isSpeech.flatMap((is, i) => (is && !near(i - 1, 60, 0) ? [i] : []));
    return {
      hit: spoken.filter(Boolean).length / spoken.length,
      falseAlarm: far.filter(Boolean).length / far.length,
      late: starts.map((start) => Math.max(0, isSent.indexOf(true, start) - start)),
    };
  }

  test.for([
    { snrDb: 40, hitMin: 0.99, falseMax: 0.05, lateMax: 2 },
    { snrDb: 20, hitMin: 0.97, falseMax: 0.05, lateMax: 6 },
  ])('finds speech $snrDb dB above noise, and its starts', async (bounds, { annotate }) => {
    const { hit, falseAlarm, late } = await rates(bounds.snrDb);
    await annotate(
      `${bounds.snrDb} dB: hit ${(100 * hit).toFixed(1)} %, ` +
        `false alarm ${(100 * falseAlarm).toFixed(1)} %, late starts ${late.join(' ')} (10 ms)`,
    );
    expect(hit).toBeGreaterThan(bounds.hitMin);
    expect(falseAlarm).toBeLessThan(bounds.falseMax);
    expect(Math.max(...late)).toBeLessThanOrEqual(bounds.lateMax);
  });
});
