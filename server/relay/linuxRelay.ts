import type { MessagePort } from 'node:worker_threads';
import { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { linuxRelayOptions, type LinuxRelayParts } from './linuxRelayParts.js';
import { Relay } from './relay.js';
import type { FromRelayWorker, RelaySetup, RelaySocket } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';
import { QuicSource } from './relayThreadParts.js';
import { RelayTurns } from './relayTurns.js';

/**
 * Relays in batches until it is told to stop: blocks in the kernel for packets, takes all that are
 * there, sends what is due. Never gives the thread back to the event loop meanwhile.
 */
export function runLinuxRelay(
  setup: RelaySetup,
  { fd, family, wakeFd, port }: RelaySocket & { kind: 'linux' },
  parts: RelayThreadParts & LinuxRelayParts,
  main: MessagePort,
): void {
  const { limits, tables, calls, clock } = parts;
  const batchOptions = linuxRelayOptions(limits);
  // A copy, because code that was compiled for one shape of object serves others only then.
  const socket = new LinuxBatchSocket({ ...calls }, { ...batchOptions, fd, family, wakeFd });
  const relay = new Relay({ ...parts, socket, bundleWindowMsMax: setup.bundleWindowMs });
  const quicSource = new QuicSource(parts);
  const turns = new RelayTurns({ ...tables, socket, relay, quicSource, clock, limits });
  const { stop } = tables.workers.columns;
  const ready: FromRelayWorker = { type: 'ready', port };
  main.postMessage(ready);
  while (stop.load(tables.ownIndex) === 0) turns.next();
  main.close();
}
