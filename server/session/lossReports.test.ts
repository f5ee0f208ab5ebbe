import { beforeEach, expect, test } from 'vitest';
import { signalLimits } from '../signalLimits.js';
import { LossReports } from './lossReports.js';

const limits = { ...signalLimits.lossReports, receiversMax: 4, toldPerSweepMax: 2 };
const speaker = 1;
/** Tokens from here on are heard by nobody. */
const foreign = 1_000;

let told: (readonly [speakerToken: number, lossPct: number])[];
let reports: LossReports;
beforeEach(() => {
  told = [];
  reports = new LossReports({
    limits,
    mayHear: (receiver) => (token) => token !== receiver && token < foreign,
    tell: (token, lossPct) => told.push([token, lossPct]),
  });
});

test('a speaker is told the mean of the newest report of each receiver', () => {
  reports.note(2, [[speaker, 80]], 0);
  reports.note(2, [[speaker, 30]], 100);
  reports.note(3, [[speaker, 10]], 200);
  reports.sweep(1_000);
  expect(told).toEqual([[speaker, 20]]);
});

test('one bad receiver counts once, however often it reports', () => {
  for (let atMs = 0; atMs < 500; atMs++) reports.note(2, [[speaker, 100]], atMs);
  for (const receiver of [3, 4, 5]) reports.note(receiver, [[speaker, 0]], 500);
  reports.sweep(1_000);
  expect(told).toEqual([[speaker, 25]]);
});

test('of more receivers than are kept the last ones count', () => {
  for (let receiver = 2; receiver < 500; receiver++) reports.note(receiver, [[speaker, 100]], 0);
  for (const receiver of [500, 501, 502, 503]) reports.note(receiver, [[speaker, 8]], 10);
  reports.sweep(1_000);
  expect(told).toEqual([[speaker, 8]]);
});

test('a speaker is told once in five seconds, and that nothing gets lost any more', () => {
  reports.note(2, [[speaker, 20]], 0);
  for (let atMs = 0; atMs <= 6_000; atMs += 1_000) reports.sweep(atMs);
  expect(told).toHaveLength(2);
  reports.note(2, [[speaker, 0]], 7_000);
  for (let atMs = 7_000; atMs <= 16_000; atMs += 1_000) reports.sweep(atMs);
  expect(told).toEqual([
    [speaker, 20],
    [speaker, 20],
    [speaker, 0],
  ]);
});

test('nothing is told where nothing gets lost, or reports are old, and nothing is kept', () => {
  reports.note(2, [[speaker, 0]], 0);
  reports.note(2, [[7, 50]], 0);
  reports.sweep(1_000);
  expect(told).toEqual([[7, 50]]);
  reports.sweep(10_001);
  expect(told).toHaveLength(1);
  expect(reports.size).toBe(0);
});

test('whoever may not hear a speaker is not believed, nor who speaks of himself', () => {
  const losses = [
    [foreign, 100],
    [speaker, 10],
    [2, 100],
  ] as const;
  expect(reports.note(2, losses, 0)).toBe(2);
  expect(reports.size).toBe(1);
});

test('no more speakers are told at once than may, and the others next', () => {
  const losses = [10, 11, 12, 13, 14].map((token) => [token, 5] as const);
  reports.note(2, losses, 0);
  const counts = [1_000, 2_000, 3_000].map((atMs) => {
    reports.sweep(atMs);
    return told.length;
  });
  expect(counts).toEqual([2, 4, 5]);
  expect(new Set(told.map(([token]) => token)).size).toBe(5);
});

test('a session that is gone is forgotten', () => {
  reports.note(2, [[speaker, 20]], 0);
  reports.forget(speaker);
  expect(reports.size).toBe(0);
  reports.sweep(1_000);
  expect(told).toEqual([]);
});
