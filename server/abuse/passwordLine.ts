import type { PasswordLineLimits } from '../abuseLimits.js';

/** Who wants a password checked. */
export interface Asker {
  /** See `sourceKey`. */
  readonly source: string;
  /** Whether this user, whose key is proven, has been let in before. */
  readonly isKnown: boolean;
}

interface Place {
  readonly source: string;
  readonly begin: () => void;
}

/**
 * Lets logins come to the hashing of passwords by turns. Users who were here before go first and
 * have places of their own; the others have as many, of which one address gets a few. So a flood of
 * strangers with wrong passwords keeps nobody out whom the server knows.
 */
export class PasswordLine {
  readonly #limits: PasswordLineLimits;
  readonly #known: Place[] = [];
  readonly #strangers: Place[] = [];
  /** Strangers who wait or are being checked, by address. */
  readonly #perSource = new Map<string, number>();
  #running = 0;

  constructor(limits: PasswordLineLimits) {
    this.#limits = limits;
  }

  /** How many strangers wait, of those that may: 0 … 1. */
  get strangerLoad(): number {
    return this.#strangers.length / this.#limits.waitingMax;
  }

  /** @returns what the check says, or 'busy' where too many wait; it is not made then */
  async run<T>({ source, isKnown }: Asker, check: () => Promise<T>): Promise<T | 'busy'> {
    const line = isKnown ? this.#known : this.#strangers;
    const neighbours = this.#perSource.get(source) ?? 0;
    if (line.length >= this.#limits.waitingMax) return 'busy';
    if (!isKnown && neighbours >= this.#limits.perAddressMax) return 'busy';
    if (!isKnown) this.#perSource.set(source, neighbours + 1);
    try {
      if (this.#running >= this.#limits.atOnceMax) {
        await new Promise<void>((begin) => line.push({ source, begin }));
      } else {
        this.#running += 1;
      }
      try {
        return await check();
      } finally {
        this.#next();
      }
    } finally {
      if (!isKnown) this.#forget(source);
    }
  }

  /** Hands the place on, so that it never looks free between two. */
  #next(): void {
    const next = this.#known.shift() ?? this.#strangers.shift();
    if (next === undefined) this.#running -= 1;
    else next.begin();
  }

  #forget(source: string): void {
    const left = this.#perSource.get(source)! - 1;
    if (left === 0) this.#perSource.delete(source);
    else this.#perSource.set(source, left);
  }
}
