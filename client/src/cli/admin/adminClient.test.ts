import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFingerprint } from '../../engine/fingerprint.js';
import { checkServerPin } from '../../engine/serverPins.js';
import { textOutput } from '../output.js';
import { AdminClient } from './adminClient.js';
import { logIn } from './loginCommand.js';
import { parseAdminTarget, type AdminTarget } from './adminTarget.js';

const password = 'tall trees';
const quiet = { ...textOutput, result: () => undefined };
const noTerminal = (env: Record<string, string> = { ROOKERY_ACCOUNT_PASSWORD: password }) => ({
  ...{ env, input: new PassThrough(), output: new PassThrough() },
});

let profile: string;
let servers: Server[] = [];
beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'rookery-admin-'));
});
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
  await rm(profile, { recursive: true });
});

const sessionsPath = () => join(profile, 'admin_sessions.json');

/** Answers as the admin interface does, with tokens that are good once. */
class ScriptedAdmin {
  readonly asked: string[] = [];
  /** Good for the next renewal. */
  refreshToken = 'refresh 0';
  /** What the file of sessions held when something was asked with an access token. */
  readonly onDisk: string[] = [];
  #renewals = 0;

  readonly answer: RequestListener = (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.once('end', () => {
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, string>;
      const path = request.url!.replace('/api/v1', '');
      this.asked.push(`${request.method} ${path}`);
      void this.#answerTo(path, body, request.headers.authorization).then(([status, told]) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify(told));
      });
    });
  };

  async #answerTo(
    path: string,
    body: Record<string, string>,
    authorization: string | undefined,
  ): Promise<[number, object]> {
    const loginNeeded = { code: 'loginNeeded', message: 'Log in first.' };
    if (path === '/login')
      return body['password'] === password ? this.#grant() : [401, loginNeeded];
    if (path === '/renew') {
      return body['refreshToken'] === this.refreshToken ? this.#grant() : [401, loginNeeded];
    }
    if (authorization === undefined) return [401, loginNeeded];
    this.onDisk.push(await readFile(sessionsPath(), 'utf8'));
    if (path === '/bans') return [403, { code: 'notPermitted', message: 'You lack "ban".' }];
    return [200, { displayName: 'Olga', role: 'owner' }];
  }

  #grant(): [number, object] {
    this.#renewals += 1;
    this.refreshToken = `refresh ${this.#renewals}`;
    const { refreshToken } = this;
    return [200, { accessToken: `access ${this.#renewals}`, expiresIn: 600, refreshToken }];
  }
}

async function listen(server: Server, scheme: 'http' | 'https'): Promise<AdminTarget> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return parseAdminTarget(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const options = (serverAdmin: AdminTarget, fingerprint?: string) => ({
  ...{ profile, serverAdmin, name: 'Olga' },
  ...(fingerprint !== undefined && { fingerprint }),
});

describe('a session', () => {
  let admin: ScriptedAdmin;
  let target: AdminTarget;
  beforeEach(async () => {
    admin = new ScriptedAdmin();
    target = await listen(createServer(admin.answer), 'http');
    await logIn(options(target), quiet, noTerminal());
  });

  it('is kept for its owner alone, and its next token before anything is asked', async () => {
    expect((await stat(sessionsPath())).mode & 0o777).toBe(0o600);
    const client = await AdminClient.open(profile, null);
    await client.ask({ method: 'GET', path: '/server' });
    await client.ask({ method: 'GET', path: '/rooms' });
    const renewals = admin.asked.filter((each) => each === 'POST /renew');
    // One at login, one for this client: an access token is good for more than one question.
    expect(renewals).toHaveLength(2);
    expect(admin.onDisk.at(-1)).toContain(admin.refreshToken);
    expect(admin.onDisk.at(-1)).not.toContain('"refresh 1"');
    expect(await readFile(sessionsPath(), 'utf8')).not.toMatch(/access|tall trees/);
  });

  it('serves commands that run at the same time', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => AdminClient.open(profile, target)));
    const asked = clients.map((client) => client.ask({ method: 'GET', path: '/me' }));
    expect(await Promise.all(asked)).toHaveLength(3);
  });

  it('that has ended is forgotten, and the user told to log in', async () => {
    admin.refreshToken = 'of another start';
    const client = await AdminClient.open(profile, target);
    const asked = client.ask({ method: 'GET', path: '/me' });
    await expect(asked).rejects.toMatchObject({
      code: 'sessionEnded',
      message: expect.stringContaining('rookery admin login') as string,
    });
    await expect(AdminClient.open(profile, target)).rejects.toThrow('not logged in');
  });

  it('tells what one may not do', async () => {
    const client = await AdminClient.open(profile, target);
    await expect(client.ask({ method: 'GET', path: '/bans' })).rejects.toMatchObject({
      code: 'commandRefused',
      message: expect.stringMatching(/You lack "ban".*--name/) as string,
    });
  });

  it('says where nobody answers, and what to look at', async () => {
    const client = await AdminClient.open(profile, target);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await expect(client.ask({ method: 'GET', path: '/me' })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:\d+.*--server-admin/) as string,
    });
  });

  it('is begun by the right password alone', async () => {
    const wrong = logIn(options(target), quiet, noTerminal({ ROOKERY_ACCOUNT_PASSWORD: 'x' }));
    await expect(wrong).rejects.toMatchObject({ code: 'loginRefused' });
    const none = logIn(options(target), quiet, noTerminal({}));
    await expect(none).rejects.toThrow('ROOKERY_ACCOUNT_PASSWORD');
  });

  it('needs a file that can be read, or says which to delete', async () => {
    await writeFile(sessionsPath(), '{');
    await expect(AdminClient.open(profile, null)).rejects.toMatchObject({
      code: 'fileUnreadable',
      message: expect.stringContaining(sessionsPath()) as string,
    });
  });
});

