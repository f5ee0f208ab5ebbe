import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { freePort } from '@rookery/transport/testing/freePort';
import { serverLimits } from '../../limits.js';
import { AcmeServer } from '../../testing/acme/acmeServer.js';
import { ApiClient } from '../../testing/apiClient.js';
import { startTestServer, type TestServer } from '../../testing/testServer.js';
import type { CertificateStats } from '../certificateDesk.js';
import { runCertificateCommand } from '../certificateCommand.js';

let parent = '';
let authority: AcmeServer;
let port = 0;
const domains = ['talk.example.org'];
const certificate = { ...serverLimits.certificate, pollMs: 5, pollMsMax: 20 };
const dataDirectory = (): string => join(parent, 'data');

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'rookery-acme-'));
  authority = await AcmeServer.start();
  port = await freePort();
  authority.challengePort = port;
});
afterAll(async () => {
  await authority.close();
  rmSync(parent, { recursive: true });
});

function start({
  directory = authority.directory,
  folder = dataDirectory(),
} = {}): Promise<TestServer> {
  const acme = { domains, email: null, directory, challenge: 'tls-alpn-01', port } as const;
  return startTestServer({ dataDirectory: folder, acme }, { certificate });
}

const statsOf = ({ running }: TestServer): CertificateStats => running.stats().certificate;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs the command on the data of the server. */
async function command(...argv: string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const note = (text: string): void => void (said += text);
  const given = [
    ...['--data', dataDirectory(), '--host', '127.0.0.1', '--acme-domains', domains.join()],
    ...['--acme-terms', 'agreed', '--acme-directory', authority.directory],
    ...['--acme-port', String(port), '--acme-challenge', 'http-01'],
  ];
  const code = await runCertificateCommand([...argv, ...given], {}, { out: note, err: note });
  return { code, said };
}

test('a server gets its certificate while people are there, and none of them notices', async () => {
  authority.troubles.failsToIssue = true;
  const server = await start();
  const ada = await server.join({ displayName: 'Ada' });
  await until(() => statsOf(server).acme?.isTrying === false);
  expect(statsOf(server)).toMatchObject({ source: 'own', acme: { failures: 1 } });
  expect(statsOf(server).acme?.lastFault).toContain('a bad day');
  authority.troubles.failsToIssue = false;

  const { running } = server;
  const api = new ApiClient(running.info.admin.port);
  const owner = { ownerToken: running.ownerToken, name: 'Olga', password: 'tall trees, old' };
  expect(await api.login('/owner', owner)).toMatchObject({ status: 200 });
  expect(await api.ask('POST', '/certificate/renew')).toMatchObject({ status: 202 });
  await until(() => statsOf(server).source === 'acme');
  expect(statsOf(server)).toMatchObject({ names: domains, swaps: 1, acme: { lastFault: null } });
  const joined = await ada.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  expect(joined.type).toBe(FrameType.CommandDone);

  const bob = await server.join({ displayName: 'Bob' });
  const [before, after] = [ada.certificate!, bob.certificate!];
  expect(after.fingerprint).not.toEqual(before.fingerprint);
  expect(after.keyFingerprint).toEqual(before.keyFingerprint);
  expect((await command('renew')).said).toContain('rookery admin certificate --renew');
  const metrics = await (await fetch(`http://127.0.0.1:${api.port}/metrics`)).text();
  const ends = statsOf(server).validToMs / 1_000;
  expect(metrics).toContain(`rookery_certificate_expiry_timestamp_seconds ${ends}\n`);
  expect(metrics).toContain('rookery_acme_failures 0\n');
  await server.close();
});

test('the next start shows what was issued before, and asks for nothing', async () => {
  const asked = authority.asked.length;
  const server = await start();
  expect(statsOf(server)).toMatchObject({ source: 'acme', names: domains, swaps: 0 });
  expect(statsOf(server).acme?.isTrying).toBe(false);
  await server.close();
  expect(authority.asked).toHaveLength(asked);
});

test('an authority that is away is told of everywhere before the certificate ends', async () => {
  const dayMs = 86_400_000;
  const away = await AcmeServer.start();
  away.challengePort = port;
  away.nowMs = () => Date.now() - 80 * dayMs;
  const options = { directory: away.directory, folder: join(parent, 'away') };
  const before = await start(options);
  await until(() => statsOf(before).source === 'acme');
  await before.close();
  await away.close();

  const server = await start(options);
  await until(() => statsOf(server).acme?.isTrying === false);
  const { acme, ...shown } = statsOf(server);
  expect(shown).toMatchObject({ source: 'acme', names: domains });
  expect(shown.validToMs).toBeGreaterThan(Date.now());
  expect(shown.warnFromMs).toBeLessThan(Date.now());
  expect(acme?.failures).toBe(1);
  expect(acme?.lastFault).toMatch(/cannot be reached .*ECONNREFUSED/);
  expect(acme?.nextTryMs).toBeGreaterThan(Date.now());
  const address = `http://127.0.0.1:${server.running.info.admin.port}/metrics`;
  expect(await (await fetch(address)).text()).toContain('rookery_acme_failures 1\n');
  await server.close();
});

test('the command shows and renews it while no server runs', async () => {
  const shown = await command('show');
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.said).toContain('names        talk.example.org\n');
  const renewed = await command('renew', '--json');
  expect(renewed).toMatchObject({ code: 0 });
  const before = JSON.parse((await command('show', '--json')).said) as object;
  expect(JSON.parse(renewed.said)).toEqual(before);
  authority.troubles.isRateLimited = true;
  expect(await command('renew')).toMatchObject({
    code: 1,
    said: expect.stringContaining('too many orders of late') as string,
  });
  authority.troubles.isRateLimited = false;
});
