import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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

/** Ended after each test, however that ends. */
let started: RookeryProcess[] = [];
afterEach(async () => {
  await Promise.all(started.map((process) => process.stop()));
  started = [];
});

function start(command: string, name: string, ...more: string[]): RookeryProcess {
  const process = new RookeryProcess([command, ...as(name), '--json', ...more]);
  started.push(process);
  return process;
}

describe('rookery say and listen --talk', () => {
  it('meet in the call of the two', async () => {
    const out = scratch.in('Berta.wav');
    const more = ['--talk', 'Anna', '--seconds', '600', '--out', out];
    const listener = start('listen', 'Berta', ...more);
    await listener.event('listening');
    const speaker = start('say', 'Anna', '--talk', 'Berta', '--wav', wav, '--seconds', '0.5');
    expect((await speaker.outcome).code).toBe(0);
    expect((await listener.stop()).code).toBe(0);
    const { speakers } = (await listener.event('recorded')) as unknown as RecordingSummary;
    // How many of them are heard is a matter of the network, and of other tests.
    expect(speakers).toMatchObject([{ displayName: 'Anna' }]);
    expect(speakers[0]!.framesHeard).toBeGreaterThan(0);
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

describe('rookery talks', () => {
  it('rings at who watches, and shows who is in the call', async () => {
    const watcher = start('talks', 'Carla', '--watch');
    await watcher.event('watching');
    const caller = start('talks', 'Anna', '--call', 'Carla');
    expect(await watcher.event('callRings')).toMatchObject({ talk: 'Anna' });
    expect((await watcher.stop()).code).toBe(0);
    const list = start('talks', 'Carla');
    expect(await list.event('talk')).toMatchObject({ name: 'Anna', inCall: [expect.any(String)] });
    expect((await caller.stop()).code).toBe(0);
  });
});
