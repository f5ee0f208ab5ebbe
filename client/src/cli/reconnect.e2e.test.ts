import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RecordingSummary } from '../engine/audio/speechRecorder.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { fetchServerStats } from './serverStats.js';

/** A recorded human voice of Debian's package alsa-utils. */
const wav = '/usr/share/sounds/alsa/Front_Center.wav';

let scratch: ScratchFolder;
beforeAll(async () => {
  if (!existsSync(wav)) {
    throw new Error(`${wav} is missing: run scripts/installTestPackages.sh (package alsa-utils)`);
  }
  scratch = await ScratchFolder.make();
});
afterAll(async () => {
  await scratch.remove();
});

const as = (server: TestServer, name: string): string[] => [
  ...['--server', server.address],
  ...['--name', name],
  ...['--profile', scratch.in(name)],
];

/** Waits until the server has sent on so many frames. */
async function untilRelayed({ adminPort }: TestServer, frames: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { stats } = await fetchServerStats('127.0.0.1', adminPort);
      expect(stats.counters['framesOut']).toBeGreaterThanOrEqual(frames);
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** Takes all that a stopped server knows, but for its certificate. */
async function forgetRooms(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder);
  for (const name of names.filter((each) => each.startsWith('database'))) {
    await rm(join(dataFolder, name), { recursive: true });
  }
}

describe('a server that is killed and started again', () => {
  it('is come back to by those who speak, listen and read', async () => {
    const dataFolder = scratch.in('killed');
    const first = await TestServer.start(dataFolder);
    const listener = new RookeryProcess([
      ...['listen', ...as(first, 'Anna'), '--json'],
      ...['--seconds', '600', '--out', scratch.in('Anna.wav')],
    ]);
    const reader = new RookeryProcess(['chat', ...as(first, 'Berta'), '--follow', '--json']);
    await Promise.all([listener.event('listening'), reader.event('joined')]);
    const speaker = new RookeryProcess([
      ...['say', ...as(first, 'Carla'), '--json', '--wav', wav, '--loop'],
    ]);
    await untilRelayed(first, 25);

    await first.kill();
    const second = await TestServer.start(dataFolder, first.portOptions);
    const all = [speaker, listener, reader];
    for (const process of all) {
      await process.event('connectionLost');
      await process.event('reconnected');
    }

    const said = await runRookery(['chat', ...as(second, 'Dora'), '--send', 'back again']);
    expect(said.code).toBe(0);
    expect(await reader.event('message')).toMatchObject({ text: 'back again' });
    await untilRelayed(second, 25);
    for (const process of all) {
      const { code, stderr } = await process.stop();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    const summary = (await listener.event('recorded')) as unknown as RecordingSummary;
    // Each session of a speaker is one for the recorder: before and after.
    expect(summary.speakers.map(({ displayName }) => displayName)).toEqual(['Carla', 'Carla']);
    for (const { framesHeard, packetsDuplicate } of summary.speakers) {
      expect(framesHeard).toBeGreaterThan(0);
      expect(packetsDuplicate).toBe(0);
    }
    await second.stop();
  });

  it('is given up after the time that the user gave', async () => {
    const server = await TestServer.start(scratch.in('gone'));
    const reader = new RookeryProcess([
      ...['chat', ...as(server, 'Frida'), '--follow', '--json'],
      ...['--reconnect', '1', '--timeout', '0.5'],
    ]);
    await reader.event('joined');
    await server.stop();
    const { code, stderr } = await reader.outcome;
    expect(code).toBe(1);
    expect(stderr).toMatch(/the server is stopping.*gave up coming back after 1 s/);
    expect(await reader.event('connectionLost')).toMatchObject({ code: 'disconnected' });
  });

  it('ends what needs a room that it does not have any more', async () => {
    const dataFolder = scratch.in('roomless');
    const first = await TestServer.start(dataFolder);
    await runRookery(['rooms', ...as(first, 'Gerda'), '--create', 'Lobby/Den']);
    const reader = new RookeryProcess([
      ...['chat', ...as(first, 'Gerda'), '--follow', '--json', '--room', 'Lobby/Den'],
    ]);
    await reader.event('joined');
    await first.stop();
    await forgetRooms(dataFolder);
    const second = await TestServer.start(dataFolder, first.portOptions);
    const { code, stderr } = await reader.outcome;
    expect(code).toBe(1);
    expect(stderr).toContain('the room is not there any more');
    await second.stop();
  });
});
