import { describe, expect, it } from 'vitest';
import { figuresWords, happeningWords, isShown, logLineWords, type LogLine } from './adminWords.js';

const line: LogLine = {
  timeMs: Date.UTC(2026, 10, 21, 9, 30),
  level: 'warn',
  part: 'relay',
  message: 'a worker was started again',
  fields: { worker: 1, reason: 'it died' },
};

describe('a line of the log', () => {
  it('is told with all that was written', () => {
    expect(logLineWords(line)).toBe(
      '2026-11-21T09:30:00.000Z warn  relay: a worker was started again worker=1 reason=it died',
    );
  });

  it('is shown where its level and part are wanted', () => {
    expect(isShown(line, { level: 'warn' })).toBe(true);
    expect(isShown(line, { level: 'error' })).toBe(false);
    expect(isShown(line, { level: 'trace', part: 'relay' })).toBe(true);
    expect(isShown(line, { level: 'trace', part: 'store' })).toBe(false);
    expect(isShown({ ...line, part: null }, { level: 'trace', part: 'store' })).toBe(false);
  });
});

it('tells the figures of a second', () => {
  const figures = { sessions: 3, rooms: 2, speakers: 1, isDraining: true, cpuSeconds: 1.25 };
  const more = { rssBytes: 104_857_600, voice: { framesIn: 50, framesOut: 100 } };
  expect(figuresWords({ ...figures, ...more })).toBe(
    '3 sessions, 2 rooms, 1 speak; frames 50 in, 100 out; CPU 1.3 s, 100 MiB; ' +
      'newcomers are turned away',
  );
});

it('tells who did what', () => {
  const ada = { atMs: 0, userId: 'a', displayName: 'Ada', roomId: 'r' };
  expect(happeningWords({ kind: 'came', ...ada })).toBe('Ada came');
  expect(happeningWords({ kind: 'moved', ...ada })).toBe('Ada moved to r');
  const act = { kind: 'act', atMs: 0, action: 'kick', actorId: 'a', isRefused: true } as const;
  expect(happeningWords({ ...act, targetId: 'b', detail: 'noise' })).toBe(
    'kick (refused) by a to b: noise',
  );
});
