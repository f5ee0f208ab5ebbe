import { expect, test } from 'vitest';
import { relayPathSteps } from './relayPathSteps.js';

// Batch sockets are Linux's.
test.runIf(process.platform === 'linux')('every step can be called again and again', () => {
  const steps = relayPathSteps([1, 40]);
  expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  for (const { run } of steps) for (let i = 0; i < 300; i++) run();
});
