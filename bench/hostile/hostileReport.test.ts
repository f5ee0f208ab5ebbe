import { expect, test } from 'vitest';
import { formatHostile, type Spell } from './hostileReport.js';

const quiet: Spell = {
  loginMs: [3, 4],
  messageMs: [1, 2],
  failedLogins: 0,
  lostMessages: 0,
  memoryMiBMax: 100.4,
};

test('holds what was measured beside an attack against what was measured before', () => {
  const beside = { ...quiet, loginMs: [5, 10_000], failedLogins: 1, memoryMiBMax: 140 };
  const attack = { kind: 'retireIds', connections: 7, packets: 9, bytes: 12_000_000 } as const;
  const text = formatHostile([{ ...attack, before: quiet, beside }], 'A machine');
  expect(text).toContain('4 → 10000 ms');
  expect(text).toContain('2 → 2 ms');
  expect(text).toContain('1 of 2 logins, 0 of 2 messages');
  expect(text).toContain('100 → 140 MiB');
  expect(text).toContain('7, 12');
  expect(text).toContain('A machine');
});
