import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { startAdminServer, type AdminServer } from './adminServer.js';

let admin: AdminServer | null = null;

afterEach(async () => {
  await admin?.close();
  admin = null;
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${admin!.port}${path}`);
  return { status: response.status, body: await response.json() };
}

test('is unavailable until there are stats, and tells them then', async () => {
  let stats: object | null = null;
  admin = await startAdminServer({ port: 0, stats: () => stats });
  expect(await get('/health')).toEqual({ status: 503, body: { status: 'unavailable' } });
  expect(await get('/stats')).toEqual({ status: 503, body: { status: 'unavailable' } });
  stats = { sessions: 3 };
  expect(await get('/health')).toEqual({ status: 200, body: { status: 'up' } });
  expect(await get('/stats')).toEqual({ status: 200, body: { sessions: 3 } });
});

test('knows nothing else', async () => {
  admin = await startAdminServer({ port: 0, stats: () => ({}) });
  expect((await get('/')).status).toBe(404);
});

test('names a port that is taken', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const starting = startAdminServer({ port, stats: () => null });
  await expect(starting).rejects.toMatchObject({
    code: 'addressInUse',
    message: expect.stringContaining(`TCP port ${port}`) as string,
  });
  taken.close();
});
