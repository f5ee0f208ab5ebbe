import { expect, test } from 'vitest';
import { SnapshotLog } from './snapshotLog.js';

const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

test('a part is encoded once, and what changed since comes behind it in one piece', () => {
  const log = new SnapshotLog();
  let encoded = 0;
  const bytes = (): number[] => log.frames(() => frame(100 + encoded++)).flatMap((f) => [...f]);
  // What is not encoded yet has everything in it that happened before.
  log.append([frame(1)], 1, 80);
  expect(bytes()).toEqual([100]);
  log.append([frame(2), frame(3)], 2, 80);
  log.append([frame(4)], 1, 80);
  expect(bytes()).toEqual([100, 2, 3, 4]);
  expect(log.frames(() => frame(0))).toHaveLength(2);
  log.append([frame(5)], 1, 80);
  expect(bytes()).toEqual([100, 2, 3, 4, 5]);
  expect(encoded).toBe(1);
});

test('a part is encoded anew once more than an eighth of it has changed', () => {
  const log = new SnapshotLog();
  const encode = (): Uint8Array => frame(7);
  log.frames(encode);
  log.append([frame(1)], 10, 80);
  expect(log.frames(encode)).toHaveLength(2);
  log.append([frame(2)], 1, 80);
  expect(log.frames(encode)).toEqual([frame(7)]);
});
