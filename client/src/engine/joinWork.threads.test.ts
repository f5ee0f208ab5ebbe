import { expect, test } from 'vitest';
import { isWorkDone } from '@rookery/schemas/joinWork';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { doJoinWork } from './joinWork.js';

const challenge = new SeededRandom(3).bytes(32);

test('does the work that was asked for', async () => {
  const work = await doJoinWork(challenge, 10, new AbortController().signal);
  expect(isWorkDone(challenge, work, 10)).toBe(true);
});

test('gives it up when nobody wants it any more', async () => {
  const giveUp = new AbortController();
  // No search for so many bits ends before the next line.
  const work = doJoinWork(challenge, 32, giveUp.signal);
  giveUp.abort();
  await expect(work).rejects.toMatchObject({ code: 'disconnected' });
});
