import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
import { parseServerAddress } from './serverAddress.js';
import { readServerCard } from './serverCard.js';

type TestCertificate = Awaited<ReturnType<typeof makeTestCertificate>>;

let scratch: ScratchFolder;
let server: TestServer;
let first: TestCertificate;
const engines: Engine[] = [];
const timeoutMs = 5_000;
const address = () => parseServerAddress(server.address);

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  await mkdir(scratch.in('pem'));
  first = await makeTestCertificate();
  const { certificate, key } = await write(first);
  const given = ['--certificate', certificate, '--key', key];
  server = await TestServer.start(scratch.in('server'), given);
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
  await server.stop();
  await scratch.remove();
});

async function write({ certificate, privateKey }: TestCertificate) {
  const files = { certificate: join(scratch.in('pem'), 'c'), key: join(scratch.in('pem'), 'k') };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, privateKey);
  return files;
}

/** Has the server take over a certificate, and waits until it shows it. */
async function renew(next: TestCertificate): Promise<void> {
  await write(next);
  process.kill(server.pid, 'SIGHUP');
  const wanted = fingerprintText(next.fingerprint);
  let shown = '';
  while (shown !== wanted) {
    const { signal } = new AbortController();
    const seen = await readServerCard({ address: address(), timeoutMs, signal });
    shown = seen.fingerprints.certificate;
  }
}

async function connect(displayName: string): Promise<Engine> {
  const profileFolder = scratch.in('profile');
  const engine = openEngine({ profileFolder, clientName: 'test', timeoutMs, reconnectMs: 0 });
  engines.push(engine);
  await engine.connect({ address: address(), displayName });
  return engine;
}

test('a server is known by its key, whatever certificate it has', async () => {
  expect(server.fingerprint).toBe(fingerprintText(first.keyFingerprint));
  const ada = await connect('Ada');
  await renew(await makeTestCertificate(first.privateKey));
  const connection = { phase: 'connected', fingerprint: server.fingerprint };
  expect(ada.state.connection).toMatchObject({ ...connection, pin: 'remembered' });
  const again = await connect('Ada');
  expect(again.state.connection).toMatchObject({ ...connection, pin: 'known' });
  await renew(await makeTestCertificate());
  await expect(connect('Ada')).rejects.toMatchObject({ code: 'fingerprintChanged' });
  expect(again.state.connection).toMatchObject(connection);
});
