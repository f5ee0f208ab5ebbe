import { expect, test } from 'vitest';
import { CaptureChain, type ChainSettings } from './captureChain.js';
import { capturePoints, captureTable, levelDb, quietestDb } from './captureTable.js';
import { usualCapture } from './captureThread.js';
import { signalDb, speechWithPauses, throughSteps } from './testing/recordedSpeech.js';

const allOff: ChainSettings = {
  ...usualCapture,
  ...{ isHighPassOn: false, isEchoCancellerOn: false, isNoiseSuppressorOn: false },
  ...{ isGainControlOn: false, mode: 'continuous' },
};
const tone = (seconds: number, level: number): Float32Array =>
  Float32Array.from(
    { length: 48_000 * seconds },
    (_sample, i) => level * Math.sin((2 * Math.PI * 440 * i) / 48_000),
  );
const limiterDelay = 71;

test('with all stages off sound stays as it is', () => {
  const chain = new CaptureChain(captureTable.allocate(1).columns);
  const signal = tone(0.5, 0.5);
  const out = throughSteps(signal, (step) => chain.process(step, allOff));
  expect(out.subarray(limiterDelay)).toEqual(signal.subarray(0, out.length - limiterDelay));
  expect(chain.voicePermille).toBe(1_000);
  chain.free();
});

test('levels show what each stage does', () => {
  const { columns } = captureTable.allocate(1);
  const chain = new CaptureChain(columns);
  const settings = { ...allOff, inputGain: 2 };
  throughSteps(tone(0.2, 0.25), (step) => chain.process(step, settings));
  const rms = capturePoints.map((_point, i) => levelDb(columns.rms.load(0, i)));
  const peaks = capturePoints.map((_point, i) => levelDb(columns.peaks.load(0, i)));
  for (const [i, point] of capturePoints.entries()) {
    const expected = point === 'microphone' ? -12.04 : -6.02;
    expect(peaks[i], point).toBeCloseTo(expected, 1);
    expect(rms[i], point).toBeCloseTo(expected - 3.01, 1);
  }
  throughSteps(new Float32Array(48_000), (step) => chain.process(step, settings));
  expect(levelDb(columns.rms.load(0, 0))).toBe(quietestDb);
  chain.free();
});

test.each(['isHighPassOn', 'isEchoCancellerOn', 'isNoiseSuppressorOn', 'isGainControlOn'] as const)(
  '%s can be switched while it runs, without a jump',
  async (stage) => {
    const { signal } = await speechWithPauses(['Front_Left', 'Rear_Right', 'Front_Left'], 0.1);
    const jumpOf = (sound: Float32Array): number =>
      sound.reduce(
        (most, sample, i) => (i === 0 ? 0 : Math.max(most, Math.abs(sample - sound[i - 1]!))),
        0,
      );
    const chain = new CaptureChain(captureTable.allocate(1).columns);
    const out = throughSteps(signal, (step, index) => {
      chain.process(step, { ...allOff, [stage]: Math.floor(index / 7) % 2 === 1 });
    });
    // Gain control and noise suppressor change loudness by a few dB.
    expect(jumpOf(out)).toBeLessThan(1.5 * jumpOf(signal));
    expect(signalDb(out)).toBeGreaterThan(signalDb(signal) - 6);
    chain.free();
  },
);

test('the input gain moves without a jump', () => {
  const chain = new CaptureChain(captureTable.allocate(1).columns);
  const out = throughSteps(new Float32Array(9_600).fill(0.2), (step, index) => {
    chain.process(step, { ...allOff, inputGain: index < 10 ? 0 : 4 });
  });
  // The signal itself begins with a jump.
  const jumps = out.subarray(100).map((sample, i) => Math.abs(sample - out[i + 99]!));
  expect(jumps.every((jump) => jump < 0.003)).toBe(true);
  chain.free();
});
