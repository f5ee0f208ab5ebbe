import { expect, test } from 'vitest';
import { allocationsOf, settledAllocations } from './allocatedBytes.js';

const kept: unknown[] = [];

function allocateTyped(bytes: Uint8Array): void {
  kept[0] = bytes.subarray(1);
}

test('names who allocates, also through a built-in function', () => {
  const bytes = new Uint8Array(10);
  const [most] = allocationsOf(() => {
    for (let i = 0; i < 1_000; i++) allocateTyped(bytes);
  });
  expect(most?.where).toContain('allocateTyped (allocatedBytes.test.js:');
  expect(most?.bytes).toBeGreaterThan(16 * 1_000);
});

test('finds nothing where nothing is allocated', () => {
  const samples = new Float32Array(480);
  const add = (): void => {
    for (let i = 0; i < samples.length; i++) samples[i]! += 1;
  };
  expect(settledAllocations(add).bytesPerStep).toBeLessThan(1);
});
