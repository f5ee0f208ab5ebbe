import { expect, test } from 'vitest';
import { GridProgress } from './gridProgress.js';

test('tells what begins, and what is left at the pace so far', () => {
  const told: string[] = [];
  let nowMs = 1_000;
  const steps = [
    { name: 'one', seconds: 60 },
    { name: 'two', seconds: 120 },
    { name: 'three', seconds: 10 },
  ];
  const output = { out: () => undefined, err: (text: string) => told.push(text) };
  const progress = new GridProgress(steps, output, () => nowMs);
  progress.begin();
  // It takes twice as long as was thought.
  nowMs += 120_000;
  progress.begin();
  nowMs += 240_000;
  progress.begin();
  expect(told).toEqual([
    '[1/3] one; about 3 min left\n',
    '[2/3] two; about 4 min left\n',
    '[3/3] three; about 1 min left\n',
  ]);
});
