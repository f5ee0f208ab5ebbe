import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { expect, test } from 'vitest';
import { SentIds } from './sentIds.js';

const [ada, grace] = [newUuid(), newUuid()];
const [first, second, third] = [1, 2, 3].map(newTimeOrderedUuid) as [string, string, string];

test('everything is new where nothing was sent', () => {
  const sent = new SentIds(null, 10);
  expect(sent.isNew(ada, first)).toBe(true);
});

test('what is greater than all before the start is new, and nothing else', () => {
  const sent = new SentIds(second, 10);
  expect([first, second, third].map((id) => sent.isNew(ada, id))).toEqual([false, false, true]);
});

test('each user has a newest id of the own', () => {
  const sent = new SentIds(first, 10);
  sent.note(ada, third);
  expect([second, third].map((id) => sent.isNew(ada, id))).toEqual([false, false]);
  expect([first, second].map((id) => sent.isNew(grace, id))).toEqual([false, true]);
});

test('never calls new what was noted, however few users are remembered', () => {
  const seed = 71;
  const random = new SeededRandom(seed);
  const sent = new SentIds(null, 3);
  const users = Array.from({ length: 8 }, () => newUuid());
  const noted: { userId: string; id: string }[] = [];
  let newOnes = 0;
  for (let step = 0; step < 5_000; step++) {
    // Clocks of users differ.
    const id = newTimeOrderedUuid(Math.floor(step / 4) + random.below(20));
    const userId = users[random.below(users.length)]!;
    if (sent.isNew(userId, id)) newOnes += 1;
    sent.note(userId, id);
    noted.push({ userId, id });
    const again = noted[random.below(noted.length)]!;
    if (sent.isNew(again.userId, again.id)) {
      expect.fail(`seed ${seed}, step ${step}: what was sent is called new`);
    }
  }
  expect(newOnes).toBeGreaterThan(500);
});
