import type { StreamId } from '@rookery/transport/quicTypes';
import { ClientError } from './clientError.js';

/** Far beyond what a person can type before the server takes it; a program that floods is told. */
const waitingBytesMax = 1_048_576;

/** One outgoing stream: keeps what the endpoint does not take yet, in order and within a bound. */
export class StreamWriter {
  private readonly waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  /** @param take all of the bytes or none: then writeWaiting() is called when there is room. */
  constructor(
    readonly stream: StreamId,
    private readonly take: (bytes: Uint8Array) => boolean,
  ) {}

  /**
   * @param bytes must not change afterwards.
   * @throws ClientError `commandRefused` when too much waits already; nothing of it was sent.
   */
  write(bytes: Uint8Array): void {
    if (this.waitingBytes + bytes.length > waitingBytesMax) {
      throw new ClientError(
        'commandRefused',
        'the server does not keep up with what it is sent; try again more slowly',
      );
    }
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    this.writeWaiting();
  }

  /** To be called at the stream's `writable` event. */
  writeWaiting(): void {
    let first = this.waiting[0];
    while (first !== undefined && this.take(first)) {
      this.waiting.shift();
      this.waitingBytes -= first.length;
      first = this.waiting[0];
    }
  }
}
