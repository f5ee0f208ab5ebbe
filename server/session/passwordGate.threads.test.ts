import { expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { openPasswordGate } from './passwordGate.js';
import { PasswordPool } from './passwordPool.js';

const limits = controlLimits.password;

test('lets the password in and nothing else', async () => {
  const pool = new PasswordPool(limits);
  const gate = await openPasswordGate('correct horse', pool);
  try {
    const given = ['correct horse', 'correct hors', 'Correct horse', '', 'x'.repeat(1_024)];
    const answers = await Promise.all(given.map((password) => gate.check(password)));
    expect(answers).toEqual([true, false, false, false, false]);
  } finally {
    await pool.close();
  }
});

test('is busy once the queue is full, and open again when it has emptied', async () => {
  const pool = new PasswordPool({ ...limits, threadsMax: 1, queueMax: 2 });
  const gate = await openPasswordGate('secret', pool);
  try {
    const answers = await Promise.all(Array.from({ length: 8 }, () => gate.check('secret')));
    expect(answers).toContain('busy');
    expect(answers.filter((answer) => answer === true).length).toBeGreaterThanOrEqual(2);
    const hashes = await Promise.all(Array.from({ length: 8 }, () => pool.hash('secret')));
    expect(hashes).toContain(null);
    expect(new Set(hashes).size).toBeGreaterThan(2);
    expect(await gate.check('secret')).toBe(true);
  } finally {
    await pool.close();
  }
});
