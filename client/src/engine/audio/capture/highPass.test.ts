import { sampleRate } from '@rookery/schemas/voicePacket';
import { expect, test } from 'vitest';
import { HighPass } from './highPass.js';
import { signalDb, throughSteps } from './testing/recordedSpeech.js';

function gainDb(hz: number): number {
  const tone = Float32Array.from({ length: sampleRate }, (_sample, i) =>
    Math.sin((2 * Math.PI * hz * i) / sampleRate),
  );
  const highPass = new HighPass();
  const out = throughSteps(tone, (step) => highPass.process(step));
  return signalDb(out, sampleRate / 2) - signalDb(tone, sampleRate / 2);
}

test('takes rumble away and leaves voices', () => {
  expect(gainDb(20)).toBeLessThan(-40);
  expect(gainDb(50)).toBeLessThan(-12);
  expect(Math.abs(gainDb(75) + 3)).toBeLessThan(0.2);
  expect(gainDb(100)).toBeGreaterThan(-0.6);
  expect(Math.abs(gainDb(1_000))).toBeLessThan(0.01);
});

test('a constant, as of a cheap sound card, dies away', () => {
  const highPass = new HighPass();
  const out = throughSteps(new Float32Array(sampleRate).fill(0.5), (step) =>
    highPass.process(step),
  );
  expect(signalDb(out, sampleRate / 2)).toBeLessThan(-180);
});
