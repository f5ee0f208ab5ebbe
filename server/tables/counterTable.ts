import { bundleFramesMax } from '@rookery/schemas/voicePacket';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { defineTable } from '@rookery/schemas/sharedTable';

const counter = { type: 'u32', writer: 'worker' } as const;

/**
 * One row a relay worker, which alone writes it, and one for the main thread, the last; all columns
 * count up and wrap at 2^32.
 *
 * | column              | counts                                                                 |
 * |---------------------|------------------------------------------------------------------------|
 * | packetsIn, bytesIn  | datagrams received, NAT keep-alives (empty ones) left out              |
 * | packetsOut, bytesOut| datagrams handed to the kernel, pongs included                         |
 * | framesIn            | voice frames accepted                                                  |
 * | framesOut           | voice frames handed to the kernel: one for each receiver               |
 * | bundlesOut          | of packetsOut, those with several frames                               |
 * | pongs               | answered Pings                                                         |
 * | dropShort           | shorter than the kind's header, seal and tags                          |
 * | dropOversized       | longer than any packet of the kind                                     |
 * | dropUnknownSession  | no such session: never was, has left, or an old generation             |
 * | dropAddress         | not from the session's address; a Ping too old to move it              |
 * | dropHopTag          | the hop tag is wrong                                                   |
 * | dropReplay          | the counter was used already, or is too old to tell                    |
 * | dropMuted           | the sender is muted                                                    |
 * | dropSuppressed      | the sender may not speak where it is                                   |
 * | dropBudget          | the sender is over its packets or bytes a second                       |
 * | dropQuieter         | others in the room are louder, as many as its cap lets through         |
 * | dropNoRoom          | the sender is in no room                                               |
 * | dropKind            | a kind that clients may not send                                       |
 * | dropWhisperList     | the sender has no such whisper list                                    |
 * | dropRing            | a ring to or from QUIC was full; to several sessions it counts as many |
 * | dropRace            | a table row changed during every try to read it                        |
 * | dropSend            | datagrams out that the kernel did not take                             |
 *
 * Histograms, a word a bucket; where workers share a room, each counts what it sends of a frame:
 *
 * | framesPerFlush      | flushes of a room, by the frames that travelled together; 0 unused     |
 * | relayDelay          | frames, by the bits of the delay in whole µs from the receipt of their |
 * |                     | batch until the last receiver's datagram was handed to the kernel:     |
 * |                     | bucket b holds 2^(b − 1) … 2^b − 1                                     |
 */
const counters = {
  packetsIn: counter,
  packetsOut: counter,
  bytesIn: counter,
  bytesOut: counter,
  framesIn: counter,
  framesOut: counter,
  bundlesOut: counter,
  pongs: counter,
  dropShort: counter,
  dropOversized: counter,
  dropUnknownSession: counter,
  dropAddress: counter,
  dropHopTag: counter,
  dropReplay: counter,
  dropMuted: counter,
  dropSuppressed: counter,
  dropBudget: counter,
  dropQuieter: counter,
  dropNoRoom: counter,
  dropKind: counter,
  dropWhisperList: counter,
  dropRing: counter,
  dropRace: counter,
  dropSend: counter,
} as const;

/** Buckets of delays: the last holds all from 2^22 µs, 4 s, on. */
export const delayBuckets = 24;

const histograms = {
  framesPerFlush: { type: 'words', length: bundleFramesMax + 1, writer: 'worker' },
  relayDelay: { type: 'words', length: delayBuckets, writer: 'worker' },
} as const;

/** The table of the counters above. */
export const counterTable = defineTable({
  name: 'counters',
  columns: { ...counters, ...histograms },
  // Each worker writes its own row at every packet.
  rowGapBytes: 64,
});

export type CounterTable = ReturnType<typeof counterTable.attach>;
type CounterName = keyof typeof counters;
type HistogramName = keyof typeof histograms;

/** Totals since the server started; what each counts stands at `counterTable`. */
export type VoiceCounters = Readonly<Record<CounterName, number>>;

/** Totals since the server started, by bucket. */
export type VoiceHistograms = Readonly<Record<HistogramName, readonly number[]>>;

/** Bucket of `relayDelay` for a delay of 0 µs or more. */
export function delayBucketOf(delayUs: number): number {
  return Math.min(32 - Math.clz32(delayUs), delayBuckets - 1);
}

/** Why a packet reached nobody; each reason is a counter. */
export type DropReason = Extract<CounterName, `drop${string}`>;

/** Sums the rows of all workers. Main thread. */
export class CounterTotals {
  readonly memory: SharedTableMemory;
  readonly #counters: Record<CounterName, CellTotal>;
  readonly #histograms: Record<HistogramName, readonly CellTotal[]>;

  constructor(workers: number) {
    // And one row for the main thread.
    const rows = workers + 1;
    const table = counterTable.allocate(rows);
    this.memory = table.memory;
    this.#counters = mapKeys(counters, (name) => {
      const column = table.columns[name];
      return new CellTotal(rows, (row) => column.load(row));
    });
    this.#histograms = mapKeys(histograms, (name) => {
      const column = table.columns[name];
      return Array.from(
        { length: column.length },
        (_cell, bucket) => new CellTotal(rows, (row) => column.load(row, bucket)),
      );
    });
  }

  /**
   * Adds what was counted since the last call. Call it at least once while a counter can pass
   * 2^32; bytes can within seconds.
   */
  read(): VoiceCounters {
    return mapKeys(this.#counters, (name) => this.#counters[name].read());
  }

  /** The same of the histograms. */
  readHistograms(): VoiceHistograms {
    return mapKeys(this.#histograms, (name) => this.#histograms[name].map((cell) => cell.read()));
  }
}

/** The sum of one cell over all workers, which goes on where a cell wraps. */
class CellTotal {
  readonly #load: (row: number) => number;
  /** What each worker's cell held when it was last read. */
  readonly #seen: Uint32Array;
  #total = 0;

  constructor(rows: number, load: (row: number) => number) {
    this.#load = load;
    this.#seen = new Uint32Array(rows);
  }

  read(): number {
    for (let row = 0; row < this.#seen.length; row++) {
      const now = this.#load(row);
      this.#total += (now - this.#seen[row]!) >>> 0;
      this.#seen[row] = now;
    }
    return this.#total;
  }
}

function mapKeys<K extends string, V>(
  keys: Record<K, unknown>,
  value: (key: K) => V,
): Record<K, V> {
  // fromEntries cannot express that its keys are those of the argument.
  return Object.fromEntries((Object.keys(keys) as K[]).map((key) => [key, value(key)])) as Record<
    K,
    V
  >;
}
