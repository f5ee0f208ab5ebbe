// Thread entry for tests: says that it is ready and dies of a bug once it is given work.
import { parentPort, workerData } from 'node:worker_threads';
import { RingHeader } from '@rookery/schemas/ringHeader';

/** The ring that the thread waits on, by the name that its owner gives it. */
const { pcm, ring, records, control } = workerData as Partial<
  Record<'pcm' | 'ring' | 'records' | 'control', SharedArrayBuffer>
>;
parentPort!.postMessage('ready');
new RingHeader((pcm ?? ring ?? records ?? control)!).sleep(0, Infinity);
throw new Error('a bug in the thread');
