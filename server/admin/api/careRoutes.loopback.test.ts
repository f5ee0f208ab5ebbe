import { existsSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { BackupRun, KeptBackup } from '@rookery/schemas/adminApi';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../testing/apiClient.js';
import { done } from '../../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../../testing/rankedServer.js';

const password = 'a password of somebody';
let ranked: RankedServer;
let [olga, mara]: ApiClient[] = [];

beforeAll(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Mara: 'moderator' });
  const clients: ApiClient[] = [];
  for (const name of ranked.identities.keys()) {
    const client = await ranked.joinAs(name);
    await done(client, {
      ...{ type: FrameType.SetAccountPassword, userId: null },
      ...{ currentPassword: '', newPassword: password },
    });
    client.close();
    await client.untilClosed();
    const api = new ApiClient(ranked.server.running.info.admin.port);
    await api.login('/login', { name, password });
    clients.push(api);
  }
  [olga, mara] = clients;
});
afterAll(() => ranked.close());

const portOf = (): number => ranked.server.running.info.admin.port;

async function lastActs(count: number): Promise<unknown[]> {
  const { body } = await olga!.ask('GET', `/audit?count=${count}`);
  return (body['entries'] as { action: string; isRefused: boolean }[]).map((entry) => [
    entry.action,
    entry.isRefused,
  ]);
}

test.each([
  ['POST', '/broadcast', { text: 'mine' }, 'broadcastMessage'],
  ['PUT', '/drain', { isDraining: true }, 'drain'],
  ['POST', '/shutdown', undefined, 'shutDown'],
  ['GET', '/backups', undefined, 'backUp'],
  ['POST', '/backups', {}, 'backUp'],
  ['DELETE', '/backups/one', undefined, 'removeBackup'],
  ['GET', '/settings', undefined, 'changeSettings'],
  ['PATCH', '/settings', { name: 'Mine' }, 'changeSettings'],
  ['GET', '/log', undefined, 'readLog'],
  ['GET', '/certificate', undefined, 'renewCertificate'],
  ['POST', '/certificate/renew', undefined, 'renewCertificate'],
] as const)('%s %s is for those who administer', async (method, path, body, action) => {
  expect((await new ApiClient(portOf()).ask(method, path, body)).status).toBe(401);
  expect(await mara!.ask(method, path, body)).toMatchObject({
    status: 403,
    body: { code: 'notPermitted' },
  });
  expect(await lastActs(1)).toEqual([[action, true]]);
  expect(ranked.server.running.stats().isDraining).toBe(false);
});

test('writes into the rooms that people are in, under the own name', async () => {
  const client = await ranked.server.join();
  await done(client, { type: FrameType.JoinRoom, roomId: rootRoomId });
  const answer = await olga!.ask('POST', '/broadcast', { text: 'We restart at ten.' });
  expect(answer).toMatchObject({ status: 200, body: { rooms: 1, refused: 0 } });
  await client.until('the message', () => client.messages.length > 0);
  expect(client.messages[0]).toMatchObject({ text: 'We restart at ten.', displayName: 'Olga' });
  expect(await lastActs(1)).toEqual([['broadcastMessage', false]]);
  expect((await olga!.ask('POST', '/broadcast', { text: ' ' })).status).toBe(400);
  client.close();
});

test('turns newcomers away for a while, and keeps who is here', async () => {
  const here = await ranked.server.join();
  expect((await olga!.ask('PUT', '/drain', { isDraining: true })).status).toBe(200);
  const late = await ranked.server.connect();
  await late.untilClosed();
  expect((await fetch(`http://127.0.0.1:${portOf()}/health`)).status).toBe(503);
  expect(here.closed).toBeNull();
  await olga!.ask('PUT', '/drain', { isDraining: false });
  const back = await ranked.server.join();
  expect(await lastActs(2)).toEqual([
    ['drain', false],
    ['drain', false],
  ]);
  for (const client of [here, back]) client.close();
});

