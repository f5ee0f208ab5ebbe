import assert from 'node:assert/strict';
import { once } from 'node:events';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { profileThread } from '../profile/threadProfile.js';
import { serverLimits } from '../limits.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { runLinuxRelay } from './linuxRelay.js';
import { openLinuxRelayParts } from './linuxRelayParts.js';
import { runPortableRelay } from './portableRelay.js';
import { QuicOutlet } from './quicOutlet.js';
import type { FromRelayWorker, RelaySetup, ToRelayWorker } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';
import { warmUpRelay } from './warmUp.js';

/**
 * Thread entry of a relay: owns a voice socket and its rows of the tables, reads all else from
 * them. An exception anywhere ends the thread; the main thread starts another. One that was made
 * without a set-up is of the reserve: it gets warm, and waits for it.
 */
if (parentPort === null) throw new Error('relayWorker runs as a worker thread only');
const given = workerData as RelaySetup | null;
const linux = given?.socket.kind === 'portable' ? null : openLinuxRelayParts();
// One of the reserve has the limits that servers usually have until it is told others.
if (linux !== null) warmUpRelay(linux, given?.limits ?? serverLimits.voice);
const setup = given ?? (await untilSetUp(parentPort));
const { socket, limits, workerIndex, profileFolder } = setup;
if (profileFolder !== null) {
  process.once('exit', profileThread(profileFolder, `relay-${workerIndex}`));
}
const parts: RelayThreadParts = {
  tables: attachRelayTables(setup.tables, setup.counters, limits, workerIndex),
  limits,
  quic: new QuicOutlet(new SpscRecordRing(setup.rings.toMain), limits.sessionsMax),
  peers: setup.peers,
  fromQuic: new SpscRecordRing(setup.rings.toWorker),
};
if (socket.kind === 'portable') {
  await runPortableRelay(socket, parts, parentPort);
} else {
  assert(linux !== null, 'the main thread has batch sockets, and this one has none');
  runLinuxRelay(setup, socket, { ...parts, ...linux }, parentPort);
}

async function untilSetUp(main: MessagePort): Promise<RelaySetup> {
  const loaded: FromRelayWorker = { type: 'loaded' };
  main.postMessage(loaded);
  const [message] = (await once(main, 'message')) as [ToRelayWorker & { readonly type: 'setUp' }];
  return message.setup;
}
