import type { Worker } from 'node:worker_threads';
import { ClientError } from '../clientError.js';

/**
 * Waits for a worker's end.
 *
 * @param what the thread's work, for the message: "encoding"
 * @returns resolves when it has ended by itself; rejects with ClientError 'internal' when it died
 */
export function workerExit(worker: Worker, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', (cause) => {
      reject(
        new ClientError('internal', `the thread for ${what} died: ${cause.message}`, { cause }),
      );
    });
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new ClientError('internal', `the thread for ${what} died with code ${code}`));
    });
  });
}
