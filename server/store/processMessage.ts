import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What came of a process: its message, or how it ended without one. */
export type ProcessMessage<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'ended'; readonly how: string };

/**
 * Runs a program of ours that sends one message and ends. What opens a database that may be damaged
 * is run so, because LMDB ends the process that reads it.
 *
 * @param entry the program's module
 */
export async function messageOfProcess<Message>(
  entry: URL,
  argument: string,
): Promise<ProcessMessage<Message>> {
  const stdio: ('ignore' | 'ipc')[] = ['ignore', 'ignore', 'ignore', 'ipc'];
  const child = fork(fileURLToPath(entry), [argument], { stdio });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const received = once(child, 'message') as Promise<[Message & object]>;
  const [answer, signal] = await Promise.race([received, ended]);
  if (typeof answer !== 'object' || answer === null) {
    return { kind: 'ended', how: signal ?? `code ${answer ?? 'unknown'}` };
  }
  await ended;
  return { kind: 'message', message: answer };
}
