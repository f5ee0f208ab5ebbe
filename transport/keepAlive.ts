import { endpointLimits } from './quicLimits.js';

/**
 * When one side of a quiet connection has to say something. That is the client's part: its packets
 * keep the NAT's mapping too, and the server's acknowledgements tell it that all is well. Pings of
 * the server would double what a quiet crowd costs and tell nobody more.
 *
 * Only while the peer's packets come from another address than those to it go does the server ping
 * as well: each exchange lets it send more there, and a transfer that stands still gets going.
 */
export class KeepAlive {
  readonly #role: 'server' | 'client';
  readonly #intervalMs: number;
  #lastHeardMs: number;
  #lastSentMs: number;
  #isElsewhereUntilMs = 0;

  /** @param intervalMs of silence; 0 sends nothing at all */
  constructor(role: 'server' | 'client', intervalMs: number, nowMs: number) {
    this.#role = role;
    this.#intervalMs = intervalMs;
    this.#lastHeardMs = nowMs;
    this.#lastSentMs = nowMs;
  }

  /** A packet has come. */
  heard(nowMs: number): void {
    this.#lastHeardMs = nowMs;
  }

  /** A packet has come from an address that is not the peer's, or not yet. */
  heardFromElsewhere(nowMs: number): void {
    this.#isElsewhereUntilMs = nowMs + endpointLimits.pathDoubtMs;
  }

  /** What is due has been sent. */
  sent(nowMs: number): void {
    this.#lastSentMs = nowMs;
  }

  /** Infinity: never, as things are. */
  dueAtMs(): number {
    if (this.#intervalMs === 0) return Infinity;
    const quietSinceMs = Math.max(this.#lastHeardMs, this.#lastSentMs);
    if (this.#role === 'client') return quietSinceMs + this.#intervalMs;
    const dueAtMs = quietSinceMs + endpointLimits.pathDoubtPingMs;
    return dueAtMs < this.#isElsewhereUntilMs ? dueAtMs : Infinity;
  }
}
