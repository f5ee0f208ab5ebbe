import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import { expect, test } from 'vitest';
import { recentMs, RecentSpeech } from './recentSpeech.js';

function heard(framesPlayed: number, framesConcealed: number): Map<number, SpeakerStatistics> {
  return new Map([[7, { framesPlayed, framesConcealed } as SpeakerStatistics]]);
}

test('forgets a bad beginning after a while', () => {
  const recent = new RecentSpeech();
  recent.follow(0, new Map());
  expect(recent.follow(1_000, heard(50, 40))).toMatchObject([
    { framesPlayed: 50, framesConcealed: 40 },
  ]);
  expect(recent.follow(recentMs, heard(750, 40))).toMatchObject([
    { framesPlayed: 750, framesConcealed: 40 },
  ]);
  expect(recent.follow(1_000 + recentMs, heard(800, 41))).toMatchObject([
    { framesPlayed: 750, framesConcealed: 1 },
  ]);
});

test('knows nothing of who was not heard for the whole time', () => {
  const recent = new RecentSpeech();
  recent.follow(0, heard(50, 40));
  expect(recent.follow(recentMs, heard(50, 40))).toEqual([]);
});

test('takes counts that begin anew for what they are', () => {
  const recent = new RecentSpeech();
  recent.follow(0, heard(500, 40));
  expect(recent.follow(1_000, heard(20, 2))).toMatchObject([
    { framesPlayed: 20, framesConcealed: 2 },
  ]);
});

test('keeps no more than the window, however often it is asked', () => {
  const recent = new RecentSpeech();
  for (let at = 0; at < 4 * recentMs; at += 50) recent.follow(at, heard(at / 20, 0));
  expect(recent.follow(4 * recentMs, heard((4 * recentMs) / 20, 0))).toMatchObject([
    { framesPlayed: recentMs / 20 },
  ]);
});
