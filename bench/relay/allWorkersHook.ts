import { isMainThread } from 'node:worker_threads';
import { voiceLimits } from '@rookery/server/limits';

/**
 * Loaded before a server (`node --import`), for benches alone: all its relay workers take packets
 * from the start, however little there is to do. A machine that also runs the load has no cores for
 * as much of it as would bring them in by itself.
 */
if (isMainThread) Object.assign(voiceLimits, { activeWorkersMin: Infinity });
