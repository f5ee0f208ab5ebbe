import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingSummary } from '../engine/audio/speechRecorder.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

/** A recorded human voice of Debian's package alsa-utils. */
const wav = '/usr/share/sounds/alsa/Front_Center.wav';

type Recorded = RecordingSummary & { readonly whisperedFrames: number };

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  if (!existsSync(wav)) {
    throw new Error(`${wav} is missing: run scripts/installTestPackages.sh (package alsa-utils)`);
  }
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  for (const room of ['Lobby/Stage', 'Lobby/Stage/Wings', 'Lobby/Elsewhere']) {
    await runRookery(['rooms', ...as('Anna'), '--create', room]);
  }
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

async function listen(name: string, room: string): Promise<RookeryProcess> {
  const listener = new RookeryProcess([
    ...['listen', ...as(name), '--json', '--room', room],
    ...['--seconds', '600', '--out', scratch.in(`${name}.wav`)],
  ]);
  await listener.event('listening');
  return listener;
}

/** Whispers, and tells how many frames went out. */
async function whisper(...to: string[]): Promise<number> {
  const speaker = new RookeryProcess([
    ...['say', ...as('Zoe'), '--json', '--room', 'Lobby', '--wav', wav, '--seconds', '0.5', ...to],
  ]);
  const { code, stderr } = await speaker.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (await speaker.event('spoken'))['framesSent'] as number;
}

async function whisperedFrames(listener: RookeryProcess): Promise<number> {
  expect((await listener.stop()).code).toBe(0);
  return ((await listener.event('recorded')) as unknown as Recorded).whisperedFrames;
}

/** Sound is real time: on a busy machine the last frame may come when the listener has ended. */
const attempts = { retry: 3 };

describe('rookery say --whisper', () => {
  it('is heard by those named, wherever they are, and by nobody else', attempts, async () => {
    const lobby = await listen('Anna', 'Lobby');
    const elsewhere = await listen('Berta', 'Lobby/Elsewhere');
    const stage = await listen('Carla', 'Lobby/Stage');
    const frames = await whisper('--whisper', 'Berta', '--whisper', 'Lobby/Stage');
    expect(frames).toBeGreaterThan(0);
    expect(await whisperedFrames(elsewhere)).toBe(frames);
    expect(await whisperedFrames(stage)).toBe(frames);
    expect(await whisperedFrames(lobby)).toBe(0);
  });

  it('reaches the rooms below with --shout alone', attempts, async () => {
    const wings = await listen('Dora', 'Lobby/Stage/Wings');
    await whisper('--whisper', 'Lobby/Stage');
    const frames = await whisper('--whisper', 'Lobby/Stage', '--shout');
    expect(await whisperedFrames(wings)).toBe(frames);
  });

  it('says who is not there', async () => {
    const say = ['say', ...as('Zoe'), '--wav', wav, '--whisper', 'Nobody'];
    const { code, stderr } = await runRookery(say);
    expect(code).toBe(1);
    expect(stderr).toContain('nobody called "Nobody"');
  });
});
