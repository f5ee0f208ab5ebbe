import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ClientError, type ClientErrorCode } from '../../clientError.js';
import { workerExit } from '../workerExit.js';
import type { SoundFilePlan } from './soundFiles.js';
import type { SoundFileSummary } from './writingState.js';

/** What the thread says; 'fault' and 'summary' are its last words. */
export type SoundFilesMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly code: ClientErrorCode; readonly message: string }
  | { readonly kind: 'summary'; readonly summary: SoundFileSummary };

/** A thread that writes what comes through rings to files. */
export interface SoundFilesThread {
  /** Resolves with the fault that ended it early, if one does; what was written is whole. */
  readonly failed: Promise<ClientError>;
  /**
   * Writes what has come so far and finishes the files.
   *
   * @throws ClientError 'outputUnwritable' naming the file, or 'internal' where the thread died
   */
  close(): Promise<SoundFileSummary>;
}

/**
 * Starts the thread and waits until the files are there.
 *
 * @throws ClientError as `SoundFilesThread.close`
 */
export function startSoundFiles(plan: SoundFilePlan): Promise<SoundFilesThread> {
  return startSoundFilesOn(plan, new URL('./dumpWorker.js', import.meta.url));
}

/** As `startSoundFiles`, with another worker. */
export async function startSoundFilesOn(
  plan: SoundFilePlan,
  entry: URL,
): Promise<SoundFilesThread> {
  const worker = new Worker(entry, { workerData: plan });
  const outcome = outcomeOf(worker);
  // The first message is 'ready', or a fault: then the outcome, which listens first, rejects first.
  await Promise.race([outcome, once(worker, 'message')]);
  let isClosing = false;
  return {
    failed: new Promise((resolve) => {
      outcome.catch((error: unknown) => resolve(error as ClientError));
    }),
    close: () => {
      if (!isClosing) worker.postMessage('close');
      isClosing = true;
      return outcome;
    },
  };
}

/** @returns the worker's summary; rejects with ClientError when it ends without one */
function outcomeOf(worker: Worker): Promise<SoundFileSummary> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: SoundFilesMessage) => {
      if (message.kind === 'summary') resolve(message.summary);
      else if (message.kind === 'fault') reject(new ClientError(message.code, message.message));
    });
    workerExit(worker, 'writing sound to files').catch(reject);
  });
}
