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
 * Lets logins come to the hashing of passwords by turns. Users who were here before go first, wait
 * in places of their own, and find a thread free that strangers leave alone; the others have as
 * many places, of which one address gets a few. So a flood of strangers with wrong passwords keeps
 * nobody out whom the server knows, and leaves a core to voice.
 */
export class PasswordLine {
  readonly #limits: PasswordLineLimits;
  readonly #known: Place[] = [];
  readonly #strangers: Place[] = [];
  /** Strangers who wait or are being checked, by address. */
  readonly #perSource = new Map<string, number>();
  #running = 0;
  #strangersRunning = 0;

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
      if (this.#mayBegin(isKnown)) this.#begin(isKnown);
      else await new Promise<void>((begin) => line.push({ source, begin }));
      try {
        return await check();
      } finally {
        this.#end(isKnown);
      }
    } finally {
      if (!isKnown) this.#forget(source);
    }
  }

  #mayBegin(isKnown: boolean): boolean {
    const { atOnceMax, strangersAtOnceMax } = this.#limits;
    if (this.#running >= atOnceMax) return false;
    return isKnown || this.#strangersRunning < strangersAtOnceMax;
  }

  #begin(isKnown: boolean): void {
    this.#running += 1;
    if (!isKnown) this.#strangersRunning += 1;
  }

  #end(isKnown: boolean): void {
    this.#running -= 1;
    if (!isKnown) this.#strangersRunning -= 1;
    const isNextKnown = this.#known.length > 0;
    const line = isNextKnown ? this.#known : this.#strangers;
    if (line.length === 0 || !this.#mayBegin(isNextKnown)) return;
    // Counted before it runs, so that the place never looks free between two.
    this.#begin(isNextKnown);
    line.shift()!.begin();
  }

  #forget(source: string): void {
    const left = this.#perSource.get(source)! - 1;
    if (left === 0) this.#perSource.delete(source);
    else this.#perSource.set(source, left);
  }
}
