import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import { expect, test } from 'vitest';
import { isOverLimit, type LimitedFigure } from './figureLimits.js';
import { concealedPct, voiceQuality, type QualityFigures } from './voiceQuality.js';

const open = { phase: 'open' } as const;
const good: QualityFigures = {
  ...{ roundTripMs: 20, receivedLossPct: 0, sentLossPct: 0, jitterMs: 2 },
};

test('shows no bar while voice is not open', () => {
  expect(voiceQuality({ phase: 'closed' }, good)).toEqual({ bars: 0, cause: null });
  expect(voiceQuality({ phase: 'opening' }, good).bars).toBe(0);
});

test('is good where nothing is wrong, or known', () => {
  const unknown = { ...good, roundTripMs: null, receivedLossPct: null, jitterMs: null };
  expect(voiceQuality(open, good)).toEqual({ bars: 3, cause: null });
  expect(voiceQuality(open, unknown)).toEqual({ bars: 3, cause: null });
});

test.each<[keyof QualityFigures, number, number, LimitedFigure]>([
  ['roundTripMs', 150, 300, 'pingVoice'],
  ['receivedLossPct', 1, 5, 'loss'],
  ['sentLossPct', 1, 5, 'loss'],
  ['jitterMs', 20, 40, 'jitter'],
])('takes bars away for %s above %d, and above %d', (name, fair, bad, figure) => {
  const barsAt = (value: number): unknown => voiceQuality(open, { ...good, [name]: value });
  expect(barsAt(fair)).toEqual({ bars: 3, cause: null });
  expect(barsAt(fair + 0.1)).toEqual({ bars: 2, cause: name });
  expect(barsAt(bad)).toEqual({ bars: 2, cause: name });
  expect(barsAt(bad + 0.1)).toEqual({ bars: 1, cause: name });
  expect([bad, bad + 0.1].map((value) => isOverLimit(figure, value))).toEqual([false, true]);
});

test('names what is worst', () => {
  const both = { ...good, roundTripMs: 200, sentLossPct: 9 };
  expect(voiceQuality(open, both)).toEqual({ bars: 1, cause: 'sentLossPct' });
});

test('counts two guessed steps of 10 ms as one frame', () => {
  const speaker = (change: Partial<SpeakerStatistics>): SpeakerStatistics =>
    ({ framesPlayed: 0, framesConcealed: 0, ...change }) as SpeakerStatistics;
  expect(concealedPct(speaker({ framesPlayed: 99, framesConcealed: 2 }))).toBeCloseTo(1);
  expect(concealedPct(speaker({}))).toBe(0);
});