test('makes a backup, reads it through, lists it and takes it away', async () => {
  const { dataDirectory } = ranked.server.running.info;
  const left = join(dataDirectory, 'backups', 'killed.unfinished');
  mkdirSync(join(left, 'uploads'), { recursive: true });
  const begun = await olga!.ask('POST', '/backups', { name: 'before-friday' });
  expect(begun).toMatchObject({ status: 202, body: { running: { name: 'before-friday' } } });
  expect((await olga!.ask('POST', '/backups', {})).status).toBe(409);
  const listed = async () => (await olga!.ask('GET', '/backups')).body;
  const phase = async () => ((await listed())['running'] as BackupRun).phase;
  await expect.poll(phase, { timeout: 20_000 }).toBe('done');
  const { backups, folder } = await listed();
  expect(backups).toMatchObject([{ name: 'before-friday' }]);
  expect(existsSync(left)).toBe(false);
  expect((backups as KeptBackup[])[0]!.bytes).toBeGreaterThan(1_000);
  expect(folder).toBe(join(dataDirectory, 'backups'));
  expect(existsSync(join(dataDirectory, 'backups', 'before-friday', 'database-1'))).toBe(true);
  expect((await olga!.ask('POST', '/backups', { name: 'before-friday' })).status).toBe(409);
  expect((await olga!.ask('DELETE', '/backups/before-friday')).status).toBe(200);
  expect((await listed())['backups']).toEqual([]);
});

test.each(['..', '.', '../up', 'a/b', '', 'x'.repeat(65), '%2e%2e', 'a.unfinished'])(
  'takes no path for the name of a backup: "%s"',
  async (name) => {
    expect((await olga!.ask('POST', '/backups', { name })).status).toBe(400);
    const removed = await olga!.ask('DELETE', `/backups/${encodeURIComponent(name)}`);
    expect([400, 404]).toContain(removed.status);
  },
);

/** What a form or script of another page has a browser send, which holds no token. */
function sendFromElsewhere(path: string, type: string | null, body: string): Promise<number> {
  const headers = {
    ...{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', cookie: 'token=none' },
    ...(type !== null && { 'content-type': type }),
  };
  const options = { host: '127.0.0.1', port: portOf(), path: `/api/v1${path}`, headers };
  return new Promise((resolve, reject) => {
    request({ ...options, method: 'POST' }, (response) => {
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
      response.resume().once('end', () => resolve(response.statusCode!));
    })
      .once('error', reject)
      .end(body);
  });
}

test.each([
  ['/shutdown', null, ''],
  ['/shutdown', 'application/x-www-form-urlencoded', 'yes=1'],
  ['/shutdown', 'text/plain', '{}'],
  ['/broadcast', 'text/plain', '{"text":"mine"}'],
  ['/broadcast', 'application/json', '{"text":"mine"}'],
  ['/backups', 'multipart/form-data; boundary=x', '--x--'],
  ['/drain?_method=PUT', 'application/x-www-form-urlencoded', 'isDraining=true'],
])('a page from elsewhere that posts to %s as %s changes nothing', async (path, type, body) => {
  const acts = await lastActs(50);
  expect([400, 401, 404, 415]).toContain(await sendFromElsewhere(path, type, body));
  expect(await lastActs(50)).toEqual(acts);
  expect(ranked.server.running.stats().isDraining).toBe(false);
  const { body: kept } = await olga!.ask('GET', '/backups');
  expect(kept['backups']).toEqual([]);
});

test('asks whoever started the server to stop it', async () => {
  expect((await olga!.ask('POST', '/shutdown')).status).toBe(202);
  await ranked.server.running.stopAsked;
  expect(await lastActs(1)).toEqual([['shutDown', false]]);
});

test('tells of the certificate, and renews none where ACME is not set up', async () => {
  const { status, body } = await olga!.ask('GET', '/certificate');
  expect(status).toBe(200);
  expect(body).toMatchObject({ source: 'own', swaps: 0, acme: null });
  expect(await olga!.ask('POST', '/certificate/renew')).toMatchObject({
    status: 409,
    body: { code: 'noAcme', message: expect.stringContaining('acme-domains') as string },
  });
});
