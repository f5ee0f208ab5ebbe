import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addConsolePages } from './consolePages.js';

let parent = '';
let server: FastifyInstance;

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'rookery-console-'));
  const folder = join(parent, 'console');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<title>Console</title>');
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'main()');
  writeFileSync(join(folder, 'assets', 'main.js.map'), 'sources');
  writeFileSync(join(parent, 'secret.js'), 'nobody is to read this');
  server = fastify();
  addConsolePages(server, folder);
});
afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

test('every page is the one page, asked for anew, and runs no foreign code', async () => {
  for (const path of ['/console/', '/console/rooms', '/console/settings/voice']) {
    const { statusCode, headers, body } = await server.inject({ url: path });
    expect([statusCode, body]).toEqual([200, '<title>Console</title>']);
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
  const { headers } = await server.inject({ url: '/' });
  expect(headers.location).toBe('/console/');
});

test('a file that is named after what it holds is kept for good', async () => {
  const { headers, body } = await server.inject({ url: '/console/assets/main-1a2b.js' });
  expect(body).toBe('main()');
  expect(headers['content-type']).toContain('text/javascript');
  expect(headers['cache-control']).toContain('immutable');
  const again = { 'if-none-match': headers.etag! };
  const unchanged = await server.inject({ url: '/console/assets/main-1a2b.js', headers: again });
  expect([unchanged.statusCode, unchanged.body]).toEqual([304, '']);
});

test.each([
  '/console/../secret.js',
  '/console/%2e%2e/secret.js',
  '/console/..%2fsecret.js',
  '/console/assets/..%5c..%5c..%5csecret.js',
  '/console//etc/passwd.js',
  '/console/assets/main.js.map',
  '/console/assets/none.js',
  '/console/__proto__.js',
])('%s is nowhere', async (path) => {
  const { statusCode, body } = await server.inject({ url: path });
  expect(statusCode).toBe(404);
  expect(body).not.toContain('nobody');
});

test('where it is not built a person is told what to do', async () => {
  const bare = fastify();
  addConsolePages(bare, join(parent, 'nothing'));
  const { statusCode, body } = await bare.inject({ url: '/console/' });
  expect(statusCode).toBe(503);
  expect(body).toContain('npm run build');
  await bare.close();
});
