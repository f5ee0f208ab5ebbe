import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingSummary } from '../engine/audio/speechRecorder.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

/** A recorded human voice of Debian's package alsa-utils. */
const wav = '/usr/share/sounds/alsa/Front_Center.wav';

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  if (!existsSync(wav)) {
    throw new Error(`${wav} is missing: run scripts/installTestPackages.sh (package alsa-utils)`);
  }
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  // Each has to be known before the others can find them.
  await Promise.all(['Anna', 'Berta', 'Carla'].map((name) => runRookery(['talks', ...as(name)])));
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

/** Sound is real time: on a busy machine the last frame may come when the listener has ended. */
const attempts = { retry: 3 };

describe('rookery say and listen --talk', () => {
  it('rings at the other, and is heard in the call', attempts, async () => {
    const watcher = new RookeryProcess(['talks', ...as('Carla'), '--json', '--watch']);
    await watcher.event('watching');
    const listener = new RookeryProcess([
      ...['listen', ...as('Berta'), '--json', '--talk', 'Anna'],
      ...['--seconds', '600', '--out', scratch.in('Berta.wav')],
    ]);
    await listener.event('listening');
    const speaker = new RookeryProcess([
      ...['say', ...as('Anna'), '--json', '--talk', 'Berta', '--wav', wav, '--seconds', '0.5'],
    ]);
    const { code, stderr } = await speaker.outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { framesSent } = await speaker.event('spoken');
    expect((await listener.stop()).code).toBe(0);
    const { speakers } = (await listener.event('recorded')) as unknown as RecordingSummary;
    expect(speakers).toMatchObject([{ displayName: 'Anna', framesHeard: framesSent }]);

    const caller = new RookeryProcess(['talks', ...as('Anna'), '--json', '--call', 'Carla']);
    const rings = { talk: 'Anna' };
    expect(await watcher.event('callRings')).toMatchObject(rings);
    expect((await caller.stop()).code).toBe(0);
    expect(await watcher.event('callOver')).toMatchObject(rings);
    await watcher.stop();
    expect(watcher.events.filter(({ event }) => event === 'callRings')).toHaveLength(1);
  });

  it('ends where nobody is there to answer, and what is over cannot be declined', async () => {
    const speech = ['say', ...as('Anna'), '--talk', 'Carla', '--wav', wav];
    const { code, stderr } = await runRookery(speech);
    expect(code).toBe(1);
    expect(stderr).toContain('nobody answered');
    const declined = await runRookery(['talks', ...as('Carla'), '--decline', 'Anna']);
    expect(declined.code).toBe(1);
    expect(declined.stderr).toContain('no such call');
    const wrong = await runRookery(['talks', ...as('Carla'), '--decline', 'Anna', '--watch']);
    expect(wrong.code).toBe(2);
  });
});
