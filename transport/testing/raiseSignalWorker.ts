import { workerData } from 'node:worker_threads';
import { loadLinuxSocketCalls } from '../linuxSocketCalls.js';

/** Writes to the eventfd that it is given, as another thread may at any time. */
const calls = loadLinuxSocketCalls();
const one = calls.allocate(8);
one.words[0] = 1;
calls.write(workerData as number, one.address, 8);
