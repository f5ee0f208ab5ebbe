import type { MessagePort } from 'node:worker_threads';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { LinuxClock } from '@rookery/transport/linuxClock';
import type { LinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { loadLinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { linux } from '@rookery/transport/linuxSocketLayout';
import type { RelayClock } from './relayClock.js';
import { outgoingBytesOf, Relay } from './relay.js';
import type { FromRelayWorker, RelaySetup, RelaySocket } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';
import { QuicSource } from './relayThreadParts.js';
import { RelayTurns } from './relayTurns.js';
import { warmUpRelay } from './warmUp.js';

/**
 * Relays in batches until it is told to stop: blocks in the kernel for packets, takes all that are
 * there, sends what is due. Never gives the thread back to the event loop meanwhile.
 */
export function runLinuxRelay(
  setup: RelaySetup,
  { fd, family, wakeFd, port }: RelaySocket & { kind: 'linux' },
  parts: RelayThreadParts,
  main: MessagePort,
): void {
  const { limits, tables } = parts;
  const calls = loadLinuxSocketCalls();
  const clock = openClock(calls);
  const batchOptions = {
    batchMax: limits.receiveBatchMax,
    packetBytesMax: voicePacketBytesMax,
    waitMsMax: limits.idleWaitMsMax,
    outgoingBytes: outgoingBytesOf(limits),
  };
  warmUpRelay({ calls, batchOptions, limits, clock });
  // A copy, because code that was compiled for one shape of object serves others only then.
  const socket = new LinuxBatchSocket({ ...calls }, { ...batchOptions, fd, family, wakeFd });
  const relay = new Relay({ ...parts, clock, socket, bundleWindowMsMax: setup.bundleWindowMs });
  const quicSource = new QuicSource(parts);
  const turns = new RelayTurns({ ...tables, socket, relay, quicSource, clock, limits });
  const { stop } = tables.workers.columns;
  const ready: FromRelayWorker = { type: 'ready', port };
  main.postMessage(ready);
  while (stop.load(tables.ownIndex) === 0) turns.next();
  main.close();
}

function openClock(calls: LinuxSocketCalls): RelayClock {
  const nowMs = new Float64Array(1);
  new LinuxClock(calls, linux.CLOCK_REALTIME).read(nowMs);
  const sinceEpochMs = nowMs[0]!;
  const monotonic = new LinuxClock(calls, linux.CLOCK_MONOTONIC);
  monotonic.read(nowMs);
  return { nowMs, epochMs: sinceEpochMs - nowMs[0]!, read: () => monotonic.read(nowMs) };
}
