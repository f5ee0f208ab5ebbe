import { writeFileSync } from 'node:fs';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { speechLike } from '../engine/audio/testing/speechLike.js';
import { wavFile } from '../engine/audio/testing/wavFile.js';
import type { RecordingSummary } from '../engine/audio/speechRecorder.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

const seconds = 3;

let scratch: ScratchFolder;
let server: TestServer;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  writeFileSync(scratch.in('speech.wav'), wavFile(speechLike(new SeededRandom(31), 1)));
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

const as = (name: string): string[] => [
  ...['--server', server.address, '--json'],
  ...['--name', name, '--profile', scratch.in(name)],
];

// More packets of 10 ms than a room with frames of 20 ms lets through. Sound is real time: on a
// busy machine a frame may come too late to be heard, so it is said again.
it('frames are as long as the room has them, and all of them are heard', { retry: 3 }, async () => {
  const room = `Lobby/Short ${Date.now()}`;
  await runRookery(['rooms', ...as('Anna'), '--create', room]);
  await runRookery(['rooms', ...as('Anna'), '--edit', room, '--frame', '10', '--fec', 'off']);
  const listener = new RookeryProcess([
    ...['listen', ...as('Carla'), '--room', room, '--seconds', '60'],
    ...['--out', scratch.in('heard.wav')],
  ]);
  await listener.event('listening');
  const speaker = new RookeryProcess([
    ...['say', ...as('Anna'), '--room', room, '--wav', scratch.in('speech.wav')],
    ...['--loop', '--seconds', `${seconds}`],
  ]);
  await speaker.outcome;
  const spoken = await speaker.event('spoken');
  expect(spoken).toMatchObject({ framesDropped: 0, framesSent: seconds * 100 });
  await listener.stop();
  const recorded = (await listener.event('recorded')) as unknown as RecordingSummary;
  expect(recorded.speakers).toMatchObject([
    { displayName: 'Anna', framesHeard: seconds * 100, framesConcealed: 0, packetsInvalid: 0 },
  ]);
});
