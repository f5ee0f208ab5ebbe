import { idleStressResult } from '@rookery/schemas/stressTest';
import { expect, test } from 'vitest';
import { botsVerdicts, type BotsMeasured } from './botsVerdicts.js';

const options = { count: 5_000, rooms: 500, speakers: 50, seconds: 30, ramp: 150 };
const figures = {
  result: {
    ...idleStressResult,
    ...{ joined: 5_000, wanted: 5_000, expected: 1_000_000, delivered: 999_500, lossPct: 0.05 },
    ...{ cpuPct: 80, rssMiB: 800, botsRssMiB: 2_560 },
  },
  quiet: { server: 20, bots: 10 },
  speaking: { server: 80, bots: 60 },
  ...{ throttled: 0, firstFailure: '', lagMsMax: 3 },
};
const measured: BotsMeasured = {
  test: options,
  crowd: figures,
  // 200 bots: 0.01 % each while they are silent, 0.25 % while they speak.
  alone: { ...figures, quiet: { server: 1, bots: 2 }, speaking: { server: 30, bots: 50 } },
  aloneCount: 200,
};

function metOf(from: BotsMeasured): (boolean | null)[] {
  return botsVerdicts(from).map(({ isMet }) => isMet);
}

test('all targets are met where all came, little was lost and they cost little', () => {
  expect(metOf(measured)).toEqual([true, true, true, true, true, null, null]);
  const figure = botsVerdicts(measured)[4]!.figure;
  expect(figure).toBe('1/25 (100 µs a second beside 2500 µs a second)');
});

test('each target is missed by itself', () => {
  const worse = (result: Partial<typeof figures.result>): BotsMeasured => ({
    ...measured,
    crowd: { ...figures, result: { ...figures.result, ...result } },
  });
  expect(metOf(worse({ joined: 4_999 }))[0]).toBe(false);
  expect(metOf(worse({ lossPct: 0.11 }))[1]).toBe(false);
  expect(metOf(worse({ rssMiB: 1_025 }))[2]).toBe(false);
  expect(metOf(worse({ botsRssMiB: 6_000 }))[3]).toBe(false);
  const busy = { ...measured.alone, quiet: { server: 1, bots: 3 } };
  expect(metOf({ ...measured, alone: busy })[4]).toBe(false);
});

test('nothing is said of loss where nobody was to hear anything', () => {
  const silent = { ...figures, result: { ...figures.result, expected: 0 } };
  expect(metOf({ ...measured, crowd: silent })[1]).toBeNull();
});
