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

const as = (name: string): string[] => [
  ...['--server', server.address],
  ...['--name', name],
  ...['--profile', scratch.in(name)],
];
const rooms = (...args: string[]): Promise<Outcome> =>
  runRookery(['rooms', ...as('Anna'), ...args]);

describe('rookery rooms', () => {
  it('creates, shows, renames and deletes rooms of the tree', async () => {
    expect((await rooms()).stdout).toBe('Lobby (0)\n');
    expect(await rooms('--create', 'Lobby/Games')).toMatchObject({
      code: 0,
      stdout: 'created Lobby/Games\n',
    });
    await rooms('--create', 'Lobby/Games/Chess');
    await rooms('--create', 'Lobby/Attic');

    const player = new RookeryProcess([
      ...['chat', ...as('Berta'), '--follow', '--json'],
      ...['--room', 'Lobby/Games/Chess'],
    ]);
    await player.event('joined');
    expect((await rooms()).stdout).toBe('Lobby (0)\n  Attic (0)\n  Games (0)\n    Chess (1)\n');
    const json = (await rooms('--json')).stdout.trim().split('\n');
    expect(json.map((line) => JSON.parse(line) as object).at(-1)).toMatchObject({
      event: 'room',
      room: 'Lobby/Games/Chess',
      name: 'Chess',
      people: 1,
    });
    await player.stop();

    expect(await rooms('--rename', 'Lobby/Games/Chess', 'Go  and more')).toMatchObject({
      code: 0,
      stdout: 'renamed Lobby/Games/Chess to Lobby/Games/Go and more\n',
    });
    expect(await rooms('--delete', 'Lobby/Games/Go and more')).toMatchObject({ code: 0 });
    await rooms('--delete', 'Lobby/Attic');
    expect((await rooms()).stdout).toBe('Lobby (0)\n  Games (0)\n');
  });

  it('sets up how a room is heard, one thing at a time', async () => {
    await rooms('--create', 'Lobby/Hall');
    expect(await rooms('--cap', 'Lobby/Hall', '4')).toMatchObject({
      code: 0,
      stdout: 'Lobby/Hall: the loudest 4 are heard; bundle window of the server; 48 kb/s\n',
    });
    expect((await rooms('--bundle-window', 'Lobby/Hall', '0')).code).toBe(0);
    expect((await rooms('--bitrate', 'Lobby/Hall', '96')).code).toBe(0);
    const words = 'the loudest 4 are heard; bundle window 0 ms; 96 kb/s';
    expect((await rooms()).stdout).toContain(`\n  Hall (0): ${words}\n`);
    const set = await rooms('--cap', 'Lobby/Hall', '0', '--json');
    expect(JSON.parse(set.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      event: 'voiceSet',
      room: 'Lobby/Hall',
      speakersMax: 0,
      bundleWindowMs: 0,
      bitrate: 96_000,
    });
    await rooms('--bundle-window', 'Lobby/Hall', 'default');
    await rooms('--bitrate', 'Lobby/Hall', 'default');
    expect((await rooms()).stdout).toContain('\n  Hall (0)\n');
    await rooms('--delete', 'Lobby/Hall');
  });

  it('moves and edits rooms, and shows what is set and who is where', async () => {
    await rooms('--create', 'Lobby/Party');
    await rooms('--create', 'Lobby/House');
    expect(await rooms('--move', 'Lobby/Party', 'Lobby/House')).toMatchObject({
      code: 0,
      stdout: 'moved Lobby/Party to Lobby/House/Party\n',
    });
    const path = 'Lobby/House/Party';
    const guest = new RookeryProcess([
      ...['chat', ...as('Berta'), '--follow', '--json'],
      ...['--room', path],
    ]);
    await guest.event('joined');
    const edit = [
      ...['--edit', path, '--description', 'Come in', '--position', '3', '--limit', '1'],
      ...['--temporary', 'yes', '--frame', '40', '--fec', 'off'],
      ...['--keep-days', '7', '--keep-messages', '4000000000'],
    ];
    const words =
      'position 3; at most 1 people; temporary; frames of 40 ms; no FEC; ' +
      'messages kept for 7 days; 4000000000 messages kept; "Come in"';
    expect(await rooms(...edit)).toMatchObject({ code: 0, stdout: `${path}: ${words}\n` });
    const shown = `  House (0)\n    Party (1): ${words}\n      - Berta\n`;
    expect((await rooms('--members')).stdout).toContain(shown);

    const late = await runRookery(['chat', ...as('Anna'), '--send', 'Hi', '--room', path]);
    expect(late.code).toBe(1);
    expect(late.stderr).toContain('The room holds 1, and as many are in it.');
    await guest.stop();
    await rooms('--delete', path);
    await rooms('--delete', 'Lobby/House');
  });

  it('lets rooms hear each other, and a listener hear one without being in it', async () => {
    await rooms('--create', 'Lobby/East');
    await rooms('--create', 'Lobby/West');
    expect(await rooms('--link', 'Lobby/East', 'Lobby/West')).toMatchObject({
      code: 0,
      stdout: 'linked Lobby/East and Lobby/West: whoever hears one hears the other\n',
    });
    expect((await rooms()).stdout).toContain('\n  East (0): linked to Lobby/West\n');
    const listener = new RookeryProcess([
      ...['listen', ...as('Berta'), '--json', '--room', 'Lobby'],
      ...['--also', 'Lobby/East', '--also', 'Lobby/West'],
      ...['--seconds', '600', '--out', scratch.in('heard.wav')],
    ]);
    expect(await listener.event('hearing')).toMatchObject({ rooms: ['Lobby/East', 'Lobby/West'] });
    await listener.event('listening');
    await listener.stop();
    expect(await rooms('--unlink', 'Lobby/West', 'Lobby/East')).toMatchObject({
      code: 0,
      stdout: 'unlinked Lobby/West and Lobby/East\n',
    });
    expect((await rooms()).stdout).toContain('\n  East (0)\n');
    expect(await rooms('--link', 'Lobby/East')).toMatchObject({ code: 2 });
    for (const room of ['Lobby/East', 'Lobby/West']) await rooms('--delete', room);
  });

  it("gives the server's reason for what it refuses", async () => {
    await rooms('--create', 'Lobby/Twice');
    const twice = await rooms('--create', 'Lobby/Twice', '--json');
    expect(twice.code).toBe(1);
    expect(JSON.parse(twice.stdout.trim().split('\n').at(-1)!)).toMatchObject({
      event: 'error',
      code: 'commandRefused',
    });
    expect(twice.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['--create', 'Lobby/Nowhere/Room'],
    ['--delete', 'Lobby/Nowhere'],
    ['--rename', 'Lobby/Nowhere', 'Somewhere'],
  ])('does not find what is not there: %s', async (...args) => {
    const { code, stderr } = await rooms(...args);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no room "Lobby/Nowhere"');
  });
});
