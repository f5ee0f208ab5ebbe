import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RookeryProcess, runRookery, type Outcome } from '../testing/rookeryProcess.js';
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

const run = (name: string, command: string, ...more: string[]): Promise<Outcome> => {
  const as = ['--server', server.address, '--name', name, '--profile', scratch.in(name)];
  return runRookery([command, ...as, ...more]);
};

async function lines(name: string, ...more: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await run(name, 'talks', '--json', ...more);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('rookery chat --to and rookery talks', () => {
  it('write to somebody by name, who reads that talk and no room, and list it', async () => {
    // Each has to be known before the other can find them.
    await Promise.all([run('Anna', 'talks'), run('Berta', 'talks')]);
    const reading = new RookeryProcess([
      ...['chat', '--server', server.address, '--name', 'Berta', '--profile', scratch.in('Berta')],
      ...['--follow', '--json', '--to', 'anna'],
    ]);
    await reading.event('talkOpened');
    await run('Anna', 'chat', '--send', 'in the lobby');
    await run('Anna', 'chat', '--send', 'still here', '--to', 'Berta');
    expect(await reading.event('message')).toMatchObject({ text: 'still here', room: null });
    await reading.stop();
    const talks = (await lines('Berta')).filter(({ event }) => event === 'talk');
    expect(talks).toMatchObject([{ kind: 'direct', name: 'Anna' }]);
  });

  it('make a group, and leave it', async () => {
    const made = await lines('Anna', '--create', 'Chess', '--with', 'Berta');
    const { talkId } = made.at(-1)!;
    const sent = await run('Anna', 'chat', '--send', 'e4', '--to', 'Chess');
    expect(sent).toMatchObject({ code: 0, stdout: 'sent to Chess\n' });
    const left = await lines('Berta', '--leave', 'Chess');
    expect(left.at(-1)).toMatchObject({ event: 'talkLeft', talkId });
    const { code, stderr } = await run('Berta', 'talks', '--leave', 'Chess');
    expect(code).toBe(1);
    expect(stderr).toContain('no talk "Chess"');
  });
});
