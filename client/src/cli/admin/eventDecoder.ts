/** One server-sent event. */
export interface SentEvent {
  readonly name: string;
  /** Parsed JSON. */
  readonly data: unknown;
}

/** Takes a stream of server-sent events apart, however it was cut. What is no event is left out. */
export class EventDecoder {
  #rest = '';

  /** @returns the events that end in this piece */
  push(text: string): SentEvent[] {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop()!;
    return blocks.flatMap((block) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (name === undefined || data === undefined) return [];
      return [{ name, data: JSON.parse(data) as unknown }];
    });
  }
}