it('is told what answers when that is no Rookery server', async () => {
  const target = await listen(
    createServer((_, response) => response.end('hello')),
    'http',
  );
  await expect(logIn(options(target), quiet, noTerminal())).rejects.toMatchObject({
    code: 'protocolViolation',
  });
});

describe('over TLS', () => {
  let admin: ScriptedAdmin;
  let target: AdminTarget;
  let fingerprint: string;
  const other = parseFingerprint('ab'.repeat(32));
  beforeEach(async () => {
    admin = new ScriptedAdmin();
    const { certificate: cert, privateKey: key, ...shown } = await makeTestCertificate();
    fingerprint = parseFingerprint(Buffer.from(shown.keyFingerprint).toString('hex'));
    target = await listen(createSecureServer({ cert, key }, admin.answer), 'https');
  });

  const login = (given?: string) => logIn(options(target, given), quiet, noTerminal());
  const knows = (pinned: string, host = '127.0.0.1') =>
    checkServerPin(profile, { host, port: 4640 }, { key: pinned, certificate: pinned }, {});

  it('sends nothing to a server that nobody vouched for', async () => {
    await expect(login()).rejects.toMatchObject({
      code: 'serverUnknown',
      message: expect.stringContaining(fingerprint) as string,
    });
    await knows(fingerprint, 'elsewhere.example.org');
    await expect(login()).rejects.toMatchObject({ code: 'serverUnknown' });
    expect(admin.asked).toEqual([]);
  });

  it('sends nothing to a server with another key than the one that is meant', async () => {
    await expect(login(other)).rejects.toMatchObject({ code: 'fingerprintChanged' });
    await knows(other);
    await expect(login()).rejects.toMatchObject({ code: 'fingerprintChanged' });
    expect(admin.asked).toEqual([]);
  });

  it('goes to the server that the profile knows, and holds to its key', async () => {
    await knows(fingerprint);
    await login();
    const client = await AdminClient.open(profile, target);
    expect(await client.ask({ method: 'GET', path: '/me' })).toMatchObject({ role: 'owner' });
    const kept = await readFile(sessionsPath(), 'utf8');
    await writeFile(sessionsPath(), kept.replace(fingerprint, other));
    const before = admin.asked.length;
    const changed = await AdminClient.open(profile, target);
    await expect(changed.ask({ method: 'GET', path: '/me' })).rejects.toMatchObject({
      code: 'fingerprintChanged',
    });
    expect(admin.asked).toHaveLength(before);
  });

  it('goes to the server that was given', async () => {
    await login(fingerprint);
    expect(admin.asked).toContain('POST /login');
  });
});
