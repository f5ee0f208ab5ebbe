import { afterAll, beforeAll, expect, it } from 'vitest';
import { RookeryProcess, runRookery, type Outcome } from '../../testing/rookeryProcess.js';
import { ScratchFolder } from '../../testing/scratchFolder.js';
import { TestServer } from '../../testing/testServer.js';
import type { Output, OutputEvent } from '../output.js';
import { backUp, broadcast, drain, getPath, listBackups } from './adminCommand.js';
import { renewCertificate, showCertificate } from './certificateCommand.js';
import { parseAdminTarget, type AdminTarget } from './adminTarget.js';
import { showEvents, type FollowOptions } from './followCommand.js';
import { logOut } from './loginCommand.js';
import { changeSetting, showSettings } from './settingsCommand.js';
import { stopStressTest } from './stressCommand.js';

const env = { ROOKERY_ACCOUNT_PASSWORD: 'tall trees' };
let scratch: ScratchFolder;
let server: TestServer;
let loopback: AdminTarget;
let secure: AdminTarget;
async function startServer(): Promise<void> {
  const tls = ['--admin-tls-host', '127.0.0.1', '--admin-tls-port', '0'];
  server = await TestServer.start(scratch.in('server'), tls);
  loopback = parseAdminTarget(`http://127.0.0.1:${server.adminPort}`);
  secure = parseAdminTarget(`https://127.0.0.1:${server.adminTlsPort}`);
}
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  await startServer();
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const admin = (...args: string[]): string[] => ['admin', ...args, '--profile', scratch.in('Olga')];
const run = (...args: string[]): Promise<Outcome> => runRookery(admin(...args), env);
const fine = (shown: RegExp): object => ({
  code: 0,
  stdout: expect.stringMatching(shown) as string,
});

type CommandOptions = FollowOptions & { readonly name?: string };

/** Runs a command in this process. @returns what it told, words and events */
async function told(
  command: (options: CommandOptions, output: Output) => Promise<void>,
  options: Partial<CommandOptions> = {},
): Promise<{ readonly words: string; readonly events: readonly OutputEvent[] }> {
  const lines: string[] = [];
  const events: OutputEvent[] = [];
  const take = (event: OutputEvent, words: string | readonly string[]): void => {
    events.push(event);
    lines.push(...[words].flat());
  };
  const output: Output = {
    ...{ progress: take, result: take, table: take },
    ...{ detail: () => undefined, error: () => undefined },
  };
  const usual = { profile: scratch.in('Olga'), serverAdmin: loopback, follow: false };
  await command({ ...usual, ...options }, output);
  return { words: lines.join('\n'), events };
}

it('runs a server from its first login to its end', async () => {
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  const first = ['--name', 'Olga', '--owner-token', token.trim()];
  const login = await run('login', ...first, '--server-admin', loopback.origin);
  expect(login).toMatchObject(fine(/as Olga \(owner\)$/m));
  expect(await run('get', '/server')).toMatchObject(fine(/^ {2}"stats": \{$/m));
  const logs = new RookeryProcess(admin('logs', '--follow', '--json'));
  await logs.event('logLine');

  const written = await told((options, output) => broadcast(options, 'At ten.', output));
  expect(written.words).toBe('written in 1 rooms');
  await told((options, output) => drain(options, 'on', output));
  expect((await told(showEvents)).words).toContain('newcomers are turned away');
  await told((options, output) => drain(options, 'off', output));
  expect((await told(showEvents)).events).toMatchObject([{ sessions: 0, isDraining: false }]);
  const made = await told(backUp, { name: 'before-friday' });
  expect(made.events.at(-1)).toMatchObject({ event: 'backup', name: 'before-friday' });
  expect((await told(listBackups)).words).toMatch(/^before-friday {2}.* MiB$/m);
  expect((await told(showCertificate)).words).toContain('from         the server itself');
  await expect(told(renewCertificate)).rejects.toThrow('acme-domains');
  const idle = await told(stopStressTest);
  expect(idle.events).toMatchObject([{ event: 'stressTest', state: 'idle' }]);
  await expect(told((options, output) => getPath(options, '/log', output))).rejects.toThrow(
    'rookery admin logs',
  );

  expect(await run('shutdown')).toMatchObject(fine(/stops$/m));
  expect(await logs.outcome).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"disconnected"') as string,
  });
}, 30_000);

it('changes settings over TLS, and knows the server by its key', async () => {
  await server.stop();
  await startServer();
  const known = ['--fingerprint', server.fingerprint];
  const login = await run('login', '--name', 'Olga', '--server-admin', secure.origin, ...known);
  expect(login).toMatchObject(fine(/as Olga \(owner\)$/m));

  const change = (key: string, value: string | null) =>
    told((options, output) => changeSetting(options, key, value, output), { serverAdmin: secure });
  const show = (key: string | null) =>
    told((options, output) => showSettings(options, key, output), { serverAdmin: secure });
  expect((await change('keep-days', '7')).words).toBe('keep-days is 7 from now on');
  expect((await change('name', 'Nest')).words).toContain('from the next start');
  expect((await show('keep-days')).words).toMatch(/^keep-days {2}7 {2}\[file\]\n.+\(.+\)$/);
  expect((await show(null)).words).toMatch(/^name +.*another from the next start\]$/m);
  expect((await change('keep-days', null)).words).toContain('is taken out from now on');
  await expect(change('keep-days', 'few')).rejects.toMatchObject({ code: 'commandRefused' });
  await expect(change('keep-dayz', '7')).rejects.toThrow('keep-days');
  await told(logOut, { serverAdmin: secure });
  await expect(show(null)).rejects.toMatchObject({ code: 'sessionEnded' });
}, 30_000);
