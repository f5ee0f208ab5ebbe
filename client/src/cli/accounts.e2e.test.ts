import { afterAll, beforeAll, expect, it } from 'vitest';
import { runRookery, type Outcome } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'), ['--everyone-is', 'guest']);
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

/** Runs a command as somebody, each with a profile of the same name. */
function runAs(
  name: string,
  [command = '', ...more]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const place = command === 'join' ? [] : ['--server', server.address];
  const login = ['--name', name, '--profile', scratch.in(name), ...place];
  return runRookery([command, ...more, ...login], env);
}

const fine = (shown: string): object => ({
  code: 0,
  stdout: expect.stringContaining(shown) as string,
});
const refused = (words: string): object => ({
  code: 1,
  stderr: expect.stringContaining(words) as string,
});

it('takes people from the owner to who waits to be let in', async () => {
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  expect(await runAs('Olga', ['owner', token.trim()])).toMatchObject(fine('role: owner'));

  const { stdout: link } = await runAs('Olga', ['invite', '--expires', '1h']);
  expect(link).toMatch(
    /^rookery:\/\/127\.0\.0\.1:\d+\/\?invite=\w{26}&fingerprint=[0-9A-F]{64}\n$/,
  );
  expect(await runAs('Olga', ['invite', '--list'])).toMatchObject(fine('member, 0 of 1 used'));
  const other = link.trim().replace(/\w{64}$/, 'AB'.repeat(32));
  const meeting = await runAs('Olga', ['join', other]);
  expect(meeting).toMatchObject(refused('--accept-fingerprint'));
  expect(meeting.stderr).toContain(server.fingerprint);
  expect(await runAs('Ada', ['join', link.trim()])).toMatchObject(fine('role: member, registered'));
  expect((await runAs('Olga', ['invite', '--list'])).stdout).toBe('');

  const mode = await runAs('Olga', ['register', '--mode', 'approval']);
  expect(mode).toMatchObject(fine('registration: approval'));
  expect(await runAs('Bob', ['account'])).toMatchObject(refused('has to let you in'));
  expect(await runAs('Olga', ['register'])).toMatchObject(fine('Bob  '));
  expect(await runAs('Olga', ['register', 'Bob'])).toMatchObject(fine('Bob is registered'));
  expect(await runAs('Bob', ['account'])).toMatchObject(fine('role: member, registered'));
});

it('asks for the password that somebody has set, until it is removed', async () => {
  const password = { ROOKERY_ACCOUNT_PASSWORD: 'tall trees' };
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  expect(await runAs('Una', ['owner', token.trim()])).toMatchObject(fine('without a password'));
  const set = await runAs('Una', ['account'], { ROOKERY_NEW_PASSWORD: 'tall trees' });
  expect(set).toMatchObject(fine('asked for from now on'));
  expect(await runAs('Una', ['account'])).toMatchObject(refused('ROOKERY_ACCOUNT_PASSWORD'));
  expect(await runAs('Una', ['account'], password)).toMatchObject(fine('with a password'));
  const removed = await runAs('Una', ['account', '--remove-password'], password);
  expect(removed).toMatchObject(fine('no password is asked for'));
  expect(await runAs('Una', ['account'])).toMatchObject(fine('without a password'));
});
