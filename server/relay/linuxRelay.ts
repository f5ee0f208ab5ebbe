import type { MessagePort } from 'node:worker_threads';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { LinuxClock } from '@rookery/transport/linuxClock';
import type { LinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { loadLinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { linux } from '@rookery/transport/linuxSocketLayout';
import { packedAddressWords } from '@rookery/transport/packedAddress';
import type { RelayClock } from './relayClock.js';
import { outgoingBytesOf, Relay } from './relay.js';
import type { FromRelayWorker, RelaySetup, RelaySocket } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';
import { ReceivePause } from './receivePause.js';
import { QuicSource } from './relayThreadParts.js';
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
  const { nowMs } = clock;
  const options = {
    fd,
    family,
    wakeFd,
    batchMax: limits.receiveBatchMax,
    packetBytesMax: voicePacketBytesMax,
    waitMsMax: limits.idleWaitMsMax,
    outgoingBytes: outgoingBytesOf(limits),
  };
  const sinkCalls = { ...calls, sendmmsg: takeAll };
  warmUpRelay(limits, () => new LinuxBatchSocket(sinkCalls, options), clock);
  // A copy too, because code that was compiled for one shape of object serves both only then.
  const socket = new LinuxBatchSocket({ ...calls }, options);
  const relay = new Relay({ ...parts, clock, socket, bundleWindowMsMax: setup.bundleWindowMs });
  const quicSource = new QuicSource(parts);
  const from = new Int32Array(packedAddressWords);
  const { stop } = tables.workers.columns;
  const ready: FromRelayWorker = { type: 'ready', port };
  main.postMessage(ready);
  const pause = new ReceivePause(limits, nowMs);
  let received = 0;
  while (stop.load(tables.ownIndex) === 0) {
    const dueInMs = relay.nextDueMs - nowMs[0]!;
    const { pauseUs } = pause;
    if (received === limits.receiveBatchMax || quicSource.hasMore) {
      // More is likely there.
      received = socket.receive();
    } else if (received > 0 && pauseUs > 0) {
      const pauseMs = Math.min(pauseUs / 1_000, dueInMs);
      if (pauseMs > 0) socket.pause(pauseMs);
      received = socket.receive();
    } else if (dueInMs === Infinity && !quicSource.isUsed) {
      received = socket.receiveOrWait();
    } else {
      const waitMs = Math.min(dueInMs, limits.idleWaitMsMax);
      if (waitMs > 0) socket.wait(waitMs);
      received = socket.receive();
    }
    clock.read();
    pause.count(received);
    for (let slot = 0; slot < received; slot++) {
      socket.readSource(slot, from);
      relay.receive(socket.packets[slot]!, socket.packetBytes(slot), from);
    }
    quicSource.take(relay);
    relay.flushDue();
  }
  main.close();
}

/** In the place of sendmmsg: says that all was sent. */
const takeAll = (_fd: number, _entries: number, count: number): number => count;

function openClock(calls: LinuxSocketCalls): RelayClock {
  const nowMs = new Float64Array(1);
  new LinuxClock(calls, linux.CLOCK_REALTIME).read(nowMs);
  const sinceEpochMs = nowMs[0]!;
  const monotonic = new LinuxClock(calls, linux.CLOCK_MONOTONIC);
  monotonic.read(nowMs);
  return { nowMs, epochMs: sinceEpochMs - nowMs[0]!, read: () => monotonic.read(nowMs) };
}
