import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Configuration } from '../../config/configuration.js';
import { serverLimits } from '../../limits.js';
import { startServer, type RunningServer } from '../../startServer.js';
import { ApiClient } from '../../testing/apiClient.js';
import { ask, someBytes, startOf } from '../../testing/fileTransfers.js';
import { done, enterRoom } from '../../testing/moderating.js';
import { patientLimits } from '../../testing/patientLimits.js';
import { openTestClients, type TestClients } from '../../testing/testServer.js';

const password = 'a password of somebody';
let directory = '';
let running: RunningServer;
let clients: TestClients;
let olga: ApiClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-settings-'));
  const ports = { port: '0', 'voice-port': '0', 'admin-port': '0', host: '127.0.0.1' };
  const options = { ...ports, 'relay-workers': '1', 'everyone-is': 'member' };
  const configuration = new Configuration(
    { options: { ...options, data: join(directory, 'data') }, configFile: null },
    { env: {}, homeDirectory: directory, workingDirectory: directory },
  );
  const around = { consoleFolder: null, configuration, logTail: null };
  const limits = { ...serverLimits, abuse: patientLimits };
  const log = pino({ level: 'silent' });
  running = await startServer(configuration.running, log, limits, around);
  configuration.follow((next) => running.reconfigure(next));
  clients = await openTestClients(running.info.quic.port);
  olga = new ApiClient(running.info.admin.port);
  const { ownerToken } = running;
  await olga.login('/owner', { ownerToken, name: 'Olga', password });
});
afterAll(async () => {
  await clients.close();
  await running.stop();
  rmSync(directory, { recursive: true });
});

const file = (): string => join(directory, 'data', 'rookery.toml');
const fileText = (): string => (existsSync(file()) ? readFileSync(file(), 'utf8') : '');

async function settingOf(key: string): Promise<unknown> {
  const { settings } = (await olga.ask('GET', '/settings')).body;
  return (settings as { readonly key: string }[]).find((one) => one.key === key);
}

async function lastActs(count: number): Promise<unknown> {
  return (await olga.ask('GET', `/audit?count=${count}`)).body['entries'];
}

test('a live key holds at once, stands in the file, and is in the log', async () => {
  const client = await clients.connect();
  await client.login();
  await done(client, enterRoom(rootRoomId));
  const sizeBytes = 2 * 1_048_576;
  const begin = (seed: number) => ask(client, startOf({ bytes: someBytes(100, seed), sizeBytes }));
  expect((await begin(1)).type).toBe(FrameType.UploadAck);
  expect(await olga.ask('PATCH', '/settings', { 'file-size': 1 })).toMatchObject({
    status: 200,
    body: { changes: [{ key: 'file-size', applied: ['file-size'], overriddenBy: null }] },
  });
  expect((await begin(2)).type).not.toBe(FrameType.UploadAck);
  expect(fileText()).toMatch(/^file-size = 1$/m);
  expect(await settingOf('file-size')).toMatchObject({ value: 1, needsRestart: false });
  expect(await lastActs(1)).toMatchObject([
    { action: 'changeSettings', detail: 'file-size: 1', isRefused: false },
  ]);
  expect((await olga.ask('PATCH', '/settings', { 'file-size': null })).status).toBe(200);
  expect((await begin(3)).type).toBe(FrameType.UploadAck);
  client.close();
});

test('another key waits for the next start, and a secret is in no log', async () => {
  const wanted = { name: 'Nest', password: 'tall trees' };
  const answer = await olga.ask('PATCH', '/settings', wanted);
  expect(answer.status).toBe(200);
  expect(await settingOf('name')).toMatchObject({ needsRestart: true });
  expect(await settingOf('password')).toMatchObject({ value: null });
  expect(await lastActs(1)).toMatchObject([{ detail: 'name: Nest, password: changed' }]);
});

test('keys that fit only together change in one go', async () => {
  const wanted = { 'calm-room-rate': 200, 'hot-room-rate': 300 };
  expect((await olga.ask('PATCH', '/settings', wanted)).status).toBe(200);
  expect(await settingOf('hot-room-rate')).toMatchObject({ value: 300, needsRestart: false });
});

test.each([
  ['nonsense', { 'keep-days': 'few' }, 400, 'invalidSetting'],
  ['a key that there is not', { 'keep-dayz': 3 }, 400, 'invalidSetting'],
  ['one wrong among right ones', { 'keep-days': 3, 'file-size': -1 }, 400, 'invalidSetting'],
  ['what contradicts itself', { 'keep-days': 3, 'user-quota': 1 }, 400, 'invalidSetting'],
  ['a path', { 'keep-days': 3, 'log-file': 'elsewhere' }, 403, 'notOverHttp'],
])('%s changes nothing', async (_what, wanted, status, code) => {
  const before = fileText();
  const acts = await lastActs(1);
  expect(await olga.ask('PATCH', '/settings', wanted)).toMatchObject({ status, body: { code } });
  expect(fileText()).toBe(before);
  expect(await settingOf('keep-days')).toMatchObject({ value: 0 });
  expect(await lastActs(1)).toEqual(acts);
});
