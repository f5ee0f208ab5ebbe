import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRookery, type Outcome } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'), ['--everyone-is', 'guest']);
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  expect(await run('owner', token.trim())).toMatchObject(done);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const as = (name: string): string[] => [
  ...['--server', server.address, '--name', name, '--profile', scratch.in(name)],
];
const run = (command: string, ...more: string[]): Promise<Outcome> =>
  runRookery([command, ...more, ...as('Ada')]);
const runAsTom = (command: string, ...more: string[]): Promise<Outcome> =>
  runRookery([command, ...more, ...as('Tom')]);
const done = { code: 0 };

describe('who may do what', () => {
  it('is shown, changed and explained', async () => {
    expect(await runAsTom('chat', '--send', 'here')).toMatchObject(done);
    const set = await run('roles', '--set', 'Tom', 'guest');
    expect(set).toMatchObject({ ...done, stdout: 'Tom is guest now\n' });
    expect((await run('users', '--search', 'to')).stdout).toMatch(/^guest {6}Tom {2}\S+\n$/);

    const put = await run('groups', '--put', 'Staff', '--members', 'Tom', '--grants', 'createRoom');
    expect(put.stdout).toMatch(/^Staff {2}\S+: grants createRoom; members Tom\n$/);
    await run('groups', '--room', 'Lobby', '--put', 'Choir', '--members', 'Tom');
    expect((await run('groups', '--put', 'Staff', '--grants', 'none')).stdout).toMatch(
      /^Staff {2}\S+: members Tom\n$/,
    );

    expect(await run('rooms', '--create', 'Lobby/Club')).toMatchObject(done);
    await run('acl', 'Lobby/Club', '--for', 'group:Staff', '--deny', 'text');
    const rules = await run('acl', 'Lobby/Club', '--for', 'group:Choir', '--deny', 'speak');
    expect(rules.stdout).toBe(
      '1. group Staff (here, below): denies text\n' +
        '2. group Choir (here, below): denies speak\n' +
        'inherits from above; no role required, no password\n',
    );
    expect(await run('acl', 'explain', 'Tom', 'speak', 'Lobby/Club')).toMatchObject({
      ...done,
      stdout: 'No: entry 2 of room "Club", for the group "Choir", denies it.\n',
    });
    expect((await runAsTom('chat', '--room', 'Lobby/Club', '--send', 'x')).stderr).toContain(
      'You lack the permission text in the room "Club"',
    );

    expect(await run('groups', '--remove', 'Staff')).toMatchObject(done);
    expect(await run('groups')).toMatchObject({ ...done, stdout: '' });
    const unknown = await run('acl', 'Lobby/Club', '--for', 'group:Staff', '--grant', 'text');
    expect(unknown.stderr).toContain('there is no group "Staff"');
  });

  it('asks for the password of a room', async () => {
    await run('rooms', '--create', 'Lobby/Vault');
    expect((await run('acl', 'Lobby/Vault', '--room-password', 'sesame')).stdout).toContain(
      'a password',
    );
    const write = ['--room', 'Lobby/Vault', '--send', 'x'];
    expect(await runAsTom('chat', ...write)).not.toMatchObject(done);
    const wrong = await runAsTom('chat', ...write, '--room-password', 'open');
    expect(wrong.stderr).toContain('The password of the room is another one');
    expect(await runAsTom('chat', ...write, '--room-password', 'sesame')).toMatchObject(done);
  });

  it('lets members make rooms that go when they are empty, and no others', async () => {
    await run('roles', '--set', 'Tom', 'member');
    const lasting = await runAsTom('rooms', '--create', 'Lobby/Party');
    expect(lasting.stderr).toContain('You lack the permission createRoom');
    expect(await runAsTom('rooms', '--create', 'Lobby/Party', '--temporary')).toMatchObject(done);
    expect((await run('rooms')).stdout).toMatch(/Party .*temporary/);
  });

  it('says what is wrong with what was asked', async () => {
    for (const [command, ...more] of [
      ['roles', '--set', 'Tom'],
      ['groups', '--members', 'Tom'],
      ['groups', '--put', 'Staff', '--grants', 'fly'],
      ['acl', 'explain', 'Tom', 'fly', 'Lobby'],
      ['rooms', '--create', 'Lobby/Den', '--limit', '3'],
    ] as [string, ...string[]][]) {
      expect(await run(command, ...more)).toMatchObject({ code: 2 });
    }
  });
});
