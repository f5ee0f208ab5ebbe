// Thread entry for tests: says that it is ready and never does anything again.
import { parentPort } from 'node:worker_threads';

parentPort!.postMessage('ready');
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
