import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  RookeryProcess,
  runRookery,
  type JsonEvent,
  type Outcome,
} from '../testing/rookeryProcess.js';
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

const as = (name: string): string[] => [
  ...['--server', server.address, '--name', name, '--profile', scratch.in(name)],
];
const run = (command: string, ...more: string[]): Promise<Outcome> =>
  runRookery([command, ...as('Mona'), ...more]);

describe('moderation', () => {
  it('keeps addresses away, calms rooms, tells everybody, and stands in the log', async () => {
    const banned = await run('ban', '--address', '192.0.2.9/24', '--for', '1h', '--reason', 'spam');
    expect(banned).toMatchObject({ code: 0, stdout: expect.stringMatching(/^banned /) as string });
    expect((await run('ban', '--list')).stdout).toMatch(
      / {2}192\.0\.2\.0\/24 {2}until .* {2}by Mona: spam\n$/,
    );
    expect(await run('unban', '192.0.2.0/24')).toMatchObject({ code: 0 });
    expect((await run('slow', 'Lobby', '30')).stdout).toContain('once in 30 s');
    expect((await run('lock', 'Lobby')).stdout).toContain('locked');
    expect((await run('rooms')).stdout).toMatch(
      /^Lobby \(\d+\): locked; everybody writes once in 30 s$/m,
    );
    await run('lock', 'Lobby', '--off');
    await run('slow', 'Lobby', '0');
    expect((await run('rooms')).stdout).toMatch(/^Lobby \(\d+\)$/m);
    expect((await run('motd', '--set', 'Be kind.')).stdout).toBe('Be kind.\n');
    expect((await run('motd')).stdout).toBe('Be kind.\n');
    const { stdout } = await run('audit');
    const actions = stdout.split('\n').map((line) => line.split('  ')[2]?.replace(/:.*/, ''));
    expect(actions.filter((action) => action !== undefined)).toEqual([
      ...['ban', 'unban', 'editRoom', 'editRoom', 'editRoom', 'editRoom', 'setMessageOfTheDay'],
    ]);
  });

  it('lets everybody report a message, and nobody act on equals', async () => {
    await runRookery(['chat', ...as('Tom'), '--send', 'buy this']);
    const history = await run('chat', '--history', '--json');
    const lines = history.stdout.trim().split('\n');
    const shown = lines.map((line) => JSON.parse(line) as { event: string; messageId: string });
    const { messageId } = shown.find(({ event }) => event === 'message')!;
    expect(await run('report', messageId, '--reason', 'spam')).toMatchObject({ code: 0 });
    const listed = (await run('reports')).stdout;
    expect(listed).toContain('Mona: spam');
    expect(listed).toContain('of Tom in Lobby: buy this');
    const [reportId = ''] = listed.split('  ');
    expect(await run('reports', '--resolve', reportId, '--reason', 'told')).toMatchObject({
      code: 0,
    });
    expect((await run('reports')).stdout).toBe('');
    for (const command of ['mute', 'ban', 'kick']) {
      expect((await run(command, 'Tom')).stderr).toContain('The role of the user is yours');
    }
  });

  it('acts on somebody who is there, by an owner with a token', async () => {
    const made = await runRookery(['owner-token', '--data', scratch.in('server')]);
    const token = made.stdout.trim().split(/\s+/).at(-1)!;
    const asOlga = (command: string, ...more: string[]): Promise<Outcome> =>
      runRookery([command, ...as('Olga'), ...more]);
    expect(await asOlga('owner', token)).toMatchObject({ code: 0 });
    await asOlga('rooms', '--create', 'Lobby/Games');
    const out = scratch.in('uwe.wav');
    const listening = ['listen', ...as('Uwe'), '--out', out, '--seconds', '60', '--json'];
    const first = new RookeryProcess(listening);
    await first.event('listening');
    expect(await asOlga('mute', 'Uwe')).toMatchObject({ code: 0 });
    expect(await asOlga('move', 'Uwe', 'Lobby/Games')).toMatchObject({ code: 0 });
    const members = (await asOlga('rooms', '--members')).stdout;
    expect(members).toMatch(/Games \(1\)\n.*- Uwe.*muted by a moderator/);
    expect(await asOlga('ban', 'Uwe', '--reason', 'shouting')).toMatchObject({ code: 0 });
    expect(await first.outcome).toMatchObject({ code: 1 });
    const banned = await runRookery(listening);
    expect(`${banned.stdout}${banned.stderr}`).toContain('shouting');
    expect(await asOlga('unban', 'Uwe')).toMatchObject({ code: 0 });
    const second = new RookeryProcess(listening);
    await second.event('listening');
    expect(await asOlga('kick', 'Uwe', '--reason', 'enough')).toMatchObject({ code: 0 });
    expect(await second.outcome).toMatchObject({ code: 1 });
    const { stdout } = await asOlga('audit', '--lines', '5', '--json');
    const lines = stdout.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as JsonEvent);
    const entries = events.filter(({ event }) => event === 'auditEntry');
    const actions = ['moderate', 'moveUser', 'ban', 'unban', 'kick'];
    expect(entries.map(({ action }) => action)).toEqual(actions);
    for (const entry of entries) {
      expect(entry).toMatchObject({ actorName: 'Olga', targetName: 'Uwe', isRefused: false });
    }
  });

  it('says what is wrong with what was asked', async () => {
    for (const [command, ...more] of [
      ['ban'],
      ['ban', 'Tom', '--for', 'ever'],
      ['report', 'that'],
      ['slow', 'Lobby', 'often'],
    ] as [string, ...string[]][]) {
      expect(await run(command, ...more)).toMatchObject({ code: 2 });
    }
    expect((await run('kick', 'Nobody')).stderr).toContain('nobody called "Nobody"');
  });
});
