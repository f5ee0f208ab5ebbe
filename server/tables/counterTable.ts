import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { defineTable } from '@rookery/schemas/sharedTable';

const counter = { type: 'u32', writer: 'worker' } as const;

/**
 * One row a relay worker, which alone writes it; all columns count up and wrap at 2^32.
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
 * | dropNoRoom          | the sender is in no room                                               |
 * | dropKind            | a kind that clients may not send                                       |
 * | dropRace            | a table row changed during every try to read it                        |
 * | dropSend            | datagrams out that the kernel did not take                             |
 */
export const counterTable = defineTable({
  name: 'counters',
  columns: {
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
    dropNoRoom: counter,
    dropKind: counter,
    dropRace: counter,
    dropSend: counter,
  },
  // Each worker writes its own row at every packet.
  rowGapBytes: 64,
});

export type CounterTable = ReturnType<typeof counterTable.attach>;
type CounterName = keyof CounterTable['columns'];

/** Totals since the server started; what each counts stands at `counterTable`. */
export type VoiceCounters = Readonly<Record<CounterName, number>>;

/** Why a packet reached nobody; each reason is a counter. */
export type DropReason = Extract<CounterName, `drop${string}`>;

/** Sums the rows of all workers. Main thread. */
export class CounterTotals {
  readonly memory: SharedTableMemory;
  readonly #table: CounterTable;
  readonly #names: readonly CounterName[];
  readonly #totals: Record<CounterName, number>;
  /** What each cell held when it was last read, by counter and worker. */
  readonly #seen: Uint32Array;

  constructor(workers: number) {
    this.#table = counterTable.allocate(workers);
    this.memory = this.#table.memory;
    this.#names = Object.keys(this.#table.columns) as CounterName[];
    this.#totals = Object.fromEntries(this.#names.map((name) => [name, 0])) as Record<
      CounterName,
      number
    >;
    this.#seen = new Uint32Array(this.#names.length * workers);
  }

  /**
   * Adds what was counted since the last call. Call it at least once while a counter can pass
   * 2^32; bytes can within seconds.
   */
  read(): VoiceCounters {
    this.#names.forEach((name, index) => {
      for (let row = 0; row < this.#table.rows; row++) {
        const at = index * this.#table.rows + row;
        const now = this.#table.columns[name].load(row);
        this.#totals[name] += (now - this.#seen[at]!) >>> 0;
        this.#seen[at] = now;
      }
    });
    return { ...this.#totals };
  }
}
