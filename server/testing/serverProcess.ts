import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { StartInfo } from '../startBlock.js';

/** Programs of the server, as people run them. */
export const programs = {
  server: fileURLToPath(new URL('../main.js', import.meta.url)),
  supervisor: fileURLToPath(new URL('../supervisor/supervisor.js', import.meta.url)),
} as const;

/** On loopback and free ports; whoever comes may do everything, as far as a test says no other. */
export const testOptions = [
  ...['--host', '127.0.0.1', '--port', '0', '--voice-port', '0', '--admin-port', '0'],
  ...['--everyone-is', 'admin'],
] as const;

export interface ServerProcessOptions {
  readonly program?: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Of node itself, such as a module to load first. */
  readonly nodeArgs?: readonly string[];
}

/** The real program in a process of its own. */
export class ServerProcess {
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor({ program = programs.server, args, variables, nodeArgs = [] }: ServerProcessOptions) {
    const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
    this.#child = spawn(process.execPath, [...nodeArgs, program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...Object.fromEntries(kept), ...variables },
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** The signal that ended it, if one did. */
  get endedBy(): NodeJS.Signals | null {
    return this.#child.signalCode;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** @returns what it said when it started for the first time, or again */
  async started(times = 1): Promise<StartInfo> {
    await this.until(() => this.stdout.split('\n').length > times);
    return JSON.parse(this.stdout.split('\n')[times - 1]!) as StartInfo;
  }

  /** Waits for something that it writes. @throws Error where it ends before */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      const { stdout, stderr } = this.#child;
      const written = Promise.race([once(stdout, 'data'), once(stderr, 'data')]);
      const ended = await Promise.race([written, this.exited]);
      if (!Array.isArray(ended) && !isThere()) {
        throw new Error(`ended with ${String(ended)}: ${this.stderr}`);
      }
    }
  }
}
