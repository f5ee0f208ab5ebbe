import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { eventLoopFileVariable, type EventLoopDelay } from './eventLoopDelay.js';

/**
 * Loaded before a server (`node --import`), for benches alone. On SIGUSR2 it writes how late the
 * main thread's event loop was since the last time, and begins anew.
 */
function watch(file: string): void {
  const histogram = monitorEventLoopDelay({ resolution: 5 });
  histogram.enable();
  let count = 0;
  process.on('SIGUSR2', () => {
    const toMs = (nanoseconds: number): number => nanoseconds / 1e6;
    count += 1;
    const delay: EventLoopDelay = {
      count,
      p50Ms: toMs(histogram.percentile(50)),
      p99Ms: toMs(histogram.percentile(99)),
      maxMs: toMs(histogram.max),
    };
    histogram.reset();
    writeFileSync(file, JSON.stringify(delay));
  });
}

const file = process.env[eventLoopFileVariable];
if (isMainThread && file !== undefined) watch(file);
