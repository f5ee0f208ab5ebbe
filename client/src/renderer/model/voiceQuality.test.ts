import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import type { VoiceState } from '@rookery/client/engine/engineState';
import { expect, test } from 'vitest';
import { concealedPct, voiceQuality } from './voiceQuality.js';

const open = (roundTripMs: number): VoiceState => ({ phase: 'open', path: 'udp', roundTripMs });
const speaker = (change: Partial<SpeakerStatistics>): SpeakerStatistics =>
  ({ framesPlayed: 1_000, framesConcealed: 0, jitterMs: 2, ...change }) as SpeakerStatistics;

test('shows no bar while voice is not open', () => {
  expect(voiceQuality({ phase: 'closed' }, [], 0)).toMatchObject({ bars: 0, roundTripMs: null });
});

test.each([
  [open(20), {}, 0, 3],
  [open(200), {}, 0, 2],
  [open(500), {}, 0, 1],
  [open(20), { framesConcealed: 60 }, 0, 2],
  [open(20), { framesConcealed: 400 }, 0, 1],
  [open(20), { jitterMs: 50 }, 0, 2],
  [open(20), {}, 10, 1],
])('shows as many bars as the worst figure allows (%#)', (voice, change, reported, bars) => {
  expect(voiceQuality(voice, [speaker(change)], reported).bars).toBe(bars);
});

test('says nothing of loss while nobody was heard', () => {
  expect(voiceQuality(open(20), [speaker({ framesPlayed: 0 })], 0)).toMatchObject({
    lossPct: null,
    jitterMs: null,
  });
});

test('counts two guessed steps of 10 ms as one frame', () => {
  expect(concealedPct(speaker({ framesPlayed: 99, framesConcealed: 2 }))).toBeCloseTo(1);
  expect(concealedPct(speaker({ framesPlayed: 0 }))).toBe(0);
});
