import { expect, test } from 'vitest';
import { runPartsInTime } from './partsInTime.js';

const one = { of: 1 };
const two = { of: 2 };
const forEver = (): Promise<typeof one> => new Promise(() => undefined);

test('parts are told one by one, as they are over', async () => {
  const told: object[] = [];
  const second = (): Promise<typeof two> => {
    expect(told).toEqual([one]);
    return Promise.resolve(two);
  };
  const parts = [() => Promise.resolve(one), second];
  expect(await runPartsInTime(parts, 60_000, (part) => told.push(part))).toBe(true);
  expect(told).toEqual([one, two]);
});

test('a part that does not end ends nothing but itself and what comes behind', async () => {
  const told: object[] = [];
  const parts = [() => Promise.resolve(one), forEver, () => Promise.resolve(two)];
  expect(await runPartsInTime(parts, 1, (part) => told.push(part))).toBe(false);
  expect(told.length).toBeLessThanOrEqual(1);
  expect(told).not.toContain(two);
});

test('what a part throws is thrown', async () => {
  const broken = (): Promise<typeof one> => Promise.reject(new Error('no kernel'));
  await expect(runPartsInTime([broken], 60_000, () => undefined)).rejects.toThrow('no kernel');
});
