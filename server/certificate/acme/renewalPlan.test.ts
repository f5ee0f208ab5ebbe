import { expect, test } from 'vitest';
import { renewalDueMs, retryDueMs } from './renewalPlan.js';

const dayMs = 86_400_000;
const minuteMs = 60_000;

test('renews at two thirds of the life, spread over a thirtieth of it', () => {
  const life = { validFrom: new Date(0), validTo: new Date(90 * dayMs) };
  expect(renewalDueMs(life, 0)).toBe(60 * dayMs);
  expect(renewalDueMs(life, 1)).toBe(63 * dayMs);
});

test('waits twice as long after each failure, up to a day', () => {
  const waits = Array.from({ length: 12 }, (_, at) => retryDueMs(0, at + 1, 0) / minuteMs);
  expect(waits.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
  expect(waits.at(-1)).toBe(24 * 60);
});

test('spreads those who failed at the same time', () => {
  expect(retryDueMs(0, 1, 1)).toBe(1.25 * 5 * minuteMs);
});

test('stays below five tries in the first hour, as authorities demand', () => {
  let atMs = 0;
  let tries = 0;
  for (; atMs < 60 * minuteMs; tries += 1) atMs = retryDueMs(atMs, tries + 1, 0);
  expect(tries).toBeLessThan(5);
});

test('gives an authority the time that it wants, no less than its own and up to a day', () => {
  const hourMs = 60 * minuteMs;
  expect(retryDueMs(0, 1, 0, hourMs)).toBe(hourMs);
  expect(retryDueMs(0, 1, 0, 1)).toBe(5 * minuteMs);
  expect(retryDueMs(0, 12, 0, hourMs)).toBe(dayMs);
  expect(retryDueMs(0, 1, 0, 365 * dayMs)).toBe(dayMs);
});
