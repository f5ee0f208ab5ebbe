import type { PluginEvent, PluginPermission } from './abi.js';
import { AskDesk, type CarryOut } from './askDesk.js';
import { PluginError } from './errors.js';
import type { KeyValueStore } from './keyValueStore.js';
import type { PluginLimits } from './limits.js';
import { PluginLog } from './pluginLog.js';
import { PluginThread } from './pluginThread.js';

export interface RunningPluginOptions {
  readonly name: string;
  /** Examined, and of the approved hash. */
  readonly module: Uint8Array;
  readonly settings: Readonly<Record<string, string>>;
  /** Approved ones. */
  readonly permissions: readonly PluginPermission[];
  readonly store: KeyValueStore;
  readonly limits: PluginLimits;
  readonly carryOut: CarryOut;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** 32 bits of chance. */
  readonly randomSeed: () => number;
  /** It was switched off for its faults. @param reason for people */
  readonly onOff: (reason: string) => void;
}

/** What became of the events of a plugin so far. */
export interface PluginCounts {
  readonly events: number;
  /** Events that were dropped, because too many waited. */
  readonly dropped: number;
  readonly faults: number;
  /** Of the faults, those for which it took too long. */
  readonly late: number;
  /** Calls of host functions that were refused. */
  readonly refused: number;
  /** What it took for all events, without the time that the host took to answer it. */
  readonly busyMs: number;
  /** What it took for the one that took longest. */
  readonly longestMs: number;
}

/**
 * A plugin that runs: events wait in a queue of bounded length and are handed over one by one. Its
 * thread is made for the first event, and anew after a fault; faults that do not end switch it off.
 * Never blocks the thread that it is on.
 */
export class RunningPlugin {
  readonly log: PluginLog;
  readonly #options: RunningPluginOptions;
  readonly #asks: AskDesk;
  readonly #queue: PluginEvent[] = [];
  #thread: PluginThread | null = null;
  /** Settles when all that waited is done; null while nothing waits. */
  #pumping: Promise<void> | null = null;
  #isOver = false;
  #strikes = 0;
  #goodCalls = 0;
  readonly #counts = { events: 0, dropped: 0, faults: 0, late: 0, busyMs: 0, longestMs: 0 };

  constructor(options: RunningPluginOptions) {
    this.#options = options;
    this.log = new PluginLog(options.limits);
    this.#asks = new AskDesk(options);
  }

  get counts(): PluginCounts {
    return { ...this.#counts, refused: this.#asks.refused };
  }

  /** Begins, so that a plugin that cannot start is noticed at once. */
  start(): void {
    this.#pumping ??= this.#pump();
  }

  /** Has an event wait for its turn. Does not throw. */
  send(event: PluginEvent): void {
    if (this.#isOver) return;
    this.#queue.push(event);
    if (this.#queue.length > this.#options.limits.queueMax) {
      this.#queue.shift();
      this.#counts.dropped += 1;
    }
    this.start();
  }

  /** When nothing waits any more. */
  async idle(): Promise<void> {
    await this.#pumping;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#queue.length = 0;
    await this.#thread?.close();
    await this.#pumping;
    await this.#options.store.idle();
  }

  async #pump(): Promise<void> {
    // In a turn of its own, so that whoever sends never runs any of it.
    await Promise.resolve();
    try {
      await this.#handOverAll();
    } finally {
      this.#pumping = null;
    }
  }

  async #handOverAll(): Promise<void> {
    while (!this.#isOver) {
      try {
        this.#thread ??= await this.#begin();
        const event = this.#queue.shift();
        if (event === undefined) return;
        await this.#handOver(this.#thread, event);
        this.#noteGood();
      } catch (error) {
        if (!(error instanceof PluginError)) throw error;
        this.#noteFault(error);
      }
    }
  }

  async #begin(): Promise<PluginThread> {
    const thread = new PluginThread({
      ...this.#options,
      onAsk: (name, input) => this.#asks.answer(name, input),
      onLog: (level, text) => this.log.note(level, text, this.#options.wallClockMs()),
    });
    // Also while it starts, so that it can be closed.
    this.#thread = thread;
    await thread.start();
    await this.#handOver(thread, { type: 'start' });
    return thread;
  }

  async #handOver(thread: PluginThread, event: PluginEvent): Promise<void> {
    const { wallClockMs, randomSeed, limits } = this.#options;
    const seed = randomSeed();
    const json = JSON.stringify({ ...event, atMs: wallClockMs(), seed });
    if (Buffer.byteLength(json) > limits.eventBytesMax) {
      this.#counts.dropped += 1;
      return;
    }
    this.#counts.events += 1;
    try {
      this.#noteTime(await thread.call(json));
    } catch (error) {
      if (error instanceof PluginError && error.code === 'late') this.#noteTime(limits.callMsMax);
      throw error;
    }
  }

  #noteTime(tookMs: number): void {
    this.#counts.busyMs += tookMs;
    this.#counts.longestMs = Math.max(this.#counts.longestMs, tookMs);
  }

  #noteGood(): void {
    this.#goodCalls += 1;
    if (this.#goodCalls < this.#options.limits.goodCallsPerFault) return;
    this.#goodCalls = 0;
    this.#strikes = Math.max(0, this.#strikes - 1);
  }

  #noteFault(error: PluginError): void {
    this.#thread = null;
    if (this.#isOver) return;
    this.#counts.faults += 1;
    if (error.code === 'late') this.#counts.late += 1;
    this.#strikes += 1;
    this.log.note('error', error.message, this.#options.wallClockMs());
    if (this.#strikes < this.#options.limits.faultsMax) return;
    this.#isOver = true;
    this.#queue.length = 0;
    this.#options.onOff(
      `Switched off after ${this.#strikes} faults, the last: ${error.message} ` +
        'Look at its log, then enable it again or remove it.',
    );
  }
}
