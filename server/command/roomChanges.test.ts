import { expect, test } from 'vitest';
import { RoomChanges } from './roomChanges.js';

test('one change begins when the one before has ended, well or not', async () => {
  const changes = new RoomChanges();
  const steps: string[] = [];
  const change = async (name: string, fails: Error | null): Promise<string> => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    steps.push(`${name} ends`);
    if (fails !== null) throw fails;
    return name;
  };
  const first = changes.inTurn(() => change('first', new Error('no')));
  const second = changes.inTurn(() => change('second', null));
  await expect(first).rejects.toThrow('no');
  expect(await second).toBe('second');
  expect(steps).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});
