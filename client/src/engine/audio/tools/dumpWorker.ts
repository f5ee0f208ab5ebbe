// Thread entry: what is heard and captured → WAV files. It may wait for the disk as long as that
// takes: whoever fills the rings does not.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientError } from '../../clientError.js';
import { monotonicMs } from '../monotonicClock.js';
import { soundFileLimits } from './soundFileLimits.js';
import { SoundFiles, type SoundFilePlan } from './soundFiles.js';
import type { SoundFilesMessage } from './soundFilesThread.js';

orFault(
  () => write(new SoundFiles(workerData as SoundFilePlan, monotonicMs())),
  () => undefined,
);

function write(files: SoundFiles): void {
  const attempt = (work: () => void): void => {
    orFault(work, () => {
      clearInterval(timer);
      files.abandon();
    });
  };
  const drain = (): void => files.drain(monotonicMs());
  const timer = setInterval(() => attempt(drain), soundFileLimits.drainEveryMs);
  parentPort!.once('message', () => {
    clearInterval(timer);
    attempt(() => end({ kind: 'summary', summary: files.close(monotonicMs()) }));
  });
  say({ kind: 'ready' });
}

/** @param giveUp is done before the fault is told */
function orFault(work: () => void, giveUp: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    giveUp();
    end({ kind: 'fault', code: error.code, message: error.message });
  }
}

/** Says its last words: without a port, and a timer, nothing keeps the thread. */
function end(message: SoundFilesMessage): void {
  say(message);
  parentPort!.close();
}

function say(message: SoundFilesMessage): void {
  parentPort!.postMessage(message);
}
