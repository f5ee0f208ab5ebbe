import { apiPrefix } from '../admin/api/adminApi.js';

/** One event of a stream. */
export interface ReadEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Reads server-sent events of the admin interface on loopback. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  readonly #ending = new AbortController();
  readonly #waiting = new Set<() => void>();
  /** Resolves when the server, or this, ends the stream. */
  ended: Promise<void> = Promise.resolve();

  /** @returns the status of the answer; it reads on where that is 200 */
  async open(port: number, path: string, accessToken: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${port}${apiPrefix}${path}`, {
      headers: { authorization: `Bearer ${accessToken}` },
      signal: this.#ending.signal,
    });
    if (response.status === 200) this.ended = this.#read(response.body!);
    else await response.body?.cancel();
    return response.status;
  }

  /** The first event after so many that passes, once it has come. */
  async until(name: string, passes: (data: never) => boolean): Promise<unknown> {
    for (let at = 0; ; at += 1) {
      while (at >= this.events.length) {
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      const event = this.events[at]!;
      if (event.name === name && passes(event.data as never)) return event.data;
    }
  }

  close(): void {
    this.#ending.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const bytes of body) {
        text += decoder.decode(bytes, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // Ended by the other side in the middle, or by close().
    }
  }

  #take(block: string): void {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
    this.events.push({ name, data: JSON.parse(data) as unknown });
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
