import type { Worker } from 'node:worker_threads';
import { exitAtOnce } from './portAudioLibrary.js';

/**
 * Gives up a thread that hangs in a driver: no thread can be ended while it is in native code, and
 * Node waits for all of them before a process ends. It keeps the process no more.
 */
export function leaveBehind(worker: Worker): void {
  process.once('exit', exitAtOnce);
  worker.once('exit', () => process.off('exit', exitAtOnce));
  void worker.terminate();
  // Terminating makes it count again.
  worker.unref();
}
