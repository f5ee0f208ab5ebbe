import type { Message, ReceivedMessage } from '@rookery/schemas/messages';
import { ClientError } from './clientError.js';

interface Waiting {
  readonly resolve: (message: Message) => void;
  readonly reject: (error: ClientError) => void;
  readonly timer: NodeJS.Timeout;
}

const requestIdMax = 0xffff_ffff;

/** Joins answers to the questions of one connection, by request id. */
export class Requests {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /**
   * @param send writes the question with this request id.
   * @returns the answer, whatever its type.
   * @throws ClientError `unreachable` when none comes in time, or what failAll() was given.
   */
  ask(send: (requestId: number) => void, timeoutMs: number): Promise<Message> {
    this.lastId = this.lastId === requestIdMax ? 1 : this.lastId + 1;
    const requestId = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(requestId);
        reject(
          new ClientError('unreachable', `the server did not answer within ${timeoutMs / 1_000} s`),
        );
      }, timeoutMs);
      try {
        send(requestId);
      } catch (error) {
        clearTimeout(timer);
        throw error;
      }
      this.waiting.set(requestId, { resolve, reject, timer });
    });
  }

  /** Whether somebody waited for this message, and now has it. */
  answer({ message, requestId }: ReceivedMessage): boolean {
    const waiting = this.waiting.get(requestId);
    if (waiting === undefined) return false;
    this.waiting.delete(requestId);
    clearTimeout(waiting.timer);
    waiting.resolve(message);
    return true;
  }

  failAll(error: ClientError): void {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    for (const { timer, reject } of all) {
      clearTimeout(timer);
      reject(error);
    }
  }
}
