import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { stageLimits, VoicePeer } from '../testing/relayStage.js';
import type { SpeakingPairSetup } from '../testing/speakingPairWorker.js';
import { startVoicePlane } from './voicePlane.js';

/** Longer than anything here takes; only a failure lasts so long. */
const failedMs = 30_000;

/** Budgets in which a whole exchange fits, however fast it runs. */
const limits = { ...stageLimits, packetsBurst: 10_000 };

function open(sockets: 'batchIfAvailable' | 'portable') {
  return startVoicePlane({
    host: '127.0.0.1',
    port: 0,
    limits,
    workers: 2,
    sockets,
    onWorkerFault: (error) => {
      throw error;
    },
  });
}

test.each(['batchIfAvailable', 'portable'] as const)(
  'voice goes on while the main thread stands still (%s)',
  async (sockets) => {
    const plane = await open(sockets);
    const random = new SeededRandom(901);
    const sessions = [1, 2].map(() => {
      const hopKey = random.bytes(16);
      const token = plane.addSession(hopKey);
      plane.moveSession(token, 'lobby');
      return { token, hopKey };
    });
    const progress = new SharedArrayBuffer(4);
    const setup: SpeakingPairSetup = { port: plane.port, sessions, frames: 100, progress };
    const worker = new Worker(new URL('../testing/speakingPairWorker.js', import.meta.url), {
      workerData: setup,
    });
    const ended = once(worker, 'exit');
    const state = new Int32Array(progress);
    // Until the thread runs it needs the main one; from there on this one does nothing at all.
    await expect.poll(() => Atomics.load(state, 0), { timeout: failedMs }).toBeGreaterThan(0);
    Atomics.wait(state, 0, 1, failedMs);
    expect(Atomics.load(state, 0)).toBe(2);
    await ended;
    await plane.close();
  },
);

// Elsewhere there is one worker only.
test.runIf(process.platform === 'linux')(
  'everybody hears each frame once where workers share a room',
  async () => {
    const plane = await startVoicePlane({
      host: '127.0.0.1',
      port: 0,
      limits: {
        ...limits,
        shareReceiversMin: 0,
        activeWorkersMin: 3,
        bundleIdleFramesPerSecond: 0,
        bundleBusyFramesPerSecond: 1,
      },
      workers: 3,
      bundleWindowMs: 5,
      onWorkerFault: (error) => {
        throw error;
      },
    });
    const random = new SeededRandom(903);
    const peers: LoopbackPeer[] = [];
    for (let i = 0; i < 8; i++) {
      const hopKey = random.bytes(16);
      const token = plane.addSession(hopKey);
      plane.moveSession(token, 'lobby');
      peers.push(await LoopbackPeer.open(new VoicePeer(token, hopKey), plane.port));
    }
    for (const peer of peers) await peer.ping();
    const said = peers.map((): string[] => []);
    for (let round = 0; round < 40; round++) {
      for (const [i, { peer }] of peers.entries()) {
        const packet = peer.voice();
        said[i]!.push(textOf(packet.subarray(0, packet.length - 8)));
        peers[i]!.send(packet);
      }
      for (const peer of peers) await peer.ping();
    }
    const expected = peers.map((_peer, i) => said.flatMap((frames, j) => (i === j ? [] : frames)));
    const heard = (i: number): string[] => peers[i]!.heard.map(textOf);
    for (const [i, frames] of expected.entries()) {
      const count = expect.poll(() => heard(i).length, { timeout: failedMs });
      await count.toBeGreaterThanOrEqual(frames.length);
    }
    for (const peer of peers) await peer.ping();
    for (const [i, frames] of expected.entries()) expect(heard(i).sort()).toEqual(frames.sort());
    // A frame is measured by each worker that sends it.
    const sent = plane.histograms().relayDelay.reduce((sum, count) => sum + count);
    expect(sent).toBeGreaterThan(plane.counters().framesIn);
    await Promise.all(peers.map((peer) => peer.close()));
    await plane.close();
  },
);

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

test('a flooder takes nothing from what others say', async () => {
  const plane = await startVoicePlane({
    host: '127.0.0.1',
    port: 0,
    limits: stageLimits,
    workers: 1,
    onWorkerFault: (error) => {
      throw error;
    },
  });
  const random = new SeededRandom(902);
  const peers: LoopbackPeer[] = [];
  const join = async (room: string): Promise<LoopbackPeer> => {
    const hopKey = random.bytes(16);
    const token = plane.addSession(hopKey);
    plane.moveSession(token, room);
    const peer = await LoopbackPeer.open(new VoicePeer(token, hopKey), plane.port);
    peers.push(peer);
    await peer.ping();
    return peer;
  };
  const speaker = await join('lobby');
  const listener = await join('lobby');
  const flooder = await join('lobby');
  const frames: Uint8Array[] = [];
  const flood = 200;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < flood; i++) flooder.send(flooder.peer.voice());
    const packet = speaker.peer.voice();
    frames.push(packet.subarray(0, packet.length - 8));
    speaker.send(packet);
    // No more at a time than the smallest socket buffer holds.
    await listener.ping();
  }
  const heard = listener.heard.filter((packet) =>
    frames.some((frame) => Buffer.compare(frame, packet) === 0),
  );
  expect(heard).toEqual(frames);
  expect(plane.counters().dropBudget).toBeGreaterThan(15 * flood);
  await Promise.all(peers.map((peer) => peer.close()));
  await plane.close();
});
