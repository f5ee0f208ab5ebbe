import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestCertificate } from './testing/testCertificate.js';

const run = promisify(execFile);
const fetchModule = new URL('boundedFetch.js', import.meta.url).href;

/** Prints what was fetched, or what was wrong: which authorities hold is settled at the start. */
const program = `
  import { fetchWhole } from '${fetchModule}';
  const limits = { bytesMax: 100, silenceMsMax: 20000, totalMsMax: 20000, redirectsMax: 2 };
  try {
    process.stdout.write(await fetchWhole(new URL(process.argv[1]), limits));
  } catch ({ code, message }) {
    process.stdout.write(code + ' ' + message);
  }
`;

let folder: string;
let authority: string;
let server: Server;
let answer: RequestListener;

beforeAll(async () => {
  const { certificate, privateKey } = await makeTestCertificate(undefined, undefined, '127.0.0.1');
  folder = mkdtempSync(join(tmpdir(), 'rookery-fetch-'));
  authority = join(folder, 'authority.pem');
  writeFileSync(authority, certificate);
  server = createServer({ cert: certificate, key: privateKey }, (request, response) =>
    answer(request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

async function fetched(env: Record<string, string>): Promise<string> {
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
  const args = ['--input-type=module', '-e', program, address];
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...env } });
  return stdout;
}

test('over https comes what an authority vouches for', async () => {
  answer = (_request, response) => response.end('what is there');
  expect(await fetched({ NODE_EXTRA_CA_CERTS: authority })).toBe('what is there');
  expect(await fetched({})).toMatch(/^fetchNotTrusted .*certificate/);
});

test('https leads to no http, not even on this machine', async () => {
  answer = (_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:9/a' }).end();
  expect(await fetched({ NODE_EXTRA_CA_CERTS: authority })).toContain(
    'it leads to http://127.0.0.1:9, which is not encrypted',
  );
});
