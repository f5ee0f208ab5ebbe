import { parentPort, workerData } from 'node:worker_threads';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { profileThread } from '../profile/threadProfile.js';
import { attachRelayTables } from '../tables/relayTables.js';
import { runLinuxRelay } from './linuxRelay.js';
import { runPortableRelay } from './portableRelay.js';
import { QuicOutlet } from './quicOutlet.js';
import type { RelaySetup } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';

/**
 * Thread entry of a relay: owns a voice socket and its rows of the tables, reads all else from
 * them. An exception anywhere ends the thread; the main thread starts another.
 */
if (parentPort === null) throw new Error('relayWorker runs as a worker thread only');
const setup = workerData as RelaySetup;
const { limits, workerIndex, profileFolder } = setup;
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
if (setup.socket.kind === 'linux') runLinuxRelay(setup, setup.socket, parts, parentPort);
else await runPortableRelay(setup.socket, parts, parentPort);
