import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

type Answer<Reply> =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'failed'; readonly message: string };

/** How long a child may take to end by itself. */
const endMsMax = 3_000;

/** A Node process of ours that is asked one thing at a time. */
export class RequestChild<Request extends object, Reply> {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #failure: (message: string) => Error;

  /**
   * @param entry module that calls `answerRequests`
   * @param failure what is thrown where the child fails to answer, or ends
   */
  constructor(name: string, entry: URL, failure: (message: string) => Error) {
    this.#name = name;
    this.#failure = failure;
    // Nothing of ours is written to stdout, which may be read as JSON.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    this.#child = fork(entry, { serialization: 'advanced', stdio: [...stdio], execArgv: [] });
  }

  /** @throws what the constructor was given, where the child fails to answer, or ends */
  async ask(request: Request): Promise<Reply> {
    if (this.#child.exitCode !== null || !this.#child.connected) throw this.#ended();
    this.#child.send(request);
    const ending = new AbortController();
    const { signal } = ending;
    try {
      const answer = await Promise.race([
        once(this.#child, 'message', { signal }).then(([value]) => value as Answer<Reply>),
        once(this.#child, 'exit', { signal }).then(() => null),
      ]);
      if (answer === null) throw this.#ended();
      if (answer.type === 'failed') throw this.#failure(answer.message);
      return answer.reply;
    } finally {
      ending.abort();
    }
  }

  /** Lets the child end, and ends it where it does not. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), endMsMax);
    await ended;
    clearTimeout(timer);
  }

  #ended(): Error {
    return this.#failure(`The ${this.#name} ended too early.`);
  }
}

/**
 * The child's side: answers each request, and ends the process when nobody is there to ask any
 * more.
 *
 * @param answer takes what this process is asked by its `RequestChild`, and nobody else asks it
 */
export function answerRequests(answer: (request: never) => Promise<unknown>): void {
  const say = (message: Answer<unknown>): void => {
    if (process.connected) process.send!(message);
  };
  process.on('message', (request) => {
    answer(request as never).then(
      (reply) => say({ type: 'reply', reply }),
      (error: unknown) => {
        say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
  });
  process.once('disconnect', () => process.exit(0));
}
