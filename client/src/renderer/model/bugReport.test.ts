import { expect, test } from 'vitest';
import { initialState } from '@rookery/client/engine/engineState';
import { nothingKept, type ClientState } from '@rookery/client/host/clientState';
import { bugReport } from './bugReport.js';
import { figureIds, type Figures } from './figures.js';
import type { LogLine } from './logLines.js';

const { view, ...engine } = initialState;
const state: ClientState = {
  ...engine,
  ...nothingKept,
  rooms: view.rooms,
  people: new Map(),
  sessions: view.sessions,
  showsEverybody: false,
  messageOfTheDay: 'not for the report',
};
const platform = {
  clientVersion: '1.2.3',
  nodeVersion: 'v20',
  platform: 'linux',
  release: '6.1',
  architecture: 'x64',
  processor: 'fast',
  cores: 2,
  memoryBytes: 4 * 2 ** 30,
};
const line = (at: number): LogLine => {
  const lineId = `engine${at}`;
  return { lineId, atMs: at, level: 'info', part: 'voice', text: `line ${at}.`, fields: {} };
};

test('says what somebody who looks for a fault wants to know, and not what was written', () => {
  const unknown = Object.fromEntries(figureIds.map((id) => [id, null])) as Figures;
  const figures = { ...unknown, loss: 7.25 };
  const lines = Array.from({ length: 150 }, (_, at) => line(at));
  const report = bugReport({ platform, userAgent: 'a browser', lines, figures, state });
  expect(report).toContain('- client: 1.2.3');
  expect(report).toContain('- loss: 7.3 %');
  expect(report).toContain('line 149.');
  expect(report).not.toContain('line 49.');
  expect(report).not.toContain('not for the report');
});
