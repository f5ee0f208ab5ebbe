import { describe, expect, test } from 'vitest';
import { figuresOf } from './relayComparison.js';
import { count, formatFigures, formatGridTable, milliseconds, percent } from './relayReport.js';
import { loadResult, serverRun } from '../testing/loadResult.js';

describe('relay report', () => {
  const server = figuresOf([loadResult({ packetsDelivered: 25, delayP99Us: 4_321 })]);

  test('sets server and floor side by side', () => {
    const text = formatFigures(server, figuresOf([loadResult()]));
    const row = (label: string): string[] =>
      text
        .split('\n')
        .find((line) => line.startsWith(label))!
        .slice(24)
        .trim()
        .split(/ {2,}/);
    expect(row('frames per packet')).toEqual(['4.00', '2.00']);
    expect(row('delay p99')).toEqual(['4.32 ms', '0.30 ms']);
    expect(row('frames per CPU second')).toEqual(['200', '200']);
  });

  test('has one column where there is no floor', () => {
    expect(formatFigures(server, null)).not.toContain('floor');
  });

  test('sets the loads of a grid under each other, with and without what idling costs', () => {
    const run = serverRun({ seconds: 1, cpuSeconds: 0.5 });
    const comparison = { server: [run], floor: [loadResult({ cpuSeconds: 0.25 })] };
    const place = { rooms: 1, receivers: 1, speakers: 1, workers: 1 };
    const table = formatGridTable([{ ...place, name: 'one', idleCpuShare: 0.1, comparison }]);
    const cells = table
      .split('\n')[2]!
      .split('|')
      .map((cell) => cell.trim());
    expect(cells.slice(1, 4)).toEqual(['one', '0.50', '80 / 10 / 10']);
    expect(cells.slice(4, 8)).toEqual(['200', '0.50', '0.63', '10.00 %']);
  });

  test('writes numbers as people read them', () => {
    expect(count(1_234_567.8)).toBe('1,234,568');
    expect(milliseconds(1_234)).toBe('1.23 ms');
    expect(percent(0.25)).toBe('25.00 %');
    expect(percent(0.000_04)).toBe('0.0040 %');
    expect(percent(0)).toBe('0.00 %');
  });
});
