import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { KeysNews, KeysWatch } from './keysMessages.js';
import { problemAhead, stateOfProblem, type KeysState, type KeySurroundings } from './keysState.js';

/** A process that ended is started again after this. */
const restartMs = 1_000;

/** Of processes that ended, one after another; then there is no sense in it. */
const deathsMax = 3;

/** The library may wait for ever where no display answers; so long it takes at most. */
const usualStartMsMax = 8_000;

/** One that saw keys for so long was a good one. */
const goodMs = 60_000;

/** The program of the process that sees keys. */
export const keysProcess = new URL('./keysProcess.js', import.meta.url);

export interface GlobalKeysOptions extends KeySurroundings {
  /** `keysProcess`, but in tests. */
  readonly entry: URL;
  /** How long it may take to start; the usual time where it is left out. */
  readonly startMsMax?: number;
}

export interface KeysListener {
  /** A watched key went down or up; comes as fast as the system tells of it. */
  readonly onKey: (code: string, isDown: boolean) => void;
  /** The state is another. Unless it is `global` no key is seen, and none is known to be down. */
  readonly onState: (state: KeysState) => void;
}

/**
 * Sees chosen keys while any window has the keyboard, by a process of its own, which is started
 * again when it dies.
 */
export class GlobalKeys {
  private child: ChildProcess | null = null;
  private codes: readonly string[] = [];
  private deaths = 0;
  private readyAtMs = Infinity;
  private timer: NodeJS.Timeout | null = null;
  private isOver = false;

  constructor(
    private readonly options: GlobalKeysOptions,
    private readonly listener: KeysListener,
  ) {}

  start(): void {
    const problem = problemAhead(this.options);
    if (problem !== null) this.listener.onState(stateOfProblem(problem));
    else this.startProcess();
  }

  /** Of these keys and no others it is told from now on. */
  watch(codes: readonly string[]): void {
    this.codes = codes;
    this.tellCodes();
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.isOver = true;
    this.stopTimer();
    const { child } = this;
    if (child === null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private startProcess(): void {
    const child = fork(this.options.entry, {
      // Where Electron runs this it is the program that is started, too.
      env: { ...this.options.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child = child;
    this.setTimer(this.options.startMsMax ?? usualStartMsMax, () => child.kill('SIGKILL'));
    this.tellCodes();
    child.on('message', (news: KeysNews) => this.hear(news));
    // Of a process that does not even start; `exit` need not follow.
    child.once('error', () => this.end(child));
    child.once('exit', () => this.end(child));
  }

  private tellCodes(): void {
    if (this.child?.connected === true) {
      this.child.send({ codes: this.codes } satisfies KeysWatch, () => undefined);
    }
  }

  private hear(news: KeysNews): void {
    switch (news.kind) {
      case 'key':
        this.listener.onKey(news.code, news.isDown);
        return;
      case 'ready':
        this.stopTimer();
        this.readyAtMs = performance.now();
        this.listener.onState({ phase: 'global', problem: null });
        return;
      case 'failed':
        // It knows why, so there is nothing to try again.
        this.deaths = deathsMax;
        this.listener.onState(stateOfProblem(news.problem));
    }
  }

  private end(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = null;
    this.stopTimer();
    if (this.isOver || this.deaths >= deathsMax) return;
    if (performance.now() - this.readyAtMs > goodMs) this.deaths = 0;
    this.deaths++;
    this.readyAtMs = Infinity;
    const isLast = this.deaths >= deathsMax;
    this.listener.onState({ phase: 'windowOnly', problem: isLast ? 'died' : null });
    if (!isLast) this.setTimer(restartMs, () => this.startProcess());
  }

  private setTimer(afterMs: number, work: () => void): void {
    this.stopTimer();
    this.timer = setTimeout(work, afterMs);
  }

  private stopTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
