import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The launcher, from where this file is compiled to. */
export const launcher = fileURLToPath(new URL('../../../../bin/rookery.mjs', import.meta.url));

/** A line of `--json`. */
export type JsonEvent = Readonly<Record<string, unknown>> & { readonly event: string };

export interface Outcome {
  /** null where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One `rookery` as a process of its own, run as a user would run it. */
export class RookeryProcess {
  readonly outcome: Promise<Outcome>;
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private readonly waiting = new Set<() => void>();

  /**
   * @param env added to the environment, which has no `ROOKERY_…` variable otherwise.
   * @param entry of another program than `rookery`.
   */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    entry: string = launcher,
  ) {
    const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('ROOKERY_'));
    this.child = spawn(process.execPath, [entry, ...args], {
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.wakeAll();
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.outcome = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
        this.wakeAll();
      });
    });
  }

  /** Of the launcher; what it has started is below it. */
  get pid(): number {
    return this.child.pid!;
  }

  /** The whole lines printed so far, which must be JSON. */
  get events(): JsonEvent[] {
    const lines = this.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as JsonEvent);
  }

  hasPrinted(text: string): boolean {
    return this.stdout.includes(text);
  }

  /** Resolves once a text was printed so many times. Fails when the process ends without. */
  async printed(text: string, times: number): Promise<void> {
    while (this.stdout.split(text).length <= times) await this.untilMore(text);
  }

  /** The first event of this name, once it was printed. Fails when the process ends without. */
  async event(name: string): Promise<JsonEvent> {
    for (;;) {
      const found = this.events.find(({ event }) => event === name);
      if (found !== undefined) return found;
      await this.untilMore(name);
    }
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.outcome;
  }

  /** Ctrl-C, and what came of it. */
  async stop(): Promise<Outcome> {
    if (!this.hasEnded) this.child.kill('SIGINT');
    return this.outcome;
  }

  private async untilMore(wanted: string): Promise<void> {
    if (this.hasEnded) {
      throw new Error(`ended without "${wanted}":\n${this.stdout}${this.stderr}`);
    }
    await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private wakeAll(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}

/** Runs a command line to its end. */
export function runRookery(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new RookeryProcess(args, env).outcome;
}
