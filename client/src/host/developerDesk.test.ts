import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostPort } from '../bridge/bridgeMessages.js';
import { partHashes } from '../bridge/canonicalState.js';
import { noChaos } from '../engine/audio/tools/chaos.js';
import { ClientError } from '../engine/clientError.js';
import { openEngine, type Engine } from '../engine/engine.js';
import { DeveloperDesk } from './developerDesk.js';

/** Tools only tell ports apart. */
const [one, other] = [{} as HostPort, {} as HostPort];
let engine: Engine;
let desk: DeveloperDesk;
let state: object;

beforeEach(() => {
  const times = { timeoutMs: 1_000, reconnectMs: 0 };
  engine = openEngine({ profileFolder: 'none', clientName: 'test', ...times });
  state = { count: 1 };
  const host = { engine, profileFolder: 'profile', readState: () => state };
  desk = new DeveloperDesk(host, () => undefined);
});
afterEach(async () => {
  desk.close();
  await engine.close();
});

/** Whether there are samples, by what the engine shows next. */
async function isSampling(): Promise<boolean> {
  return await new Promise((resolve) => {
    const stop = engine.subscribe(({ diagnostics }) => {
      stop();
      resolve(diagnostics !== null);
    });
  });
}

test('watches as long as one of the windows that asked for it is there', async () => {
  desk.toolsOf(one).watchDiagnostics(true);
  desk.toolsOf(one).watchDiagnostics(true);
  desk.toolsOf(other).watchDiagnostics(true);
  desk.toolsOf(one).watchLog(true);
  desk.toolsOf(one).watchDiagnostics(false);
  expect(await isSampling()).toBe(true);
  expect(desk.log.shown).not.toBeNull();
  desk.windowGone(other);
  expect(engine.state.diagnostics).toBeNull();
  desk.windowGone(one);
  expect(desk.log.shown).toBeNull();
});

test('logs how commands went, and nothing of what they were given', async () => {
  desk.toolsOf(one).watchLog(true);
  await desk.logged('engine.joinRoom', () => Promise.resolve('done'));
  await desk.logged('engine.typing', () => Promise.resolve());
  const refused = new ClientError('noSuchRoom', 'there is no such room');
  await expect(desk.logged('engine.joinRoom', () => Promise.reject(refused))).rejects.toBe(refused);
  expect(desk.log.shown).toMatchObject([
    { level: 'debug', part: 'commands', text: 'engine.joinRoom' },
    { level: 'warn', part: 'commands', fields: { code: 'noSuchRoom' } },
  ]);
});

test('logs what happens to the engine', () => {
  desk.toolsOf(one).watchLog(true);
  desk.toolsOf(one).setChaos('incoming', { ...noChaos, lossPct: 5 });
  expect(engine.state.chaos.incoming).toMatchObject({ lossPct: 5 });
  expect(desk.log.shown).toMatchObject([{ part: 'network', fields: { lossPct: 5 } }]);
});

test.each<[string, (tools: ReturnType<DeveloperDesk['toolsOf']>) => unknown]>([
  ['a direction', (tools) => tools.setChaos('sideways' as 'incoming', null)],
  ['settings of a network', (tools) => tools.setChaos('incoming', {} as typeof noChaos)],
  ['what a network can do', (tools) => tools.setChaos('incoming', { ...noChaos, lossPct: 101 })],
  ['a whole path', (tools) => tools.startDump({ stages: ['heard'], folder: 'somewhere' })],
  ['what there is to write', (tools) => tools.startDump({ stages: [] })],
  ['where to record', (tools) => tools.startRecording({ isPerSpeaker: true, folder: '..' })],
])('refuses what is not %s', (_name, call) => {
  expect(() => call(desk.toolsOf(one))).toThrow(ClientError);
});

test('compares the state of the moment at which it was pinned', async () => {
  const tools = desk.toolsOf(one);
  tools.pinState();
  const pinned = await partHashes(state);
  state = { count: 2 };
  expect(await tools.hashPinned()).toEqual(pinned);
  expect(await tools.hashPinned()).not.toEqual(pinned);
});
