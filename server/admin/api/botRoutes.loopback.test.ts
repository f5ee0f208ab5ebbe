import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { idleStressResult } from '@rookery/schemas/stressTest';
import { ApiClient } from '../../testing/apiClient.js';
import { done } from '../../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../../testing/rankedServer.js';

const password = 'a password of somebody';
let ranked: RankedServer;
let olga: ApiClient;
let mara: ApiClient;

beforeAll(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Mara: 'moderator' });
  [olga, mara] = [await operator('Olga'), await operator('Mara')];
});
afterAll(() => ranked.close());

async function operator(name: string): Promise<ApiClient> {
  const client = await ranked.joinAs(name);
  await done(client, {
    ...{ type: FrameType.SetAccountPassword, userId: null },
    ...{ currentPassword: '', newPassword: password },
  });
  client.close();
  await client.untilClosed();
  const api = new ApiClient(ranked.server.running.info.admin.port);
  await api.login('/login', { name, password });
  return api;
}

async function newestActions(count: number): Promise<unknown[]> {
  const { body } = await olga.ask('GET', `/audit?count=${count}`);
  const entries = body['entries'] as { action: string; isRefused: boolean }[];
  return entries.map(({ action, isRefused }) => [action, isRefused]);
}

test('who administers begins and ends a test, which the audit log tells', async () => {
  expect((await olga.ask('GET', '/stress-test')).body).toEqual(idleStressResult);
  const asked = { count: 4, speakers: 1, rooms: 1, seconds: 60, ramp: 100 };
  const started = await olga.ask('POST', '/stress-test', asked);
  expect(started).toMatchObject({ status: 202, body: { state: 'running', options: asked } });
  expect(await olga.ask('POST', '/stress-test', asked)).toMatchObject({
    status: 409,
    body: { code: 'stressTestRuns' },
  });
  const looker = await ranked.server.join({ displayName: 'Looker' });
  const bots = () => [...looker.sessions.values()].filter(({ isBot }) => isBot);
  const inTheirRoom = () => bots().filter(({ roomId }) => roomId !== rootRoomId);
  await looker.until('the bots are in their room', () => inTheirRoom().length === 4);
  const ended = await olga.ask('DELETE', '/stress-test');
  expect(ended).toMatchObject({ status: 200, body: { state: 'done', wanted: 4 } });
  expect(ended.body['verdict']).not.toBe('');
  await looker.until('the bots have left', () => bots().length === 0);
  looker.close();
  // The room that the bots made stands between them.
  expect(await newestActions(3)).toEqual([
    ['stopStressTest', false],
    ['createRoom', false],
    ['startStressTest', false],
  ]);
}, 30_000);

test('who only moderates may neither begin one nor look nor make a pass', async () => {
  const asked = { count: 4, speakers: 1, rooms: 1, seconds: 1, ramp: 100 };
  for (const [method, path, body] of [
    ['POST', '/stress-test', asked],
    ['DELETE', '/stress-test', undefined],
    ['GET', '/stress-test', undefined],
    ['POST', '/bot-passes', {}],
  ] as const) {
    const refused = await mara.ask(method, path, body);
    expect(refused, `${method} ${path}`).toMatchObject({ status: 403 });
  }
  expect(await newestActions(4)).toEqual([
    ['makeBotPass', true],
    ['readStressTest', true],
    ['stopStressTest', true],
    ['startStressTest', true],
  ]);
  const stranger = new ApiClient(ranked.server.running.info.admin.port);
  expect((await stranger.ask('POST', '/stress-test', asked)).status).toBe(401);
});

test.each([
  ['too many bots', { count: 1_000_000 }],
  ['no rooms', { rooms: 0 }],
  ['half a bot', { count: 1.5 }],
  ['days', { seconds: 100_000 }],
  ['a file of the server', { wav: 'secret.wav' }],
])('a test of %s is refused', async (_what, body) => {
  expect((await olga.ask('POST', '/stress-test', body)).status).toBe(400);
});

test('a pass lets bots in that come from elsewhere', async () => {
  const made = await olga.ask('POST', '/bot-passes', { address: '192.0.2.7', validSeconds: 60 });
  expect(made).toMatchObject({ status: 201, body: { validSeconds: 60 } });
  const botPass = made.body['pass'] as string;
  const bot = await ranked.server.join({ displayName: 'Bot 9', botPass });
  expect(bot.self.isBot).toBe(true);
  bot.close();
  expect((await olga.ask('POST', '/bot-passes', { address: 'here' })).status).toBe(400);
});
