import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Happened, Happening, ProcessFigures } from '@rookery/schemas/adminApi';
import type { Operator } from '../../operators/operatorDesk.js';
import type { Operators } from '../../operators/operators.js';
import type { ServerStats } from '../serverStats.js';
import type { EventStream } from './eventStream.js';
import { liveFiguresOf } from './liveFigures.js';

export interface LiveDeskOptions {
  /** null while the server starts or stops. */
  readonly operators: () => Operators | null;
  readonly stats: () => ServerStats | null;
}

/** Who looks on, and until when. */
interface Listener {
  readonly stream: EventStream;
  readonly operator: Operator;
  /** Whether the session by which it was let in still stands. */
  readonly isLoggedIn: () => boolean;
}

/** Milliseconds between two looks at how late the event loop is. */
const loopLookMs = 20;
const intervalMs = 1_000;
/** A console is a page or two; more are a mistake, and each costs something. */
const listenersMax = 32;

/**
 * Tells those who look on, once a second: `figures`, encoded once for all, and `happened`, of what
 * each may see. Nothing is measured while nobody looks. Main thread.
 */
export class LiveDesk {
  readonly #options: LiveDeskOptions;
  readonly #listeners = new Set<Listener>();
  #telling: NodeJS.Timeout | null = null;
  #loop: IntervalHistogram | null = null;

  constructor(options: LiveDeskOptions) {
    this.#options = options;
  }

  /** Whether there is no place for one more. */
  get isFull(): boolean {
    return this.#listeners.size >= listenersMax;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    listener.stream.onClose(() => this.#remove(listener));
    if (this.#telling === null) this.#start();
  }

  /** Ends all. */
  close(): void {
    for (const { stream } of this.#listeners) stream.end();
    this.#stop();
  }

  #start(): void {
    this.#options.operators()?.happenings.start();
    this.#loop = monitorEventLoopDelay({ resolution: loopLookMs });
    this.#loop.enable();
    this.#telling = setInterval(() => this.#tell(), intervalMs);
    this.#telling.unref();
    this.#tell();
  }

  #stop(): void {
    if (this.#telling !== null) clearInterval(this.#telling);
    this.#telling = null;
    this.#loop?.disable();
    this.#loop = null;
    this.#options.operators()?.happenings.stop();
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size === 0) this.#stop();
  }

  #tell(): void {
    const [operators, stats] = [this.#options.operators(), this.#options.stats()];
    if (operators === null || stats === null) return;
    const figures = JSON.stringify(liveFiguresOf(stats, this.#ofProcess(), Date.now()));
    const { kept, leftOut } = operators.happenings.take();
    const { talkers } = operators.talking;
    for (const { stream, operator, isLoggedIn } of this.#listeners) {
      if (!isLoggedIn()) {
        stream.end();
        continue;
      }
      stream.send('figures', figures);
      const seen = kept.filter((happening) => maySee(operators, operator, happening));
      const told: Happened = {
        happenings: seen,
        leftOut,
        talkers: operators.desk.visible(operator, talkers),
      };
      stream.send('happened', JSON.stringify(told));
    }
  }

  #ofProcess(): ProcessFigures {
    const { user, system } = process.cpuUsage();
    const { rss: rssBytes, heapUsed: heapBytes } = process.memoryUsage();
    const figures = { cpuSeconds: (user + system) / 1e6, rssBytes, heapBytes };
    const loop = this.#loop;
    if (loop === null || loop.count === 0) return { ...figures, loopDelayMs: null };
    // What it measures is the time between two looks.
    const late = (ns: number): number => Math.max(0, ns / 1e6 - loopLookMs);
    const loopDelayMs = { mean: late(loop.mean), max: late(loop.max) };
    loop.reset();
    return { ...figures, loopDelayMs };
  }
}

/** As in the lists of rooms and sessions, and in the audit log. */
function maySee({ desk }: Operators, operator: Operator, happening: Happening): boolean {
  if (happening.kind === 'act') return desk.can(operator, 'ban');
  return happening.roomId === null || desk.can(operator, 'traverse', happening.roomId);
}
