import { setTimeout as delay } from 'node:timers/promises';
import type { ShellNews, ShellOrder } from './shellMessages.js';

/** A process of the engine, as Electron's main process has it. */
export interface EngineChild<Port> {
  /** What was said before the process is ready waits. */
  post(order: ShellOrder, ports: readonly Port[]): void;
  kill(): void;
  onNews: (news: ShellNews) => void;
  /** Called once. */
  onExit: () => void;
}

export interface EngineKeeperOptions<Port> {
  readonly start: () => EngineChild<Port>;
  readonly onNews: (news: Exclude<ShellNews, { kind: 'failed' }>) => void;
  /** Windows are to ask for a port again. */
  readonly onGone: () => void;
  /** It could never be started; a message for the user. */
  readonly onGaveUp: (message: string) => void;
}

/** Between the death of the engine and the next one: at first, and at most. */
const restartMsMin = 250;
const restartMsMax = 30_000;
/** Whoever lived so long was a good one. */
const goodMs = 60_000;
/** For the goodbye to the server. */
const quitMsMax = 3_000;

/**
 * Keeps a process of the engine running, hands it the ports of windows, and starts another one when
 * it dies. It knows nothing of Electron.
 */
export class EngineKeeper<Port> {
  private child: EngineChild<Port> | null = null;
  private startedAtMs = 0;
  private waitMs = restartMsMin;
  private hasWorked = false;
  private fault: string | null = null;
  private isOver = false;
  private timer: NodeJS.Timeout | null = null;
  private ended: () => void = () => undefined;

  constructor(private readonly options: EngineKeeperOptions<Port>) {}

  start(): void {
    const child = this.options.start();
    this.child = child;
    this.startedAtMs = performance.now();
    child.onNews = (news) => this.hear(news);
    child.onExit = () => this.end();
  }

  /** @returns whether there is an engine to hand the window's port to */
  addWindow(port: Port): boolean {
    this.child?.post({ kind: 'window' }, [port]);
    return this.child !== null;
  }

  /** Without an engine there is nobody to obey. */
  tell(order: ShellOrder): void {
    this.child?.post(order, []);
  }

  /** Ends the engine, which says goodbye; one that does not end is ended. */
  async close(): Promise<void> {
    this.isOver = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const { child } = this;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => {
      this.ended = resolve;
    });
    child.post({ kind: 'quit' }, []);
    await Promise.race([ended, delay(quitMsMax, undefined, { ref: false })]);
    if (this.child === null) return;
    child.kill();
    await ended;
  }

  private hear(news: ShellNews): void {
    if (news.kind === 'failed') {
      this.fault = news.message;
      return;
    }
    this.hasWorked = true;
    this.options.onNews(news);
  }

  private end(): void {
    this.child = null;
    this.options.onGone();
    this.ended();
    if (this.isOver) return;
    if (!this.hasWorked && this.fault !== null) {
      this.options.onGaveUp(this.fault);
      return;
    }
    if (performance.now() - this.startedAtMs > goodMs) this.waitMs = restartMsMin;
    this.timer = setTimeout(() => this.start(), this.waitMs);
    this.waitMs = Math.min(restartMsMax, this.waitMs * 2);
  }
}
