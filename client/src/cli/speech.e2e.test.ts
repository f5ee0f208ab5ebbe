import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { align } from '../engine/audio/correlate.js';
import type { RecordingSummary } from '../engine/audio/speechRecorder.js';
import { readWav } from '../engine/audio/wav.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

/** Recorded human voices of Debian's package alsa-utils. */
const voiceFolder = '/usr/share/sounds/alsa';
const voices = [
  { name: 'Anna', wav: `${voiceFolder}/Front_Left.wav` },
  { name: 'Berta', wav: `${voiceFolder}/Side_Right.wav` },
] as const;
const tailWav = `${voiceFolder}/Front_Center.wav`;

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  for (const path of [...voices.map(({ wav }) => wav), tailWav]) {
    if (existsSync(path)) continue;
    throw new Error(`${path} is missing: run scripts/installTestPackages.sh (package alsa-utils)`);
  }
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  for (const room of ['Lobby/Stage', 'Lobby/Elsewhere']) {
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

function listen(name: string, room: string): RookeryProcess {
  return new RookeryProcess([
    ...['listen', ...as(name), '--json', '--room', room],
    ...['--seconds', '600', '--out', scratch.in(`${name}.wav`)],
    ...['--per-speaker', scratch.in(`${name} heard`)],
  ]);
}

/** Speaks, and tells how many frames went out. */
async function say(name: string, wav: string, ...more: string[]): Promise<number> {
  const speaker = new RookeryProcess([
    ...['say', ...as(name), '--json', '--room', 'Lobby/Stage'],
    ...['--wav', wav, ...more],
  ]);
  const { code, stderr } = await speaker.outcome;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (await speaker.event('spoken'))['framesSent'] as number;
}

/** Ends a listener and gives its summary. */
async function stop(listener: RookeryProcess): Promise<RecordingSummary> {
  const { code, stderr } = await listener.stop();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (await listener.event('recorded')) as unknown as RecordingSummary;
}

/**
 * Sound is real time: on a machine that is busy with something else a frame may come too late to be
 * heard. That is no fault, so it is said again.
 */
const attempts = { retry: 4 };

describe('real speech through a real server', () => {
  it('is heard in its room, each speaker like the source, and nowhere else', attempts, async () => {
    const near = listen('Carla', 'Lobby/Stage');
    const far = listen('Dora', 'Lobby/Elsewhere');
    await Promise.all([near.event('listening'), far.event('listening')]);

    const framesSent = await Promise.all(voices.map(({ name, wav }) => say(name, wav)));
    // Once somebody who starts now is through, the others have been heard to their end.
    await say('Emil', tailWav, '--seconds', '0.6');
    const [nearSummary, farSummary] = await Promise.all([stop(near), stop(far)]);

    expect(nearSummary).toMatchObject({ packetsUnknown: 0, packetsDropped: 0 });
    for (const [i, { name, wav }] of voices.entries()) {
      const heard = nearSummary.speakers.find(({ displayName }) => displayName === name)!;
      expect(heard).toMatchObject({
        framesHeard: framesSent[i],
        framesRecovered: 0,
        framesConcealed: 0,
        packetsLate: 0,
      });
      const source = await readWav(wav);
      const recording = await readWav(scratch.in('Carla heard', heard.fileName!));
      const { correlation } = align(source.samples, recording.samples, {
        lagSamplesMax: recording.samples.length,
      });
      expect(correlation).toBeGreaterThanOrEqual(0.9);
    }
    const mix = await readWav(scratch.in('Carla.wav'));
    expect(mix.samples.some((sample) => sample !== 0)).toBe(true);

    expect(farSummary).toMatchObject({ speakers: [], packetsUnknown: 0 });
    expect(farSummary.seconds).toBeGreaterThan(0);
    const silence = await readWav(scratch.in('Dora.wav'));
    expect(silence.samples.length).toBeGreaterThan(0);
    expect(silence.samples.every((sample) => sample === 0)).toBe(true);
  });

  it('ends in good order at Ctrl-C, however long it was to go on', async () => {
    const listener = listen('Frida', 'Lobby/Stage');
    await listener.event('listening');
    const speaker = new RookeryProcess([
      ...['say', ...as('Gerda'), '--json', '--room', 'Lobby/Stage'],
      ...['--wav', tailWav, '--loop'],
    ]);
    await speaker.event('speaking');
    expect(await speaker.event('recordingStarted')).toMatchObject({ displayName: 'Frida' });
    expect((await speaker.stop()).code).toBe(0);
    expect(await speaker.event('spoken')).toMatchObject({ framesDropped: 0 });
    const { seconds } = await stop(listener);
    const { samples } = await readWav(scratch.in('Frida.wav'));
    expect(samples.length).toBe(Math.round(seconds * 48_000));
  });

  it('keeps what was heard when the server is lost', async () => {
    const other = await TestServer.start(scratch.in('other server'));
    const listener = new RookeryProcess([
      ...['listen', '--server', other.address, '--profile', scratch.in('Hanna'), '--json'],
      ...['--seconds', '600', '--out', scratch.in('Hanna.wav'), '--reconnect', '0'],
    ]);
    await listener.event('listening');
    await other.stop();
    const { code, stderr } = await listener.outcome;
    expect(code).toBe(1);
    expect(stderr).toContain('the server is stopping');
    const { seconds } = (await listener.event('recorded')) as unknown as RecordingSummary;
    const { samples } = await readWav(scratch.in('Hanna.wav'));
    expect(samples.length).toBe(Math.round(seconds * 48_000));
  });
});
