import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, test } from 'vitest';
import { usualCapture } from './captureThread.js';
import { preRollSteps, VoiceGate, type GateSettings } from './voiceGate.js';

const settings: GateSettings = {
  ...usualCapture,
  ...{ startsAbove: 0.6, stopsBelow: 0.4, holdMs: 30, releaseMs: 20 },
};
const loudDb = -30;

/** Runs steps of one setting. @returns "1" for each that is sent */
function gated(
  gate: VoiceGate,
  mode: GateSettings['mode'],
  steps: readonly { readonly voice?: number; readonly key?: boolean; readonly muted?: boolean }[],
  levelDb = loudDb,
): string {
  return steps
    .map(({ voice = 0, key = false, muted = false }) =>
      gate.step({ ...settings, mode, isMuted: muted }, 1_000 * voice, levelDb, key) ? '1' : '0',
    )
    .join('');
}

describe('voice activated', () => {
  const voices = (...probabilities: number[]): { voice: number }[] =>
    probabilities.map((voice) => ({ voice }));

  test('begins above one probability, goes on to a lower one, and holds', () => {
    const steps = voices(0.5, 0.6, 0.45, 0.4, 0.39, 0.5, 0.1, 0, 0);
    expect(gated(new VoiceGate(), 'voiceActivated', steps)).toBe('011111100');
  });

  test('does not begin again in the hold below the higher probability', () => {
    const steps = voices(0.9, 0.3, 0.5, 0.5, 0.5, 0.9);
    expect(gated(new VoiceGate(), 'voiceActivated', steps)).toBe('111101');
  });

  test('what is hardly there is no speech', () => {
    expect(gated(new VoiceGate(), 'voiceActivated', voices(1, 1), -66)).toBe('00');
    expect(gated(new VoiceGate(), 'voiceActivated', voices(1, 1), -Infinity)).toBe('00');
  });
});

test('push to talk is open while the key is down and for the release delay', () => {
  const keys = [false, true, true, false, false, false, true].map((key) => ({ key, voice: 1 }));
  expect(gated(new VoiceGate(), 'pushToTalk', keys)).toBe('0111101');
});

test('continuous is always open', () => {
  expect(gated(new VoiceGate(), 'continuous', [{}, {}, {}])).toBe('111');
});

test.each(['voiceActivated', 'pushToTalk', 'continuous'] as const)(
  '%s: muted is closed at once, and no hold of before counts afterwards',
  (mode) => {
    const on = { voice: 1, key: true };
    const steps = [on, { ...on, muted: true }, { muted: true }, {}, on];
    const after = mode === 'continuous' ? '1' : '0';
    expect(gated(new VoiceGate(), mode, steps)).toBe(`100${after}1`);
  },
);

test('another mode does not inherit the hold', () => {
  const gate = new VoiceGate();
  expect(gated(gate, 'voiceActivated', [{ voice: 1 }])).toBe('1');
  expect(gated(gate, 'pushToTalk', [{}, { key: true }])).toBe('01');
  expect(gated(gate, 'voiceActivated', [{}])).toBe('0');
});

test('only speech that opens by itself sends what was before', () => {
  expect(preRollSteps('voiceActivated')).toBe(10);
  expect(preRollSteps('pushToTalk')).toBe(0);
  expect(preRollSteps('continuous')).toBe(0);
});

test('is open exactly where the rule says so, for any speech', () => {
  const seed = 0xa11ce;
  const random = new SeededRandom(seed);
  const gate = new VoiceGate();
  let [isSpeech, since] = [false, Infinity];
  for (let i = 0; i < 20_000; i++) {
    const voice = random.below(1_001);
    isSpeech = voice >= (isSpeech ? 400 : 600);
    since = isSpeech ? 0 : since + 1;
    const isOpen = gate.step(settings, voice, loudDb, false);
    expect(isOpen, `seed ${seed}, step ${i}`).toBe(since <= 3);
  }
});
