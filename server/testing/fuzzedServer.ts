import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Memory of a server process after a garbage collection, bytes. */
export interface FuzzedMemory {
  readonly heapBytes: number;
  /** Resident and not of files; 0 where the system does not tell. */
  readonly anonymousBytes: number;
}

/** What the process says of itself. */
export type FromFuzzedServer =
  | { readonly type: 'started'; readonly port: number }
  | ({ readonly type: 'memory' } & FuzzedMemory);

const entry = new URL('./fuzzedServerProcess.js', import.meta.url);

/** A server in a process of its own, whose end nobody overlooks. It holds nobody to a pace. */
export class FuzzedServer {
  readonly port: number;
  readonly #child: ChildProcess;

  static async start(): Promise<FuzzedServer> {
    const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const started = await answerOf(child, 'started');
    return new FuzzedServer(child, started.port);
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** How it ended: a code, or the signal that ended it; null while it runs. */
  get endedBy(): number | string | null {
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  /** @throws Error where the process ends instead */
  async memory(): Promise<FuzzedMemory> {
    this.#child.send('memory');
    return answerOf(this.#child, 'memory');
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    if (this.endedBy === null) {
      this.#child.disconnect();
      await once(this.#child, 'exit');
    }
    return this.#child.exitCode;
  }
}

async function answerOf<T extends FromFuzzedServer['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<FromFuzzedServer, { type: T }>> {
  const ending = new AbortController();
  const { signal } = ending;
  try {
    const answer = await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as FromFuzzedServer),
      once(child, 'exit', { signal }).then(() => null),
    ]);
    if (answer?.type === type) return answer as Extract<FromFuzzedServer, { type: T }>;
    throw new Error(`the server ended with ${String(child.exitCode ?? child.signalCode)}`);
  } finally {
    ending.abort();
  }
}
