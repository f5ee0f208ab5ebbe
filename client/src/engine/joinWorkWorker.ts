import { parentPort, workerData } from 'node:worker_threads';
import { findWork } from '@rookery/schemas/joinWork';

/** What the thread is started with. */
export interface WorkToDo {
  /** 32 bytes. */
  readonly challenge: Uint8Array;
  readonly bits: number;
}

/** Thread entry: looks for the solution, tells it and ends. */
function work({ challenge, bits }: WorkToDo): void {
  parentPort?.postMessage(findWork(challenge, bits));
}

work(workerData as WorkToDo);
