import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ClientError } from './clientError.js';
import type { WorkToDo } from './joinWorkWorker.js';

/**
 * Does the work that a server asks for at login, in a thread of its own.
 *
 * @param challenge of the server, 32 bytes
 * @param bits see `findWork`
 * @param signal gives it up
 * @returns the solution, 8 bytes
 * @throws ClientError `disconnected` when it is given up
 */
export async function doJoinWork(
  challenge: Uint8Array,
  bits: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const workerData: WorkToDo = { challenge, bits };
  const worker = new Worker(new URL('./joinWorkWorker.js', import.meta.url), { workerData });
  try {
    const [work] = (await once(worker, 'message', { signal })) as [Uint8Array];
    return work;
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new ClientError('disconnected', 'stopped', { cause });
  } finally {
    await worker.terminate();
  }
}
