import { parentPort, workerData } from 'node:worker_threads';
import { LoopbackPeer } from './loopbackPeer.js';
import { VoicePeer } from './relayStage.js';

/** Two sessions that the test has added, and where it listens. */
export interface SpeakingPairSetup {
  readonly port: number;
  readonly sessions: readonly { readonly token: number; readonly hopKey: Uint8Array }[];
  readonly frames: number;
  /** One Int32: 1 once the pair waits to be let go, 2 once every frame was heard. */
  readonly progress: SharedArrayBuffer;
}

/** Lets one session speak to the other, in a thread that needs nothing of the main one. */
async function run({ port, sessions, frames, progress }: SpeakingPairSetup): Promise<void> {
  const [speaker, listener] = await Promise.all(
    sessions.map(({ token, hopKey }) => LoopbackPeer.open(new VoicePeer(token, hopKey), port)),
  );
  const state = new Int32Array(progress);
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
  await speaker!.ping();
  await listener!.ping();
  for (let frame = 1; frame <= frames; frame++) {
    while (listener!.heard.length < frame) {
      speaker!.send(speaker!.peer.voice());
      await speaker!.ping();
      await listener!.ping();
    }
  }
  Atomics.store(state, 0, 2);
  Atomics.notify(state, 0);
  await Promise.all([speaker!.close(), listener!.close()]);
  parentPort!.close();
}

await run(workerData as SpeakingPairSetup);
