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

/** The options of somebody with this name and an identity of their own. */
const as = (name: string): string[] => [
  ...['--server', server.address],
  ...['--name', name],
  ...['--profile', scratch.in(name)],
];
const send = (name: string, text: string, ...more: string[]): Promise<Outcome> =>
  runRookery(['chat', ...as(name), '--send', text, ...more]);

describe('rookery chat', () => {
  it('carries messages to whoever follows the room, and to nobody else', async () => {
    await runRookery(['rooms', ...as('Anna'), '--create', 'Lobby/Quiet']);
    const lobby = new RookeryProcess(['chat', ...as('Berta'), '--follow', '--json']);
    const quiet = new RookeryProcess([
      ...['chat', ...as('Carla'), '--follow', '--json'],
      ...['--room', 'Lobby/Quiet'],
    ]);
    await Promise.all([lobby.event('joined'), quiet.event('joined')]);

    const sent = await send('Anna', 'Grüße 👋', '--json');
    expect(sent.code).toBe(0);
    const { messageId } = JSON.parse(sent.stdout.trim().split('\n').at(-1)!) as {
      messageId: string;
    };
    expect(await lobby.event('message')).toMatchObject({
      messageId,
      room: 'Lobby',
      displayName: 'Anna',
      text: 'Grüße 👋',
      sentAtMs: expect.any(Number) as number,
    });
    expect((await send('Anna', 'psst', '--room', 'Lobby/Quiet')).code).toBe(0);
    expect(await quiet.event('message')).toMatchObject({ room: 'Lobby/Quiet', text: 'psst' });

    for (const { code, stderr } of await Promise.all([lobby.stop(), quiet.stop()])) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(lobby.events.filter(({ event }) => event === 'message')).toHaveLength(1);
  });

  it('prints messages on stdout, what goes on on stderr, and obeys no text', async () => {
    const follower = new RookeryProcess(['chat', ...as('Dora'), '--follow']);
    const ready = new RookeryProcess(['chat', ...as('Emil'), '--follow', '--json']);
    await ready.event('joined');
    // Text output tells nothing that a program could wait for, so ask until Dora has it too.
    const text = 'one\ntwo \u009b31mred';
    const printed = String.raw`Anna: one\ntwo \u{9b}31mred`;
    for (let sends = 0; sends < 20 && !follower.hasPrinted(printed); sends++) {
      expect((await send('Anna', text)).stdout).toBe('sent to Lobby\n');
    }
    const { code, stdout, stderr } = await follower.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[\d\d:\d\d:\d\d\] Anna: one/);
    expect(stdout).toContain(printed);
    expect(stderr).toContain('in Lobby');
    await ready.stop();
  });

  it('changes what was written, and shows it in the history', async () => {
    await runRookery(['rooms', ...as('Anna'), '--create', 'Lobby/Library']);
    const room = ['--room', 'Lobby/Library', '--json'];
    const chat = (...more: string[]): Promise<Outcome> =>
      runRookery(['chat', ...as('Anna'), ...room, ...more]);
    const follower = new RookeryProcess([...['chat', ...as('Berta'), '--follow'], ...room]);
    await follower.event('joined');
    const sent = (await chat('--send', 'frist')).stdout.trim().split('\n').at(-1)!;
    const { messageId } = JSON.parse(sent) as { messageId: string };
    expect((await chat('--edit', messageId, 'first')).code).toBe(0);
    expect((await chat('--react', messageId, '👍')).code).toBe(0);
    expect(await follower.event('edited')).toMatchObject({ messageId, text: 'first' });
    expect(await follower.event('reacted')).toMatchObject({ messageId, emoji: '👍', count: 1 });
    await follower.stop();
    const lines = (await chat('--history', '10')).stdout.trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event: string });
    expect(events.find(({ event }) => event === 'message')).toMatchObject({
      messageId,
      text: 'first',
      editedAtMs: expect.any(Number) as number,
      reactions: [{ emoji: '👍', count: 1, mine: true }],
    });
  });

  it('tells what is unread since one read, and finds messages', async () => {
    const chat = async (name: string, ...more: string[]): Promise<Record<string, unknown>[]> => {
      const { code, stdout, stderr } = await runRookery(['chat', ...as(name), '--json', ...more]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout.trim().split('\n');
      return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    const first = (await chat('Anna', '--send', 'A raven')).at(-1)!['messageId'];
    expect((await chat('Berta', '--read')).at(-1)).toMatchObject({ event: 'read', readId: first });
    const second = (await chat('Anna', '--send', 'Two ravens')).at(-1)!['messageId'];
    const unread = (await chat('Berta', '--unread')).filter(({ event }) => event === 'unread');
    expect(unread).toMatchObject([{ room: 'Lobby', unread: 1, latestId: second }]);
    // What was written is entered into the index a moment later.
    let found: Record<string, unknown>[] = [];
    while (found.length < 2) {
      const lines = await chat('Berta', '--search', 'raven*');
      found = lines.filter(({ event }) => event === 'message');
    }
    expect(found).toMatchObject([{ messageId: second }, { messageId: first }]);
  });

  it('ends with the reason when the server stops', async () => {
    const other = await TestServer.start(scratch.in('other server'));
    const follower = new RookeryProcess([
      ...['chat', '--follow', '--json', '--server', other.address],
      ...['--name', 'Frida', '--profile', scratch.in('Frida'), '--reconnect', '0'],
    ]);
    await follower.event('joined');
    expect((await other.stop()).code).toBe(0);
    const { code, stderr } = await follower.outcome;
    expect(code).toBe(1);
    expect(stderr).toContain('the server is stopping');
    expect(await follower.event('error')).toMatchObject({ code: 'disconnected' });
  });

  it('ends when the same identity logs in again', async () => {
    const first = new RookeryProcess(['chat', ...as('Gerda'), '--follow', '--json']);
    await first.event('joined');
    const second = new RookeryProcess(['chat', ...as('Gerda'), '--follow', '--json']);
    const { code, stderr } = await first.outcome;
    expect(code).toBe(1);
    expect(stderr).toContain('logged in again elsewhere');
    await second.event('joined');
    expect((await second.stop()).code).toBe(0);
  });

  it('names a room that is not there, and those that are', async () => {
    const { code, stdout, stderr } = await send('Anna', 'hi', '--room', 'Lobby/Nowhere');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/there is no room "Lobby\/Nowhere"; there is Lobby/);
  });
});
