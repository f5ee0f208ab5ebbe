import { createServer } from 'node:http';
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
