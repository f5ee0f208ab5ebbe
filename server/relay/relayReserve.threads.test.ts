import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { stageLimits, VoicePeer } from '../testing/relayStage.js';
import { RelayReserve } from './relayReserve.js';
import { startVoicePlane } from './voicePlane.js';

/** Threads that were made in this test, the oldest first. */
let made: Worker[] = [];
const note = (worker: Worker): void => void made.push(worker);

beforeEach(() => {
  made = [];
  process.on('worker', note);
});
afterEach(() => void process.off('worker', note));

function openPlane(reserve: RelayReserve) {
  return startVoicePlane({
    host: '127.0.0.1',
    port: 0,
    limits: stageLimits,
    workers: 2,
    spawn: reserve.spawn,
    onWorkerFault: (error) => {
      throw error;
    },
  });
}

/** Voice of one session to another. */
async function expectToRelay(plane: Awaited<ReturnType<typeof openPlane>>): Promise<void> {
  const hopKey = new Uint8Array(16).fill(7);
  const peers = await Promise.all(
    [1, 2].map(async () => {
      const token = plane.addSession(hopKey);
      plane.moveSession(token, 'lobby');
      const peer = await LoopbackPeer.open(new VoicePeer(token, hopKey), plane.port);
      await peer.ping();
      return peer;
    }),
  );
  const [speaker, listener] = peers;
  speaker!.send(speaker!.peer.voice());
  await speaker!.ping();
  await listener!.ping();
  expect(listener!.heard).toHaveLength(1);
  for (const peer of peers) await peer.close();
}

// Elsewhere there is one worker only.
test.runIf(process.platform === 'linux')('relays with threads that were there before', async () => {
  const reserve = new RelayReserve(2);
  await reserve.loaded;
  expect(made).toHaveLength(2);
  const plane = await openPlane(reserve);
  expect(made).toHaveLength(2);
  await expectToRelay(plane);
  await plane.close();
  expect(made.map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

test('ends the threads that nobody wanted', async () => {
  const reserve = new RelayReserve(2);
  await reserve.loaded;
  await reserve.close();
  expect(made.map(({ threadId }) => threadId)).toEqual([-1, -1]);
});

test.runIf(process.platform === 'linux')('makes another for one that is gone', async () => {
  const reserve = new RelayReserve(2);
  await reserve.loaded;
  await made[0]!.terminate();
  const plane = await openPlane(reserve);
  expect(made).toHaveLength(3);
  await expectToRelay(plane);
  await plane.close();
});

test('is loaded although none of it can be', async () => {
  const reserve = new RelayReserve(1);
  const [worker] = (await once(process, 'worker')) as [Worker];
  await worker.terminate();
  await reserve.loaded;
  await reserve.close();
});
