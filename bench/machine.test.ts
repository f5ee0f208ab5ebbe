import { expect, test } from 'vitest';
import { describeMachine, formatMachine } from './machine.js';

test('names processor, cores, kernel and Node', () => {
  const machine = describeMachine();
  expect(machine.cores).toBeGreaterThan(0);
  expect(formatMachine({ ...machine, cpu: 'Some CPU', cores: 2, kernel: 'Linux 6' })).toBe(
    `Some CPU, 2 cores, Linux 6, Node ${process.versions.node}`,
  );
});
