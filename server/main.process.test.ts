import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { CloseCode } from '@rookery/schemas/protocol';
import type { StartInfo } from './startBlock.js';
import { createIdentity } from './testing/testClient.js';
import { openTestClients, type TestClients } from './testing/testServer.js';

let directory = '';
let processes: ServerProcess[] = [];
let clients: TestClients | null = null;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-main-'));
});

afterEach(async () => {
  await clients?.close();
  clients = null;
  for (const server of processes) {
    server.kill('SIGKILL');
    await server.exited;
  }
  processes = [];
  rmSync(directory, { recursive: true });
});

/** The real program in a process of its own. */
class ServerProcess {
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(options: readonly string[], variables: Record<string, string> = {}) {
    const program = fileURLToPath(new URL('./main.js', import.meta.url));
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
    this.#child = spawn(process.execPath, [program, ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...Object.fromEntries(kept), ...variables },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
    processes.push(this);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async started(): Promise<StartInfo> {
    while (!this.stdout.includes('\n')) {
      const ended = await Promise.race([once(this.#child.stdout, 'data'), this.exited]);
      if (!Array.isArray(ended)) throw new Error(`ended instead of starting: ${this.stderr}`);
    }
    return JSON.parse(this.stdout) as StartInfo;
  }
}

const anyPorts = ['--host', '127.0.0.1', '--port', '0', '--voice-port', '0', '--admin-port', '0'];

function start(...options: string[]): ServerProcess {
  return new ServerProcess(['--json', '--data', directory, ...anyPorts, ...options]);
}

describe('a running server', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'tells its clients and exits with 0 on %s',
    async (signal) => {
      const server = start();
      const { quic } = await server.started();
      clients = await openTestClients(quic.port);
      const client = await clients.connect();
      await client.login();
      server.kill(signal);
      expect((await client.untilClosed()).code).toBe(CloseCode.Stopping);
      expect(client.control.at(-1)).toMatchObject({
        type: FrameType.Goodbye,
        reason: GoodbyeReason.ServerStopping,
      });
      expect(await server.exited).toBe(0);
      expect(readdirSync(join(directory, 'lock'))).toEqual([]);
    },
  );

  test('closes its parts in the written order', async () => {
    const server = start('--log-level', 'debug');
    await server.started();
    server.kill('SIGTERM');
    await server.exited;
    const closed = [...server.stderr.matchAll(/"closing ([^"]+)"/g)].map((match) => match[1]);
    const order = ['control plane', 'QUIC socket', 'voice plane', 'admin interface'];
    expect(closed).toEqual(['admin answers', ...order, 'data directory']);
  });

  test('ends at once when signals go on', async () => {
    const server = start();
    const { quic } = await server.started();
    clients = await openTestClients(quic.port);
    const client = await clients.connect();
    await client.login();
    const interrupting = setInterval(() => server.kill('SIGINT'), 30);
    expect(await server.exited).toBe(130);
    clearInterval(interrupting);
  });

  test('takes two signals at once, as under npm, for one', async () => {
    const server = start();
    await server.started();
    server.kill('SIGINT');
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('serves health and stats', async () => {
    const { admin } = await start().started();
    const health = await fetch(`http://127.0.0.1:${admin.port}/health`);
    expect(health.status).toBe(200);
    const stats = await fetch(`http://127.0.0.1:${admin.port}/stats`);
    expect(await stats.json()).toMatchObject({
      uptimeSeconds: expect.any(Number) as number,
      connections: 0,
      sessions: 0,
      rooms: 1,
      protocolErrors: { malformed: 0 },
      quic: { established: 0 },
      voice: { packetsIn: 0, sockets: { workers: expect.any(Number) as number } },
    });
  });

  test('keeps certificate and user ids across kill -9', async () => {
    const identity = createIdentity();
    const infos: StartInfo[] = [];
    const userIds: (string | undefined)[] = [];
    for (let run = 0; run < 2; run++) {
      const server = start();
      infos.push(await server.started());
      clients = await openTestClients(infos[run]!.quic.port);
      const client = await clients.connect();
      await client.login({ identity });
      userIds.push(client.authOk?.userId);
      server.kill('SIGKILL');
      await server.exited;
      await clients.close();
    }
    clients = null;
    expect(infos[1]?.fingerprint).toBe(infos[0]?.fingerprint);
    expect(userIds[0]).toBeDefined();
    expect(userIds[1]).toBe(userIds[0]);
  });

  test('prints one block for people', async () => {
    const server = new ServerProcess(['--data', directory, '--name', 'Nest', ...anyPorts]);
    while (!server.stdout.includes('Ctrl-C'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const part of ['Nest', '/udp (QUIC)', 'voice', 'http://127.0.0.1:', directory]) {
      expect(server.stdout).toContain(part);
    }
    expect(server.stdout).toMatch(/fingerprint {2}([0-9A-F]{2}:){31}[0-9A-F]{2}\n/);
    expect(server.stdout).toMatch(/npx rookery rooms --server 127\.0\.0\.1:\d+\n/);
  });

  test('never writes its password', async () => {
    const server = new ServerProcess(
      ['--json', '--data', directory, ...anyPorts, '--log-level', 'trace'],
      { ROOKERY_PASSWORD: 'hunter2-hunter2' },
    );
    const { quic, passwordRequired } = await server.started();
    expect(passwordRequired).toBe(true);
    clients = await openTestClients(quic.port);
    await (await clients.connect()).login({ password: 'hunter2-hunter2' });
    await (await clients.connect()).login({ password: 'hunter2-wrong' });
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.stdout + server.stderr).not.toContain('hunter2');
  });
});

describe('a server that cannot run', () => {
  async function failure(...options: string[]): Promise<{ code: number | null; stderr: string }> {
    const server = new ServerProcess(options);
    return { code: await server.exited, stderr: server.stderr };
  }

  test('says so in one line for a data directory that another has', async () => {
    await start().started();
    const { code, stderr } = await failure('--data', directory, ...anyPorts);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rookery: The data directory .* is in use by [^\n]*\n$/);
  });

  test.each(['port', 'voice-port', 'admin-port'])(
    'says so in one line for a taken --%s',
    async (key) => {
      const { quic, voice, admin } = await start().started();
      const taken = { port: quic, 'voice-port': voice, 'admin-port': admin }[key]!.port;
      const other = join(directory, 'other');
      const options = ['--data', other, ...anyPorts, `--${key}`, String(taken)];
      const { code, stderr } = await failure(...options);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^rookery: [^\\n]*${taken}[^\\n]*--${key}[^\\n]*\\n$`));
      expect(readdirSync(join(other, 'lock'))).toEqual([]);
    },
  );

  test('exits with 2 for wrong usage, and with 0 for help', async () => {
    expect(await failure('--prt', '1')).toMatchObject({ code: 2 });
    const server = new ServerProcess(['--help']);
    expect(await server.exited).toBe(0);
    expect(server.stdout).toContain('--voice-port <PORT>');
  });
});
