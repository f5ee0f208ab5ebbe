import type { WaitingLimits } from '../abuseLimits.js';

/** A connection as far as it matters here. */
export interface Waiting {
  /** See `sourceKey`. */
  readonly source: string;
  /** Whether its password is being checked: then it is not given up any more. */
  readonly isBeingChecked: boolean;
}

/**
 * Connections that have not logged in yet, oldest first. Whoever only connects and says nothing
 * takes nobody's place: of one address a bounded number may wait, and of all together so many that
 * who waits longest goes when another comes.
 */
export class WaitingRoom<Guest extends Waiting> {
  readonly #limits: WaitingLimits;
  readonly #isTrusted: (source: string) => boolean;
  readonly #guests = new Set<Guest>();
  /** By source, as each entered. */
  readonly #sources = new Map<Guest, string>();
  readonly #perSource = new Map<string, number>();

  /** @param isTrusted sources of which any number may wait */
  constructor(limits: WaitingLimits, isTrusted: (source: string) => boolean = () => false) {
    this.#limits = limits;
    this.#isTrusted = isTrusted;
  }

  get size(): number {
    return this.#guests.size;
  }

  /** @returns who has to go, the newcomer or another one, or null */
  enter(guest: Guest): Guest | null {
    const { source } = guest;
    const neighbours = this.#perSource.get(source) ?? 0;
    const isTooMany = neighbours >= this.#limits.perAddressMax;
    if (isTooMany && !this.#isTrusted(source)) return guest;
    this.#guests.add(guest);
    this.#sources.set(guest, source);
    this.#perSource.set(source, neighbours + 1);
    return this.#guests.size > this.#limits.connectionsMax ? this.#longestWaiting() : null;
  }

  /** It has logged in, or is gone. Nothing happens the second time. */
  leave(guest: Guest): void {
    const source = this.#sources.get(guest);
    if (source === undefined) return;
    this.#guests.delete(guest);
    this.#sources.delete(guest);
    const neighbours = this.#perSource.get(source)! - 1;
    if (neighbours === 0) this.#perSource.delete(source);
    else this.#perSource.set(source, neighbours);
  }

  #longestWaiting(): Guest | null {
    // Few are being checked at a time, so that not many are passed over.
    for (const guest of this.#guests) if (!guest.isBeingChecked) return guest;
    return null;
  }
}
