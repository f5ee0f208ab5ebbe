import { afterEach, beforeEach, expect, test } from 'vitest';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { ReadMarks } from './readMarks.js';

const [ada, bob, games] = [newUuid(), newUuid(), newUuid()];
const [first, second, third] = [1, 2, 3].map((ms) => newTimeOrderedUuid(ms)) as [
  string,
  string,
  string,
];

let base: TestDatabase;
let marks: ReadMarks;

beforeEach(() => {
  base = openTestDatabase();
  marks = new ReadMarks(base.database);
});

afterEach(() => base.remove());

test('go forward only, and what was read was delivered', async () => {
  expect(marks.find(ada, games)).toEqual({ deliveredId: null, readId: null });
  const delivered = { deliveredId: second, readId: null };
  expect(await marks.raise(ada, games, { deliveredId: second })).toEqual(delivered);
  expect(await marks.raise(ada, games, { deliveredId: first })).toBeNull();
  const read = { deliveredId: second, readId: first };
  expect(await marks.raise(ada, games, { readId: first })).toEqual(read);
  const all = { deliveredId: third, readId: third };
  expect(await marks.raise(ada, games, { readId: third })).toEqual(all);
  expect(await marks.raise(ada, games, { readId: second, deliveredId: second })).toBeNull();
  expect(marks.find(ada, games)).toEqual(all);
});

test('are of one user each, and last', async () => {
  await marks.raise(ada, games, { readId: first });
  await marks.raise(bob, games, { readId: second });
  marks = new ReadMarks(await base.reopen());
  expect(marks.list(ada, 9)).toEqual([{ roomId: games, deliveredId: first, readId: first }]);
  expect(marks.find(bob, games).readId).toBe(second);
});
