import { expect, test } from 'vitest';
import type { SpeakerReading } from './figures.js';
import { RecentSound } from './recentSound.js';

/** What one speaker's counts are at a moment. */
const heard = (change: Partial<SpeakerReading>): ReadonlyMap<number, SpeakerReading> => {
  const none = { framesPlayed: 0, framesRecovered: 0, framesConcealed: 0, frameMs: 20 };
  const reading = { ...none, isTalking: true, jitterMs: 4, ...change };
  return new Map([[7, reading as SpeakerReading]]);
};

test('says nothing while nobody speaks', () => {
  const recent = new RecentSound();
  const nothing = { receivedLossPct: null, jitterMs: null };
  expect(recent.push(new Map())).toEqual(nothing);
  expect(recent.push(heard({ isTalking: false }))).toEqual(nothing);
});

test('tells what was lost lately, and forgets it ten seconds later', () => {
  const recent = new RecentSound();
  recent.push(heard({ framesPlayed: 100 }));
  // Of 50 frames one was brought back, and one was guessed in two steps of 10 ms.
  const lost = { framesPlayed: 148, framesRecovered: 1, framesConcealed: 2 };
  expect(recent.push(heard(lost))).toEqual({ receivedLossPct: 4, jitterMs: 4 });
  for (let second = 1; second <= 10; second++) {
    const { receivedLossPct } = recent.push(heard({ ...lost, framesPlayed: 148 + 50 * second }));
    expect(receivedLossPct === 0).toBe(second === 10);
  }
});
