import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idleStressResult, type StressResult } from '@rookery/schemas/stressTest';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  // As it comes: whoever comes is a guest, and bots come from this machine.
  server = await TestServer.start(scratch.in('server'), ['--everyone-is', 'guest']);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const bots = (...more: string[]): string[] => [
  ...['bots', '--server', server.address, '--admin-port', `${server.adminPort}`],
  ...more,
];

async function sessionsThere(): Promise<number> {
  const { stdout } = await runRookery([
    ...['stats', '--server', server.address, '--admin-port', `${server.adminPort}`, '--json'],
  ]);
  return (JSON.parse(stdout) as { sessions: number }).sessions;
}

describe('rookery bots', () => {
  it('lets bots join and speak, hears everything, and leaves nobody behind', async () => {
    const numbers = ['--count', '20', '--speakers', '4', '--rooms', '4', '--seconds', '1'];
    const { code, stdout, stderr } = await runRookery(bots(...numbers, '--json'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const looks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StressResult);
    const result = looks.at(-1)!;
    expect(Object.keys(result)).toEqual(expect.arrayContaining(Object.keys(idleStressResult)));
    expect(result).toMatchObject({ state: 'done', joined: 20, wanted: 20, lossPct: 0 });
    // Four speak, each to the four others in the room, for a whole second at least.
    expect(result.delivered).toBeGreaterThanOrEqual(4 * 4 * 45);
    expect(result.heard).toMatchObject({ listeners: 2, missing: 0, different: 0, share: 1 });
    expect(result.cpuPct).not.toBeNull();
    expect(result.verdict).toContain('All 20 bots joined.');
    expect(await sessionsThere()).toBe(0);
  }, 30_000);

  it('come again at once, are shown as bots to everybody, and all leave at Ctrl-C', async () => {
    const running = new RookeryProcess(
      bots('--count', '6', '--speakers', '1', '--rooms', '2', '--seconds', '60', '--json'),
    );
    await running.printed('"joined":6,', 1);
    const rooms = await runRookery([
      ...['rooms', '--server', server.address, '--profile', scratch.in('looker'), '--members'],
    ]);
    expect(rooms.stdout).toContain('Bot 6 (bot)');
    const { code } = await running.stop();
    expect(code).toBe(0);
    expect(await sessionsThere()).toBe(0);
  }, 30_000);

  it('end badly where the server lets none in, and say why', async () => {
    const closed = await TestServer.start(scratch.in('closed'), ['--bots', 'refuse']);
    const asked = ['--server', closed.address, '--count', '2', '--rooms', '1', '--speakers', '0'];
    const { code, stdout, stderr } = await runRookery(['bots', ...asked]);
    await closed.stop();
    expect(code).toBe(1);
    expect(stdout).toContain('0 of 2 bots joined (“This server lets no bots in');
    expect(stderr).toContain('only 0 of 2 bots were there');
  }, 30_000);
});
