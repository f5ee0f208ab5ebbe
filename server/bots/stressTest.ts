import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  idleStressResult,
  type StressResult,
  type StressTestOptions,
} from '@rookery/schemas/stressTest';
import type { Logger } from 'pino';
import type { BotDoor, BotPass } from './botDoor.js';

/** Where the bots find the server, and what lets them in. */
export interface StressedServer {
  /** Numeric, on which it listens. */
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly bots: Pick<BotDoor, 'rule' | 'givePass' | 'withdrawPass'>;
}

export interface StressTestSurroundings {
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Why a test does not begin. */
export type StressRefusal = 'unavailable' | 'running' | 'botsRefused' | 'tooManyPasses';

type Child = ChildProcessByStdio<null, Readable, null>;

/** The launcher, seen from the compiled file. */
const launcher = fileURLToPath(new URL('../../../bin/rookery.mjs', import.meta.url));

/** Bots say goodbye before they go; who takes longer than this is ended. */
const stopMsMax = 10_000;

/**
 * A test of the server with bots, which run in processes of their own: the command line's
 * `rookery bots` against this server. One at a time. Main thread.
 */
export class StressTest {
  readonly #around: StressTestSurroundings;
  #result: StressResult = idleStressResult;
  #child: Child | null = null;
  #server: StressedServer | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(around: StressTestSurroundings) {
    this.#around = around;
  }

  get result(): StressResult {
    return this.#result;
  }

  /** Tests may begin from now on. */
  open(server: StressedServer): void {
    this.#server = server;
  }

  /** None begins any more, and the one that runs ends. */
  async close(): Promise<void> {
    this.#server = null;
    await this.stop();
  }

  /** @returns null where it has begun */
  start(options: StressTestOptions): StressRefusal | null {
    const server = this.#server;
    if (server === null) return 'unavailable';
    if (this.#child !== null) return 'running';
    if (server.bots.rule === 'refuse') return 'botsRefused';
    const pass = server.bots.givePass(botsHostOf(server));
    if (pass === null) return 'tooManyPasses';
    this.#result = { ...idleStressResult, state: 'running', options, wanted: options.count };
    const child = this.#spawn(options, server, pass);
    this.#child = child;
    this.#around.log.info({ ...options }, 'a stress test begins');
    createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
    this.#ended = new Promise((resolve) => {
      let isOver = false;
      const end = (failure: string): void => {
        if (isOver) return;
        isOver = true;
        this.#child = null;
        server.bots.withdrawPass(pass.pass);
        this.#finish(failure);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      // Not before the last line was read.
      child.once('close', (code) => end(`the bots ended with code ${code ?? 'none'}`));
    });
    return null;
  }

  /** Has all bots leave. @returns when they are gone; at once where there are none */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(timer);
  }

  #spawn(options: StressTestOptions, server: StressedServer, { pass }: BotPass): Child {
    const numbers = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const host = botsHostOf(server);
    const address = `${host.includes(':') ? `[${host}]` : host}:${server.port}`;
    const where = ['--server', address, '--admin-port', String(server.adminPort)];
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
    return spawn(process.execPath, [launcher, 'bots', ...where, ...numbers, '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...Object.fromEntries(kept), ROOKERY_BOT_PASS: pass },
    });
  }

  /** One line of what `rookery bots --json` prints. */
  #take(line: string): void {
    const told = objectOf(line);
    if (told === null) return;
    const { event, ...rest } = told;
    // It is our own program, of the same release.
    if (event === 'bots') this.#result = rest as unknown as StressResult;
    else if (event === 'error' && typeof rest['message'] === 'string') {
      this.#result = { ...this.#result, verdict: rest['message'] };
    }
  }

  #finish(failure: string): void {
    const { state, verdict } = this.#result;
    if (state === 'done') return;
    const words = verdict === '' ? `The test was cut short: ${failure}.` : verdict;
    this.#around.log.warn({ failure: words }, 'a stress test ended before its end');
    this.#result = { ...this.#result, state: 'done', verdict: words };
  }
}

/** From which bots on this machine come: by loopback where the server listens there. */
function botsHostOf({ host }: StressedServer): string {
  return host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host;
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const told: unknown = JSON.parse(line);
    return typeof told === 'object' ? (told as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
