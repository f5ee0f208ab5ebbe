// Thread entry for tests: says that it is ready and dies of a bug.
import { parentPort } from 'node:worker_threads';

parentPort!.postMessage('ready');
throw new Error('a bug in the thread');
