import { expect, test } from 'vitest';
import { KeyedTurns } from './keyedTurns.js';

test('works on one key in order, on others beside it, and goes on after a fault', async () => {
  const turns = new KeyedTurns();
  const events: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = turns.inTurn('a', async () => {
    await held;
    events.push('first');
    throw new Error('fails');
  });
  const second = turns.inTurn('a', () => Promise.resolve(void events.push('second')));
  await turns.inTurn('b', () => Promise.resolve(void events.push('other')));
  expect(events).toEqual(['other']);
  release();
  await expect(first).rejects.toThrow('fails');
  await second;
  await turns.idle();
  expect(events).toEqual(['other', 'first', 'second']);
});
