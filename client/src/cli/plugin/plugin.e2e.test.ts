import { readFile, writeFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRookery } from '../../testing/rookeryProcess.js';
import { ScratchFolder } from '../../testing/scratchFolder.js';
import { TestServer } from '../../testing/testServer.js';
import { parseAdminTarget, type AdminTarget } from '../admin/adminTarget.js';
import type { Output } from '../output.js';
import { askYes } from './askYes.js';
import { build, testPlugin } from './authorCommand.js';
import {
  approvePlugin,
  giveRole,
  installPlugin,
  listPlugins,
  removePlugin,
  showPluginLog,
  switchPlugin,
  type AskedOptions,
} from './pluginCommand.js';

const example = fileURLToPath(new URL('../../../../../examples/plugins/dice', import.meta.url));
let scratch: ScratchFolder;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());

/** Runs a command in this process. @returns the words that it told */
async function told(command: (output: Output) => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const take = (_event: object, words: string | readonly string[]): void => {
    lines.push(...[words].flat());
  };
  const ignore = (): void => undefined;
  const output = { progress: take, result: take, table: take, detail: ignore, error: ignore };
  await command(output);
  return lines.join('\n');
}

describe('an author', () => {
  it('builds a plugin, and tests it against recorded events', async () => {
    const built = scratch.in('dice');
    expect(await told((output) => build(example, built, output))).toMatch(/^dice 1\.0\.0 is built/);
    const events = `${example}/events.jsonl`;
    const words = await told((output) => testPlugin(built, events, null, output));
    const printed = words.split('\n').filter((line) => line.startsWith('{'));
    expect(printed).toHaveLength(2);
    const [expected, other] = [scratch.in('expected'), scratch.in('other')];
    await writeFile(expected, printed.join('\n'));
    await writeFile(other, printed[0]!);
    expect(await told((output) => testPlugin(built, events, expected, output))).toContain('2 act');
    await expect(told((output) => testPlugin(built, events, other, output))).rejects.toThrow(
      /^action 2 is \{.*should be null/,
    );
  });

  it('is told what does not compile, or does not fit its hash', async () => {
    const built = scratch.in('changed');
    await told((output) => build(example, built, output));
    const manifest = await readFile(`${built}/plugin.toml`, 'utf8');
    const wrong = manifest.replace(/sha256 = ".{4}/, 'sha256 = "0000');
    await writeFile(`${built}/plugin.toml`, wrong);
    await expect(
      told((output) => testPlugin(built, `${example}/events.jsonl`, null, output)),
    ).rejects.toMatchObject({ code: 'invalidInput' });
    await expect(told((output) => build(scratch.in('none'), null, output))).rejects.toMatchObject({
      code: 'invalidInput',
    });
  });
});

describe('a question', () => {
  const ask = (answer: string, isTTY = true): Promise<void> => {
    const input = Object.assign(new PassThrough(), { isTTY });
    input.end(answer);
    return askYes({ input, output: new PassThrough() }, 'Have it run?');
  };

  it.each(['y\n', 'YES\n'])('is agreed to by %j', async (answer) => {
    await expect(ask(answer)).resolves.toBeUndefined();
  });

  it.each(['\n', 'n\n', 'yesterday\n', ''])('is not agreed to by %j', async (answer) => {
    await expect(ask(answer)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is not asked where nobody sits', async () => {
    await expect(ask('y\n', false)).rejects.toThrow('--yes');
  });
});

it('manages the plugins of a server', async () => {
  const server = await TestServer.start(scratch.in('server'));
  const serverAdmin: AdminTarget = parseAdminTarget(`http://127.0.0.1:${server.adminPort}`);
  const options: AskedOptions = { profile: scratch.in('Olga'), serverAdmin, yes: true };
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  const login = ['--name', 'Olga', '--owner-token', token.trim(), '--profile', options.profile];
  const env = { ROOKERY_ACCOUNT_PASSWORD: 'tall trees' };
  const place = ['--server-admin', serverAdmin.origin];
  expect(await runRookery(['admin', 'login', ...login, ...place], env)).toMatchObject({ code: 0 });

  const built = scratch.in('installed');
  await told((output) => build(example, built, output));
  expect(await told((output) => listPlugins(options, output))).toContain('no plugins');
  await expect(
    told((output) => installPlugin({ ...options, yes: false }, built, output)),
  ).rejects.toThrow('--yes');
  const installed = await told((output) => installPlugin(options, built, output));
  expect(installed).toMatch(/it wants to: sendText \(write messages.*\ndice 1\.0\.0 runs$/);
  await told((output) => giveRole(options, 'dice', 'moderator', output));
  const listed = await told((output) => listPlugins(options, output));
  expect(listed).toMatch(
    /^dice 1\.0\.0 {2}runs as moderator {2}.*\n +events: \d+ \([\d.]+ ms each/,
  );
  expect(listed).toMatch(/; faults: 0 .*\n +!dice 2d6/);
  const off = await told((output) => switchPlugin(options, 'dice', false, output));
  expect(off).toBe('dice 1.0.0 is off');
  expect(await told((output) => approvePlugin(options, 'dice', output))).toMatch(/runs$/);
  expect(await told((output) => showPluginLog(options, 'dice', output))).toBe(
    'it has logged nothing',
  );
  await told((output) => removePlugin(options, 'dice', output));
  await expect(told((output) => removePlugin(options, 'dice', output))).rejects.toThrow(
    'no plugin',
  );
  await server.stop();
}, 30_000);
