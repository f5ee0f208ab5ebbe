import { expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { openPasswordGate } from './passwordGate.js';

const limits = controlLimits.password;

test('lets the password in and nothing else', async () => {
  const gate = await openPasswordGate('correct horse', limits);
  try {
    const given = ['correct horse', 'correct hors', 'Correct horse', '', 'x'.repeat(1_024)];
    const answers = await Promise.all(given.map((password) => gate.check(password)));
    expect(answers).toEqual([true, false, false, false, false]);
  } finally {
    await gate.close();
  }
});

test('is busy once the queue is full, and open again when it has emptied', async () => {
  const gate = await openPasswordGate('secret', { ...limits, threadsMax: 1, queueMax: 2 });
  try {
    const answers = await Promise.all(Array.from({ length: 8 }, () => gate.check('secret')));
    expect(answers).toContain('busy');
    expect(answers.filter((answer) => answer === true).length).toBeGreaterThanOrEqual(2);
    expect(await gate.check('secret')).toBe(true);
  } finally {
    await gate.close();
  }
});
