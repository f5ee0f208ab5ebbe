import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { CloseCode } from '@rookery/schemas/protocol';
import type { StartInfo } from './startBlock.js';
import { programs, testOptions, ServerProcess } from './testing/serverProcess.js';
import { createIdentity } from './testing/testClient.js';
import { openTestClients, type TestClients } from './testing/testServer.js';
import { serverVersion } from './version.js';

interface CpuProfile {
  readonly nodes: readonly { readonly callFrame: { readonly functionName: string } }[];
  readonly samples: readonly number[];
}

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

function run(args: readonly string[], variables: Record<string, string> = {}): ServerProcess {
  const server = new ServerProcess({ args, variables });
  processes.push(server);
  return server;
}

function start(...options: string[]): ServerProcess {
  return run(['--json', '--data', directory, ...testOptions, ...options]);
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

  test('reads its configuration again on SIGHUP, which its supervisor passes on', async () => {
    const file = join(directory, 'rookery.toml');
    const args = ['--json', '--data', directory, ...testOptions];
    const server = new ServerProcess({ program: programs.supervisor, args });
    processes.push(server);
    await server.started();
    writeFileSync(file, 'log-level = "loud"\n');
    server.kill('SIGHUP');
    await server.until(() => server.stderr.includes('nothing was changed'));
    expect(server.stderr).toMatch(/Invalid value for .*log-level/);
    writeFileSync(file, 'log-level = "debug"\nrelay-workers = 2\n');
    server.kill('SIGHUP');
    await server.until(() => server.stderr.includes('was read again'));
    expect(server.stderr).toMatch(/"applied":\["log-level"\],"needRestart":\["relay-workers"\]/);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    // A line of this level.
    expect(server.stderr).toContain('closing control plane');
  });

  test('leaves a CPU profile of each of its threads, as asked', async () => {
    const folder = join(directory, 'profiles');
    const server = start('--relay-workers', '1', '--cpu-profile', folder);
    await server.started();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    const functionsOf = new Map<string, Set<string>>();
    for (const name of readdirSync(folder)) {
      const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as CpuProfile;
      const names = profile.nodes.map(({ callFrame }) => callFrame.functionName);
      functionsOf.set(name.split('-')[0]!, new Set(names));
      expect(profile.samples.length).toBeGreaterThan(0);
    }
    expect([...functionsOf.keys()].sort()).toEqual(['main', 'relay']);
    expect(functionsOf.get('main')).toContain('openAll');
    const entry = process.platform === 'linux' ? 'runLinuxRelay' : 'runPortableRelay';
    expect(functionsOf.get('relay')).toContain(entry);
  });

  test('closes its parts in the written order', async () => {
    const server = start('--log-level', 'debug');
    await server.started();
    server.kill('SIGTERM');
    await server.exited;
    const closed = [...server.stderr.matchAll(/"closing ([^"]+)"/g)].map((match) => match[1]);
    const asking = ['note of service', 'stress test', 'admin answers', 'plugins'];
    const order = ['control plane', 'QUIC socket', 'voice plane', 'admin interface'];
    const kept = ['backups', 'password pool', 'certificate', 'files', 'retention', 'store'];
    expect(closed).toEqual([...asking, ...order, ...kept, 'data directory']);
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
    const { admin, quic, voice } = await start().started();
    const health = await fetch(`http://127.0.0.1:${admin.port}/health`);
    expect(health.status).toBe(200);
    const stats = await fetch(`http://127.0.0.1:${admin.port}/stats`);
    expect(await stats.json()).toMatchObject({
      version: serverVersion,
      uptimeSeconds: expect.any(Number) as number,
      ports: { quic: quic.port, voice: voice.port, admin: admin.port },
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
    const server = run(['--data', directory, '--name', 'Nest', ...testOptions]);
    while (!server.stdout.includes('Ctrl-C'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    for (const part of ['Nest', '/udp (QUIC)', 'voice', 'http://127.0.0.1:', directory]) {
      expect(server.stdout).toContain(part);
    }
    expect(server.stdout).toMatch(/fingerprint {2}([0-9A-F]{2}:){31}[0-9A-F]{2}\n/);
    expect(server.stdout).toMatch(/npx rookery rooms --server 127\.0\.0\.1:\d+\n/);
    await server.until(() => server.stdout.includes('no owner yet'));
    expect(server.stdout).toMatch(/npx rookery owner owner-[0-9a-z]{26} --server 127\.0\.0\.1:/);
  });

  test("shows its owner's token to people alone, and minds no variables of clients", async () => {
    const args = ['--json', '--data', directory, ...testOptions, '--log-level', 'trace'];
    const server = run(args, {
      ROOKERY_ACCOUNT_PASSWORD: 'hunter2',
      ROOKERY_NEW_PASSWORD: 'hunter2',
      ROOKERY_PASSPHRASE: 'hunter2',
      ROOKERY_NEW_PASSPHRASE: 'hunter2',
      ROOKERY_OWNER_TOKEN: 'hunter2',
      ROOKERY_SERVER_ADMIN: 'hunter2',
    });
    await server.started();
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.stdout + server.stderr).not.toMatch(/owner-[0-9a-z]|hunter2/);
  });

  test('never writes its password', async () => {
    const server = run(['--json', '--data', directory, ...testOptions, '--log-level', 'trace'], {
      ROOKERY_PASSWORD: 'hunter2-hunter2',
    });
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
    const server = run(options);
    return { code: await server.exited, stderr: server.stderr };
  }

  test('says so in one line for a data directory that another has', async () => {
    await start().started();
    const { code, stderr } = await failure('--data', directory, ...testOptions);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rookery: The data directory .* is in use by [^\n]*\n$/);
  });

  test.each(['port', 'voice-port', 'admin-port'])(
    'says so in one line for a taken --%s',
    async (key) => {
      const { quic, voice, admin } = await start().started();
      const taken = { port: quic, 'voice-port': voice, 'admin-port': admin }[key]!.port;
      const other = join(directory, 'other');
      const options = ['--data', other, ...testOptions, `--${key}`, String(taken)];
      const { code, stderr } = await failure(...options);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^rookery: [^\\n]*${taken}[^\\n]*--${key}[^\\n]*\\n$`));
      expect(readdirSync(join(other, 'lock'))).toEqual([]);
    },
  );

  test('exits with 2 for wrong usage, and with 0 for help', async () => {
    expect(await failure('--prt', '1')).toMatchObject({ code: 2 });
    const server = run(['--help']);
    expect(await server.exited).toBe(0);
    expect(server.stdout).toContain('--voice-port <PORT>');
  });
});
