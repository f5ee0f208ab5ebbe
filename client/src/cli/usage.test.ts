import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launcher, runRookery } from '../testing/rookeryProcess.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-usage-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const server = ['--server', '127.0.0.1:9'];

describe('rookery', () => {
  it('shows its commands, among them those of the server', async () => {
    const { code, stdout, stderr } = await runRookery(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const ofServer = ['server', 'backup', 'restore', 'check'];
    for (const command of [...ofServer, 'say', 'listen', 'chat', 'rooms', 'identity', 'stats']) {
      expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    }
  });

  it.skipIf(process.platform === 'win32')('is not troubled by who reads no further', async () => {
    const script = `"${process.execPath}" "${launcher}" --help | true`;
    expect(await promisify(execFile)('sh', ['-c', script])).toEqual({ stdout: '', stderr: '' });
  });

  it('tells its version', async () => {
    expect(await runRookery(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });

  it.each([
    ['say', ['--room', '--wav', '--loop', '--seconds', '--whisper', '--shout', '--talk']],
    [
      'listen',
      ['--room', '--out', '--seconds', '--per-speaker', '--also', '--talk', '--reconnect'],
    ],
    ['talks', ['--create', '--leave', '--call', '--decline', '--watch', '--reconnect']],
    ['chat', ['--room', '--send', '--follow', '--search', '--unread', '--read', '--reconnect']],
    [
      'rooms',
      ['--create', '--delete', '--rename <path> <name', '--link', '--cap', '--bundle-window'],
    ],
  ])('explains %s', async (command, options) => {
    const { code, stdout } = await runRookery([command, '--help']);
    expect(code).toBe(0);
    const common = [
      '--server',
      '--name',
      '--json',
      '--password',
      'ROOKERY_PASSWORD',
      '--profile',
      '--identity',
      '--timeout',
    ];
    for (const option of [...options, ...common, '--accept-fingerprint']) {
      expect(stdout).toContain(option);
    }
  });

  it('explains stats', async () => {
    const { code, stdout } = await runRookery(['stats', '--help']);
    expect(code).toBe(0);
    for (const option of ['--server', '--admin-port', '4642', '--watch', '--json']) {
      expect(stdout).toContain(option);
    }
  });

  it.each([
    ['no command', [], ''],
    ['an unknown command', ['sing'], 'sing'],
    ['an unknown option', ['rooms', ...server, '--colour'], '--colour'],
    ['an argument too many', ['rooms', ...server, 'Lobby'], 'arguments'],
    ['no server', ['rooms'], '--server'],
    ['a bad address', ['rooms', '--server', '::1'], 'brackets'],
    ['a bad port', ['rooms', '--server', 'host:99999'], '65535'],
    ['a bad name', ['rooms', ...server, '--name', ' '], 'displayName is empty'],
    ['a bad fingerprint', ['rooms', ...server, '--accept-fingerprint', 'ab'], '64 hexadecimal'],
    ['a bad time-out', ['rooms', ...server, '--timeout', '0'], 'above 0'],
    ['nothing to administer', ['admin'], ''],
    ['an admin port elsewhere', ['admin', 'get', '/me', '--server-admin', 'http://a'], 'https'],
    ['an odd path', ['admin', 'get', 'me'], 'begins with /'],
    ['a drain of neither', ['admin', 'drain', 'maybe'], 'on, off'],
    ['an odd level', ['admin', 'logs', '--level', 'loud'], 'warn'],
    ['bots of no number', ['admin', 'stress-test', '--speakers', '2'], '--count'],
    [
      'a test that begins and ends',
      ['admin', 'stress-test', '--count', '2', '--stop'],
      'cannot be',
    ],
    ['no value and one', ['admin', 'settings', 'name', 'A', '--unset'], '--unset'],
    ['no WAV', ['say', ...server], '--wav'],
    ['bad seconds', ['say', ...server, '--wav', 'a.wav', '--seconds', '-1'], 'above 0'],
    ['a bad room', ['say', ...server, '--wav', 'a.wav', '--room', 'Lobby//a'], 'Lobby/Games'],
    ['no output', ['listen', ...server, '--seconds', '1'], '--out'],
    ['no length', ['listen', ...server, '--out', 'a.wav'], '--seconds'],
    ['an odd identity', ['rooms', ...server, '--identity', 'A b'], 'a to z'],
    ['nothing to chat', ['chat', ...server], '--follow'],
    ['two ways to chat', ['chat', ...server, '--send', 'a', '--follow'], 'cannot be used with'],
    [
      'two changes of rooms',
      ['rooms', ...server, '--create', 'Lobby/a', '--delete', 'Lobby/b'],
      'cannot be used with',
    ],
    ['a new root', ['rooms', ...server, '--create', 'Games'], 'whole path'],
    ['a rename without name', ['rooms', ...server, '--rename', 'Lobby/a'], 'new name'],
    ['a rename to a path', ['rooms', ...server, '--rename', 'Lobby/a', 'b/c'], 'separates names'],
    ['three names', ['rooms', ...server, '--rename', 'Lobby/a', 'b', 'c'], 'one name'],
    ['a cap without number', ['rooms', ...server, '--cap', 'Lobby'], 'a number'],
    ['a cap that is none', ['rooms', ...server, '--cap', 'Lobby', 'few'], '65535'],
    ['two caps', ['rooms', ...server, '--cap', 'Lobby', '1', '2'], 'one number'],
    ['a move to nowhere', ['rooms', ...server, '--move', 'Lobby/a'], 'room above'],
    ['a move to two rooms', ['rooms', ...server, '--move', 'Lobby/a', 'b', 'c'], 'two paths'],
    ['an edit of nothing', ['rooms', ...server, '--edit', 'Lobby'], 'what is to change'],
    ['a setting of no room', ['rooms', ...server, '--limit', '5'], '--edit <path>'],
    ['odd frames', ['rooms', ...server, '--edit', 'Lobby', '--frame', '30'], '10, 20, 40, 60'],
    ['a long bundle window', ['rooms', ...server, '--bundle-window', 'Lobby', '21'], 'to 20'],
    ['a shout to nobody', ['say', ...server, '--wav', 'a.wav', '--shout'], '--whisper'],
    [
      'bad reconnect seconds',
      ['say', ...server, '--wav', 'a.wav', '--reconnect', 'never'],
      'above 0',
    ],
  ])('refuses %s with exit code 2', async (_, args, words) => {
    const { code, stdout, stderr } = await runRookery([...args, '--profile', folder]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it.each([
    ['a bad address', ['--server', '::1'], 'brackets'],
    ['a bad admin port', ['--admin-port', '70000'], '65535'],
  ])('refuses %s for stats', async (_, args, words) => {
    const { code, stdout, stderr } = await runRookery(['stats', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('gives wrong usage as JSON too where that was asked for', async () => {
    const { code, stdout } = await runRookery(['rooms', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'error',
      code: 'usage',
      message: expect.stringContaining('--server') as string,
    });
  });

  it('says what to do before the first build', async () => {
    const unbuilt = join(folder, 'bin', 'rookery.mjs');
    await mkdir(join(folder, 'bin'));
    await copyFile(launcher, unbuilt);
    for (const args of [['--help'], ['server'], ['backup']]) {
      const run = promisify(execFile)(process.execPath, [unbuilt, ...args]);
      await expect(run).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^rookery: not built yet; .* run build\n$/) as string,
      });
    }
  });

  it('does not show a password in its help', async () => {
    const { stdout } = await runRookery(['say', '--help'], { ROOKERY_PASSWORD: 'secret' });
    expect(stdout).not.toContain('secret');
  });
});
