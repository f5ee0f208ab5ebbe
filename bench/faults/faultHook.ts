import { subscribe } from 'node:diagnostics_channel';
import { isMainThread, type Worker } from 'node:worker_threads';
import type { FromRelayWorker } from '@rookery/server/relay/relayMessages';
import { stallMs, type ServerFault } from './serverFault.js';

/**
 * Loaded before a server (`node --import`), for benches alone; the server itself has no way to be
 * harmed. On SIGUSR2 the fault happens that the variable `BENCH_FAULT` names. The thread that is
 * killed is any relay worker's, one after the other.
 */
const fault = process.env['BENCH_FAULT'] as ServerFault;

/** Relay workers that run, in the order in which they became ready. */
const relays: Worker[] = [];

function onWorker(message: unknown): void {
  const { worker } = message as { readonly worker: Worker };
  worker.once('message', (first: Partial<FromRelayWorker> | null) => {
    if (first?.type === 'ready') relays.push(worker);
  });
}

function killRelay(): void {
  // Whoever replaces it comes last, so that the next one is another's turn.
  void relays.shift()?.terminate();
}

function standStill(): void {
  const endMs = performance.now() + stallMs;
  while (performance.now() < endMs);
}

if (isMainThread) {
  subscribe('worker_threads', onWorker);
  process.on('SIGUSR2', fault === 'killRelay' ? killRelay : standStill);
}
