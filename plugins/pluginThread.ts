import { Worker } from 'node:worker_threads';
import type { HostAnswer } from './abi.js';
import { hostRefusal } from './abi.js';
import { AnswerWriter, createAnswerRing } from './answerRing.js';
import type { PluginLogLevel } from './blockFunctions.js';
import { PluginError } from './errors.js';
import type { PluginLimits } from './limits.js';
import type { PluginCall, PluginThreadMessage, PluginThreadSetup } from './threadMessages.js';

export interface PluginThreadOptions {
  readonly name: string;
  /** Examined. */
  readonly module: Uint8Array;
  readonly settings: Readonly<Record<string, string>>;
  readonly limits: PluginLimits;
  /** Answers what the plugin asks; does not reject. @param input JSON of at most `askBytesMax` */
  readonly onAsk: (name: string, input: string) => Promise<HostAnswer>;
  readonly onLog: (level: PluginLogLevel, text: string) => void;
}

/** Extism loads the interface for WASI, which it does not use here, and Node warns of that. */
const quiet = ['--disable-warning=ExperimentalWarning'];

interface Waiting {
  /** @param tookMs as of `call()` */
  readonly resolve: (tookMs: number) => void;
  readonly reject: (error: PluginError) => void;
}

/**
 * One plugin in a thread of its own, which is ended when it is late. Whoever calls never waits for
 * it otherwise than by a promise. After a fault it is of no more use: make another.
 */
export class PluginThread {
  readonly #options: PluginThreadOptions;
  readonly #worker: Worker;
  readonly #answers: AnswerWriter;
  /** What the start or the call is awaited by. */
  #waiting: Waiting | null = null;
  #isDead = false;
  /** Of the start or the call, without the time in which the host was asked. */
  #budgetMs = 0;
  #allowedMs = 0;
  #runningSinceMs = 0;
  #deadline: NodeJS.Timeout | undefined;
  /** Messages of the thread so far. */
  #heard = 0;
  #answering: Promise<void> = Promise.resolve();

  constructor(options: PluginThreadOptions) {
    const { limits, module, settings, name } = options;
    const answers = createAnswerRing(limits.answerBytesMax);
    this.#options = options;
    this.#answers = new AnswerWriter(answers);
    const workerData: PluginThreadSetup = { module, settings, answers, limits };
    this.#worker = new Worker(new URL('./pluginWorker.js', import.meta.url), {
      ...{ workerData, name: `plugin ${name}`, env: {}, execArgv: quiet },
      resourceLimits: { maxOldGenerationSizeMb: limits.threadHeapMb, maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (message: PluginThreadMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail('failed', `It failed: ${error.message}.`));
    this.#worker.on('exit', () => this.#fail('failed', 'Its thread has ended.'));
  }

  /** Once, before any call. @throws PluginError `failed` or `late`, by the promise */
  start(): Promise<number> {
    return this.#await(this.#options.limits.startMsMax);
  }

  /**
   * Hands over an event and waits until the plugin is done with it. One at a time.
   *
   * @param event JSON
   * @returns how long it took in milliseconds, without the time in which the host was asked
   * @throws PluginError `failed` or `late`, by the promise
   */
  call(event: string): Promise<number> {
    const called = this.#await(this.#options.limits.callMsMax);
    const message: PluginCall = { event };
    if (!this.#isDead) this.#worker.postMessage(message);
    return called;
  }

  async close(): Promise<void> {
    this.#fail('failed', 'It was stopped.');
    await this.#worker.terminate();
  }

  #await(budgetMs: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#isDead) this.#fail('failed', 'Its thread has ended.');
      else {
        this.#allowedMs = budgetMs;
        this.#run(budgetMs);
      }
    });
  }

  /** The plugin is at work from now on. */
  #run(budgetMs: number): void {
    this.#budgetMs = budgetMs;
    this.#runningSinceMs = performance.now();
    const heard = this.#heard;
    this.#deadline = setTimeout(() => {
      // Where this thread was late itself, what the plugin did in time is heard first.
      setImmediate(() => {
        if (heard !== this.#heard) return;
        this.#fail('late', `It took longer than ${this.#allowedMs} ms.`);
      });
    }, budgetMs);
  }

  #pause(): void {
    clearTimeout(this.#deadline);
    this.#budgetMs -= performance.now() - this.#runningSinceMs;
  }

  #receive(message: PluginThreadMessage): void {
    if (message.kind === 'log') {
      this.#options.onLog(message.level, message.text);
      return;
    }
    // What was under way when it was ended is not done any more.
    if (this.#isDead) return;
    this.#heard += 1;
    this.#pause();
    switch (message.kind) {
      case 'ready':
      case 'done': {
        const waiting = this.#waiting;
        this.#waiting = null;
        waiting?.resolve(this.#allowedMs - this.#budgetMs);
        return;
      }
      case 'failed':
        this.#fail('failed', `It failed: ${message.message}`);
        return;
      case 'ask':
        // One after another, since there is one place for an answer.
        this.#answering = this.#answering.then(() => this.#answer(message));
    }
  }

  async #answer({
    number,
    name,
    input,
  }: PluginThreadMessage & { readonly kind: 'ask' }): Promise<void> {
    const answer = await this.#options.onAsk(name, input);
    if (this.#isDead) return;
    if (!this.#answers.write(number, encoded(answer))) {
      this.#answers.write(number, encoded(hostRefusal('full', 'The answer is too long.')));
    }
    // What is left, or a moment, so that an answer is never what makes it late.
    this.#run(Math.max(1, this.#budgetMs));
  }

  #fail(code: 'failed' | 'late', message: string): void {
    clearTimeout(this.#deadline);
    this.#heard += 1;
    if (!this.#isDead) {
      this.#isDead = true;
      void this.#worker.terminate();
    }
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(new PluginError(code, message));
  }
}

function encoded(answer: HostAnswer): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(answer));
}
