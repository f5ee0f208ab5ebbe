import { stepSamples } from '../audioLimits.js';
import { expect, test } from 'vitest';
import { GainControl } from './gainControl.js';
import { allClips, speechWithPauses, stepsDb, throughSteps } from './testing/recordedSpeech.js';

/** @returns what came out, and the gain after each step in dB */
async function controlled(loudnessDb: number): Promise<{
  speechDb: number;
  gains: number[];
  isSpeech: readonly boolean[];
}> {
  const { signal, isSpeech } = await speechWithPauses([...allClips, ...allClips], 0.4);
  const change = 10 ** ((loudnessDb - stepsDb(signal, (step) => isSpeech[step]!)) / 20);
  const gain = new GainControl();
  const gains: number[] = [];
  const out = throughSteps(
    signal.map((sample) => sample * change),
    (step, index) => {
      gain.process(step, isSpeech[index] ? 1_000 : 0);
      gains.push(gain.gainHundredths / 100);
    },
  );
  const half = gains.length / 2;
  return { speechDb: stepsDb(out, (step) => step > half && isSpeech[step]!), gains, isSpeech };
}

test.each([-42, -30, -20, -10])('speech of %i dB comes near one level', async (loudnessDb) => {
  const { speechDb, gains } = await controlled(loudnessDb);
  expect(Math.abs(speechDb + 20)).toBeLessThan(3);
  // Once it knows the voice it does not pump: the level of words is not that of their syllables.
  const settled = gains.slice(gains.length / 2);
  expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(4);
});

test('the gain rests in pauses, however loud their noise is', async () => {
  const { gains, isSpeech } = await controlled(-30);
  const changed = gains.filter((gain, i) => i > 0 && !isSpeech[i] && gain !== gains[i - 1]);
  expect(changed).toEqual([]);
});

test('within a step the gain moves without a jump', () => {
  const gain = new GainControl();
  let before = 0;
  throughSteps(new Float32Array(480 * 100).fill(0.01), (step) => {
    gain.process(step, 1_000);
    if (before > 0) expect(Math.abs(step[0]! / before - 1)).toBeLessThan(0.001);
    before = step[stepSamples - 1]!;
  });
});
