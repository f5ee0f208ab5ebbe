import { afterAll, beforeAll, expect, it } from 'vitest';
import { RookeryProcess, runRookery, type Outcome } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

/** A recorded human voice of Debian's package alsa-utils. */
const wav = '/usr/share/sounds/alsa/Front_Left.wav';
const council = 'Lobby/Council';

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
  ...['--server', server.address],
  ...['--name', name],
  ...['--profile', scratch.in(name)],
];
const rooms = (...args: string[]): Promise<Outcome> =>
  runRookery(['rooms', ...as('Carla'), ...args]);

it('lets people speak and listen in a private room, and compare its code', async () => {
  await rooms('--create', council);
  const edited = await rooms('--edit', council, '--private', 'yes');
  expect(edited).toMatchObject({ code: 0, stdout: `${council}: private\n` });
  const listener = new RookeryProcess([
    ...['listen', ...as('Berta'), '--json', '--room', council],
    ...['--seconds', '600', '--out', scratch.in('berta.wav')],
  ]);
  await listener.event('listening');
  const speaking = ['say', ...as('Anna'), '--room', council, '--wav', wav];
  const said = await runRookery(speaking);
  expect(said).toMatchObject({ code: 0 });
  expect(`${said.stdout}${said.stderr}`).toContain('is private; safety code of Anna, Berta: ');
  const shown = await rooms('--safety-code', council);
  expect(shown.stdout).toMatch(
    /^Lobby\/Council is private; safety code of Berta, Carla: [\d ]+\n$/,
  );

  await listener.stop();
  const codes = listener.events.filter(({ event }) => event === 'safetyCode');
  const named = codes.filter(({ members }) =>
    (members as { displayName: string }[]).some(({ displayName }) => displayName === 'Carla'),
  );
  expect(shown.stdout).toContain(named.at(-1)!['safetyCode'] as string);
  const recorded = await listener.event('recorded');
  const [heard] = recorded['speakers'] as { displayName: string; framesHeard: number }[];
  expect(heard!.displayName).toBe('Anna');
  expect(heard!.framesHeard).toBeGreaterThan(20);
}, 40_000);

it('says that a room is not private', async () => {
  const { code, stderr } = await rooms('--safety-code', 'Lobby');
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Lobby is not private') as string,
  });
});
