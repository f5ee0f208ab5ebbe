import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runRookery, type JsonEvent, type Outcome } from '../testing/rookeryProcess.js';
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

const sealed = { ROOKERY_PASSPHRASE: 'tall trees' };

const identity = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  profile = 'profile',
): Promise<Outcome> => runRookery(['identity', ...args, '--profile', scratch.in(profile)], env);

/** The user that the server takes it for. */
async function userId(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  profile = 'profile',
): Promise<string> {
  const place = ['--server', server.address, '--profile', scratch.in(profile), '--json'];
  const { code, stdout, stderr } = await runRookery(['rooms', ...place, ...args], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonEvent);
  return events.find(({ event }) => event === 'connected')!['userId'] as string;
}

it('logs in with the identity that is chosen, by its passphrase', async () => {
  const both = ['work', 'play'].map((name) => identity(['new', name, '--encrypt'], sealed));
  for (const { code } of await Promise.all(both)) expect(code).toBe(0);
  const [work, play] = await Promise.all(
    // Two who are here at once cannot have one name.
    ['work', 'play'].map((name) => userId(['--identity', name, '--name', name], sealed)),
  );
  expect(work).not.toBe(play);
  for (const chosen of [['work'], ['play', '--server', server.address]]) {
    expect((await identity(['default', ...chosen])).code).toBe(0);
  }
  expect(await userId([], sealed)).toBe(play);
});

it('is the same user on the machine that an identity was moved to', async () => {
  expect((await identity(['new', 'plain'], {}, 'old')).code).toBe(0);
  const block = scratch.in('plain.txt');
  const exported = await identity(['export', 'plain', '--out', block], sealed, 'old');
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  if (process.platform !== 'win32') expect((await stat(block)).mode & 0o077).toBe(0);
  const again = await identity(['export', 'plain', '--out', block], sealed, 'old');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect((await identity(['import', 'mine', block], sealed, 'moved')).code).toBe(0);
  expect(await userId([], sealed, 'moved')).toBe(await userId([], {}, 'old'));
});

it('says what is missing or wrong, and deletes nothing by itself', async () => {
  await identity(['new', 'guarded', '--encrypt'], sealed, 'careful');
  const rooms = ['rooms', '--server', server.address, '--profile', scratch.in('careful')];
  const failures = [
    [{}, 'ROOKERY_PASSPHRASE'],
    [{ ROOKERY_PASSPHRASE: 'short trees' }, 'the passphrase is wrong'],
  ] as const;
  for (const [env, words] of failures) {
    const { code, stderr } = await runRookery(rooms, env);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('trees');
  }
  const unknown = await runRookery([...rooms, '--identity', 'gone'], sealed);
  expect(unknown.stderr).toContain('there is no identity "gone"; there is guarded');
  const kept = await identity(['remove', 'guarded'], {}, 'careful');
  expect(kept.code).toBe(2);
  expect(kept.stderr).toContain('--yes');
  const list = async (): Promise<string> => (await identity(['list'], {}, 'careful')).stdout;
  expect(await list()).toMatch(/^guarded {2}[\w-]{43} \(default, passphrase\)\n$/);
  expect((await identity(['remove', 'guarded', '--yes'], {}, 'careful')).code).toBe(0);
  expect(await list()).toBe('');
});
