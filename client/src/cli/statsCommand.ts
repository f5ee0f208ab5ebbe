import { ClientError } from '../engine/clientError.js';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import type { Output } from './output.js';
import { fetchServerStats, findAdminPort, type StatsAnswer } from './serverStats.js';
import { statsTable, type EarlierStats } from './statsTable.js';
import { catchStopSignals, isOnAfter } from './stopSignal.js';

export interface StatsOptions {
  readonly server: ServerAddress;
  /** null: it is looked for. */
  readonly adminPort: number | null;
  readonly watch: boolean;
}

const watchEveryMs = 1_000;

/**
 * Shows what a server's relay has done since its start, or every second what it did in that second.
 * A server that goes away while it is watched is waited for.
 *
 * @throws ClientError as fetchServerStats() and findAdminPort()
 */
export async function showStats(options: StatsOptions, output: Output): Promise<void> {
  const { host } = options.server;
  const stop = catchStopSignals();
  try {
    const adminPort = options.adminPort ?? (await findAdminPort(options.server));
    const first = await fetchServerStats(host, adminPort);
    const where = formatServerAddress({ host, port: adminPort });
    // A blank line tells one second from the next.
    const watched = new WatchedServer(where, output, options.watch ? [''] : []);
    watched.show(first);
    while (options.watch && (await isOnAfter(watchEveryMs, stop.signal))) {
      const answer = await answerOrNull(host, adminPort);
      if (answer === null) watched.noteAway();
      else watched.show(answer);
    }
  } finally {
    stop.release();
  }
}

/** A server that is there or not, one answer after the other. */
class WatchedServer {
  readonly #where: string;
  readonly #output: Output;
  readonly #lastLines: readonly string[];
  #earlier: { readonly answer: StatsAnswer; readonly atMs: number } | null = null;
  #isAway = false;

  /** @param lastLines stand below each table */
  constructor(where: string, output: Output, lastLines: readonly string[]) {
    this.#where = where;
    this.#output = output;
    this.#lastLines = lastLines;
  }

  show(answer: StatsAnswer): void {
    if (this.#isAway) this.#tell('back', 'is back');
    this.#isAway = false;
    const atMs = performance.now();
    const lines = statsTable(answer.stats, this.#since(atMs));
    this.#output.table({ event: 'stats', ...answer.raw }, [...lines, ...this.#lastLines]);
    this.#earlier = { answer, atMs };
  }

  /** Told once, however long it lasts. */
  noteAway(): void {
    if (!this.#isAway) this.#tell('away', 'is away; it is asked again every second');
    this.#isAway = true;
    // Whoever comes back counts from zero, for how long ever it has been up.
    this.#earlier = null;
  }

  #since(atMs: number): EarlierStats | null {
    if (this.#earlier === null) return null;
    const { answer, atMs: earlierAtMs } = this.#earlier;
    return { stats: answer.stats, secondsAgo: (atMs - earlierAtMs) / 1_000 };
  }

  #tell(event: 'away' | 'back', words: string): void {
    this.#output.progress({ event, server: this.#where }, `the server at ${this.#where} ${words}`);
  }
}

/** @returns null while nobody answers */
async function answerOrNull(host: string, adminPort: number): Promise<StatsAnswer | null> {
  try {
    return await fetchServerStats(host, adminPort);
  } catch (error) {
    if (error instanceof ClientError && error.code === 'unreachable') return null;
    throw error;
  }
}
