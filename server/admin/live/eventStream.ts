import type { ServerResponse } from 'node:http';

/** Bytes that wait for one listener; who is further behind is cut off, and may come again. */
const waitingBytesMax = 256 * 1_024;

/** Server-sent events on one response. Nothing waits for who reads it. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #waitingBytesMax: number;

  /** Sends the head at once. */
  constructor(response: ServerResponse, bytesMax: number = waitingBytesMax) {
    this.#response = response;
    this.#waitingBytesMax = bytesMax;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  /** Called once, however it ends. */
  onClose(callback: () => void): void {
    this.#response.once('close', callback);
  }

  /** @param data JSON, in one line */
  send(event: string, data: string): void {
    if (!this.isOpen) return;
    if (this.#response.writableLength > this.#waitingBytesMax) this.#response.destroy();
    else this.#response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  end(): void {
    if (this.isOpen) this.#response.end();
  }
}
