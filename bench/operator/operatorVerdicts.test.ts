import { expect, test } from 'vitest';
import { operatorVerdicts, type LookRound } from './operatorVerdicts.js';

const round: LookRound = {
  alone: { seconds: 10, mainThread: 0.05, allThreads: 0.1 },
  scraped: { seconds: 10, mainThread: 0.07, allThreads: 0.12 },
  scrapes: 40,
  watched: { seconds: 10, mainThread: 0.06, allThreads: 0.115 },
};
const measured = { sessions: 5_000, speakers: 50, rounds: [round], lossPct: 0.05, expected: 1_000 };

test('tells what a console and a scrape cost beyond the same time without', () => {
  const verdicts = operatorVerdicts(measured);
  expect(verdicts.map(({ figure }) => figure)).toEqual([
    '1.50 % (without it 10.00 %)',
    '5.00 ms',
    '0.0500 % of 1000 frames',
  ]);
  expect(verdicts.map(({ isMet }) => isMet)).toEqual([true, true, true]);
});

test('misses what costs more', () => {
  const dear: LookRound = {
    ...round,
    scraped: { seconds: 10, mainThread: 0.1, allThreads: 0.2 },
    watched: { seconds: 10, mainThread: 0.1, allThreads: 0.121 },
  };
  const verdicts = operatorVerdicts({ ...measured, rounds: [dear], lossPct: 0.2 });
  expect(verdicts.map(({ isMet }) => isMet)).toEqual([false, false, false]);
});

test('says nothing of a relay that had nothing to deliver', () => {
  expect(operatorVerdicts({ ...measured, expected: 0 })[2]!.isMet).toBeNull();
});
