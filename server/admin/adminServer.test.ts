import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { connect as connectSecurely } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { StressTest } from '../bots/stressTest.js';
import type { CertificateStats } from '../certificate/certificateDesk.js';
import { createSelfSigned } from '../certificate/createSelfSigned.js';
import { startAdminServer, type AdminServer, type AdminServerOptions } from './adminServer.js';
import { Backups } from './backups.js';
import { Readiness } from './readiness.js';
import type { SecureAdminOptions } from './secureListener.js';
import type { ServerStats } from './serverStats.js';

let admin: AdminServer | null = null;
const stop = (): void => undefined;

const log = pino({ level: 'silent' });

const start = (
  stats: () => ServerStats | null = () => null,
  port = 0,
  options: Partial<AdminServerOptions> = {},
): Promise<AdminServer> =>
  startAdminServer({
    ...{ port, stats, log, operators: () => null, serverName: 'Test' },
    ...{ consoleFolder: null, secure: null, configuration: null, logTail: null },
    stressTest: new StressTest({ log }),
    readiness: () => (stats() === null ? 'starting' : 'up'),
    care: { backups: new Backups('none', log), drain: stop, shutDown: stop },
    certificates: { stats: () => ({}) as CertificateStats, renew: () => false },
    tokenKey: 'a key of forty-eight characters, for tests alone',
    ...options,
  });

afterEach(async () => {
  await admin?.close();
  admin = null;
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${admin!.bound.admin.port}${path}`);
  return { status: response.status, body: await response.json() };
}

test('is unavailable until there are stats, and tells them then', async () => {
  let stats: ServerStats | null = null;
  admin = await start(() => stats);
  expect(await get('/stats')).toEqual({ status: 503, body: { status: 'unavailable' } });
  stats = { sessions: 3 } as ServerStats;
  expect(await get('/stats')).toEqual({ status: 200, body: { sessions: 3 } });
});

test('is ready while people can come in and write, and says why not', async () => {
  const store = { isWritable: true };
  const readiness = new Readiness(store);
  admin = await start(() => null, 0, { readiness: () => readiness.now });
  const health = (): ReturnType<typeof get> => get('/health');
  expect(await health()).toEqual({ status: 503, body: { status: 'starting' } });
  readiness.note('up');
  expect(await health()).toEqual({ status: 200, body: { status: 'up' } });
  store.isWritable = false;
  expect(await health()).toEqual({ status: 503, body: { status: 'storageFault' } });
  store.isWritable = true;
  expect((await health()).status).toBe(200);
  readiness.note('draining');
  expect(await health()).toEqual({ status: 503, body: { status: 'draining' } });
  expect((await get('/live')).status).toBe(200);
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
    const { port } = admin.bound.admin;
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

/** What a request that never comes to its end is answered with, when it is cut. */
async function answerToUnfinished(socket: Socket, request: string): Promise<string> {
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  const faults: (string | undefined)[] = [];
  socket.on('error', ({ code }: NodeJS.ErrnoException) => faults.push(code));
  socket.write(request);
  await new Promise((resolve) => socket.once('close', resolve));
  // It may be cut before TLS has begun, which the other end calls a reset.
  expect(faults.filter((code) => code !== 'ECONNRESET')).toEqual([]);
  return answer;
}

test.each([
  ['in its head', 'POST /api/v1/shutdown HTTP/1.1\r\nhost: localhost\r\n'],
  [
    'in its body',
    'PUT /api/v1/drain HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n' +
      'content-length: 19\r\n\r\n{"isDraining":true',
  ],
])('cuts a request that is slow %s, and does nothing of it', async (_where, request) => {
  let asked = 0;
  const operators = (): null => {
    asked += 1;
    return null;
  };
  const certificate = await ownCertificate();
  const secure = { host: '127.0.0.1', port: 0, certificate };
  admin = await start(() => null, 0, { operators, secure, requestMs: 100 });
  const { admin: plain, adminTls } = admin.bound;
  const sockets = [
    connect({ host: '127.0.0.1', port: plain.port }),
    connectSecurely({ host: '127.0.0.1', port: adminTls!.port, rejectUnauthorized: false }),
  ];
  for (const socket of sockets) {
    expect(await answerToUnfinished(socket, request)).toMatch(/^(HTTP\/1\.1 408 |$)/);
  }
  expect(asked).toBe(0);
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

async function ownCertificate(): Promise<SecureAdminOptions['certificate']> {
  const pem = await createSelfSigned(new Date());
  const at = pem.indexOf('-----BEGIN CERTIFICATE');
  return { certificate: pem.slice(at), privateKey: pem.slice(0, at) };
}

/** The status that the interface for other machines answers with. */
function getSecurely(path: string, host = 'talk.example.org'): Promise<number | undefined> {
  const { port } = admin!.bound.adminTls!;
  const options = { host: '127.0.0.1', port, path, headers: { host } };
  return new Promise((resolve, reject) => {
    // Nobody signed it; a client would know its fingerprint.
    httpsGet({ ...options, rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
}

test('answers other machines over TLS, but for what needs no token', async () => {
  const certificate = await ownCertificate();
  const secure = { host: '127.0.0.1', port: 0, certificate };
  admin = await start(() => ({ sessions: 3 }) as ServerStats, 0, { secure });
  expect(await getSecurely('/health')).toBe(200);
  expect(await getSecurely('/api/v1/openapi.json')).toBe(200);
  for (const path of ['/stats', '/metrics', '/metrics?all', '/%73tats']) {
    expect([path, await getSecurely(path)]).toEqual([path, 403]);
  }
  for (const path of ['/stats/', '//stats']) {
    expect([path, await getSecurely(path)]).toEqual([path, 404]);
  }
  expect((await get('/stats')).status).toBe(200);
  const plain = fetch(`http://127.0.0.1:${admin.bound.adminTls!.port}/live`);
  await expect(plain).rejects.toThrow('fetch failed');
});

test('names the port of TLS that is taken, and gives the other back', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const certificate = { certificate: '', privateKey: '' };
  const starting = start(() => null, 0, { secure: { host: '127.0.0.1', port, certificate } });
  await expect(starting).rejects.toMatchObject({
    code: 'addressInUse',
    message: expect.stringContaining('--admin-tls-port') as string,
  });
  taken.close();
});
