import { describe, expect, test } from 'vitest';
import type { LogEntry } from '@rookery/client/host/clientLog';
import { filteredLines, logText, mergedLines, partsOf } from './logLines.js';

const entry = (entryId: number, change: Partial<LogEntry>): LogEntry => ({
  entryId,
  atMs: entryId * 1_000,
  level: 'info',
  part: 'voice',
  text: 'open',
  fields: {},
  ...change,
});
const engine = [
  entry(1, { fields: { path: 'udp' } }),
  entry(3, { level: 'warn', part: 'connection', text: 'reconnecting' }),
];
const page = [entry(2, { level: 'error', part: 'page', text: 'no such thing' })];
const lines = mergedLines(engine, page);
const filter = { level: 'debug', part: '', words: '' } as const;

test('both logs are one, by time', () => {
  expect(lines.map(({ lineId }) => lineId)).toEqual(['engine1', 'page2', 'engine3']);
  expect(partsOf(lines)).toEqual(['connection', 'page', 'voice']);
});

describe('filteredLines', () => {
  test.each([
    [{}, ['engine1', 'page2', 'engine3']],
    [{ level: 'warn' }, ['page2', 'engine3']],
    [{ part: 'voice' }, ['engine1']],
    [{ words: 'UDP open' }, ['engine1']],
    [{ words: 'udp reconnecting' }, []],
  ] as const)('by %j', (change, expected) => {
    const found = filteredLines(lines, { ...filter, ...change });
    expect(found.map(({ lineId }) => lineId)).toEqual(expected);
  });
});

test('logText is one line with all of it', () => {
  expect(logText(engine[0]!)).toBe('1970-01-01T00:00:01.000Z info  voice: open path="udp"');
});
