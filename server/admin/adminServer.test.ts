import { get as httpGet } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { startAdminServer, type AdminServer } from './adminServer.js';
import { Backups } from './backups.js';
import type { ServerStats } from './serverStats.js';

let admin: AdminServer | null = null;
const stop = (): void => undefined;

const start = (stats: () => ServerStats | null = () => null, port = 0): Promise<AdminServer> =>
  startAdminServer({
    ...{ port, stats, operators: () => null, serverName: 'Test', consoleFolder: null },
    care: { backups: new Backups('none', pino({ level: 'silent' })), drain: stop, shutDown: stop },
    tokenKey: 'a key of forty-eight characters, for tests alone',
  });

afterEach(async () => {
  await admin?.close();
  admin = null;
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${admin!.port}${path}`);
  return { status: response.status, body: await response.json() };
}

test('is unavailable until there are stats, and tells them then', async () => {
  let stats: ServerStats | null = null;
  admin = await start(() => stats);
  expect(await get('/health')).toEqual({ status: 503, body: { status: 'unavailable' } });
  expect(await get('/stats')).toEqual({ status: 503, body: { status: 'unavailable' } });
  stats = { sessions: 3 } as ServerStats;
  expect(await get('/health')).toEqual({ status: 200, body: { status: 'up' } });
  expect(await get('/stats')).toEqual({ status: 200, body: { sessions: 3 } });
  stats = { sessions: 3, isDraining: true } as ServerStats;
  expect(await get('/health')).toEqual({ status: 503, body: { status: 'draining' } });
});

test('is alive before it is ready', async () => {
  admin = await start();
  expect(await get('/live')).toEqual({ status: 200, body: { status: 'alive' } });
  expect((await get('/metrics')).status).toBe(503);
});

test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])(
  'refuses requests that were meant for %s',
  async (host) => {
    admin = await start();
    const { port } = admin;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      httpGet({ host: '127.0.0.1', port, path: '/live', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
    expect(status).toBe(421);
  },
);

test('knows nothing else', async () => {
  admin = await start();
  expect((await get('/everything')).status).toBe(404);
});

test('names a port that is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const starting = start(() => null, port);
  await expect(starting).rejects.toMatchObject({
    code: 'addressInUse',
    message: expect.stringContaining(`TCP port ${port}`) as string,
  });
  taken.close();
});
