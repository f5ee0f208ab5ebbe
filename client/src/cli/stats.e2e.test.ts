import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const stats = (port: number, ...more: string[]): string[] => [
  ...['stats', '--server', '127.0.0.1', '--admin-port', `${port}`],
  ...more,
];

describe('rookery stats', () => {
  it('shows a table, or everything as JSON', async () => {
    const { code, stdout, stderr } = await runRookery(stats(server.adminPort));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^packets +0 in, 0 out$/m);
    expect(stdout).toMatch(/^dropped +nothing$/m);
    const json = await runRookery(stats(server.adminPort, '--json'));
    expect(JSON.parse(json.stdout)).toMatchObject({
      event: 'stats',
      sessions: 0,
      voice: { packetsIn: 0, dropHopTag: 0 },
    });
  });

  it('finds the admin port of the server that was asked for, or says what to give', async () => {
    const [quic, voice, admin] = await freePortsInARow();
    const ports = ['--port', quic, '--voice-port', voice, '--admin-port', admin].map(String);
    const other = await TestServer.start(scratch.in('other'), ports);
    const found = await runRookery(['stats', '--server', other.address, '--json']);
    expect(JSON.parse(found.stdout)).toMatchObject({ ports: { quic, voice, admin } });
    await other.stop();
    // Its admin port was chosen by the kernel: nobody can guess it.
    const { code, stdout, stderr } = await runRookery(['stats', '--server', server.address]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`no admin port of the server at ${server.address}`);
    expect(stderr).toContain('--admin-port');
  });

  it('waits for a server that starts again while it is watched', async () => {
    const folder = scratch.in('restarted');
    const before = await TestServer.start(folder);
    const watching = new RookeryProcess(stats(before.adminPort, '--watch', '--json'));
    await watching.event('stats');
    await before.kill();
    await watching.event('away');
    const again = ['--admin-port', `${before.adminPort}`];
    const after = await TestServer.start(folder, [...before.portOptions, ...again]);
    await watching.event('back');
    const { code } = await watching.stop();
    expect(code).toBe(0);
    await after.stop();
    const events = watching.events.map(({ event }) => event);
    expect(events.filter((event) => event !== 'stats')).toEqual(['away', 'back']);
    expect(events.at(-1)).toBe('stats');
  });

  it('shows totals of a server that came back, however long it has been up', async () => {
    const answers = [
      { uptimeSeconds: 10, voice: { packetsIn: 100, packetsOut: 100 } },
      null,
      { uptimeSeconds: 11, voice: { packetsIn: 7, packetsOut: 8 } },
    ];
    const restarting = createServer((_, response) => {
      const answer = answers.length === 1 ? answers[0] : answers.shift();
      response.statusCode = answer === null ? 503 : 200;
      response.end(JSON.stringify(answer));
    });
    restarting.listen(0, '127.0.0.1');
    await once(restarting, 'listening');
    const { port } = restarting.address() as AddressInfo;
    const watching = new RookeryProcess(stats(port, '--watch'));
    await watching.printed('packets', 2);
    const { stdout, stderr } = await watching.stop();
    restarting.close();
    expect(stdout).toMatch(/^packets +7 in, 8 out$/m);
    expect(stderr).toMatch(/is away;.*\n.*is back\n$/);
  });

  it('goes on every second until Ctrl-C', async () => {
    const watching = new RookeryProcess(stats(server.adminPort, '--watch'));
    await watching.printed('packets', 2);
    const { code, stdout } = await watching.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^packets +0\/s in, 0\/s out$/m);
  });

  it('says where it asked when nobody answers, or somebody else does', async () => {
    const other = createServer((_, response) => response.end('{"up": true}'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const wrong = await runRookery(stats(port));
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('no Rookery server');
    other.close();
    const nobody = await runRookery(stats(port));
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody.stderr).toContain(`127.0.0.1:${port}`);
    expect(nobody.stderr).toContain('--admin-port');
  });
});

/** Ports as people choose them: control, voice, admin. */
async function freePortsInARow(): Promise<[number, number, number]> {
  for (;;) {
    const [first, last] = [createServer(), createServer()];
    first.listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as AddressInfo;
    last.listen(port + 2, '127.0.0.1');
    const isFree = await once(last, 'listening').then(
      () => true,
      () => false,
    );
    for (const probe of [first, last]) if (probe.listening) await closed(probe);
    if (isFree) return [port, port + 1, port + 2];
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
