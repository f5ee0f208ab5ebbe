// Thread entry: looks into rings all the time and says when sound begins in each. It never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { RingHeader } from '@rookery/schemas/ringHeader';
import { RingWatch, type WatchedRing } from './ringWatch.js';

/** What it is started with. */
export interface RingWatchData {
  readonly rings: readonly WatchedRing[];
  /** Only its header is used: the watch ends once it is closed. */
  readonly control: SharedArrayBuffer;
}

/** What it says. */
export interface OnsetMessage {
  readonly name: string;
  /** By `monotonicMs`. */
  readonly atMs: number;
}

const lookEveryMs = 0.5;

const { rings, control } = workerData as RingWatchData;
const header = new RingHeader(control);
const watches = rings.map((ring) => ({ name: ring.name, watch: new RingWatch(ring) }));
while (!header.closed) {
  for (const { name, watch } of watches) {
    watch.look(monotonicMs(), (atMs) => {
      const message: OnsetMessage = { name, atMs };
      parentPort!.postMessage(message);
    });
  }
  header.sleep(header.signal, lookEveryMs);
}
