import type { Uuid } from '@rookery/schemas/messages';
import type { FailureLimits } from '../abuseLimits.js';
import type { RefusalReason } from '../session/protocolCounters.js';
import { MessageIds } from '../store/messageIds.js';
import { FailureBook, type TemporaryBan } from './failureBook.js';

export interface TemporaryBansOptions {
  readonly limits: FailureLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** A ban that the server made by itself: of a user, or of addresses. */
export interface AutomaticBan {
  /** Grows with time. */
  readonly banId: Uuid;
  readonly userId: Uuid | null;
  /** An address, or the range that one IPv6 host has to itself. */
  readonly address: string | null;
  /** For a person. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

/** How many are shut out at the moment. */
export interface TemporaryBanCounts {
  readonly addresses: number;
  readonly users: number;
}

/**
 * Shuts addresses and users out for a while when what comes from them fails again and again. What
 * is not proved to be a user's counts against the address alone: else anybody could shut out
 * anybody.
 */
export class TemporaryBans {
  readonly #options: TemporaryBansOptions;
  readonly #nowMs: () => number;
  readonly #addresses: FailureBook;
  readonly #users: FailureBook;

  constructor(options: TemporaryBansOptions) {
    const { limits, nowMs, wallClockMs } = options;
    this.#options = options;
    this.#nowMs = nowMs;
    const ids = new MessageIds(null);
    const newId = (): Uuid => ids.next(wallClockMs());
    this.#addresses = new FailureBook(limits, newId);
    this.#users = new FailureBook(limits, newId);
  }

  /**
   * Something of a peer was refused.
   *
   * @param source see `sourceKey`
   * @param userId of whom it is proved to be, or null
   */
  note(reason: RefusalReason, source: string, userId: Uuid | null): void {
    const weight = this.#options.limits.weights[reason];
    const nowMs = this.#nowMs();
    this.#addresses.note(source, reason, weight, nowMs);
    if (userId !== null) this.#users.note(userId, reason, weight, nowMs);
  }

  /** @returns how long nobody at this address may log in; 0 for now. A login was tried. */
  refuseAddress(source: string): number {
    return refuse(this.#addresses, source, this.#nowMs());
  }

  /** The same of a user. */
  refuseUser(userId: Uuid): number {
    return refuse(this.#users, userId, this.#nowMs());
  }

  /** Whether an address goes on so that it is not worth a handshake to tell it why. */
  isStubborn(source: string): boolean {
    return this.#addresses.isStubborn(source, this.#nowMs());
  }

  counts(): TemporaryBanCounts {
    const nowMs = this.#nowMs();
    return {
      addresses: this.#addresses.list(nowMs).length,
      users: this.#users.list(nowMs).length,
    };
  }

  /** Those that hold, made before another one, which need not be there; the newest first. */
  before(banId: Uuid | null, countMax: number): AutomaticBan[] {
    return this.#all()
      .filter((ban) => banId === null || ban.banId < banId)
      .sort((a, b) => (a.banId < b.banId ? 1 : -1))
      .slice(0, countMax);
  }

  /** @returns the ban, which holds no more and after which the next one is short; null for none */
  lift(banId: Uuid): AutomaticBan | null {
    const nowMs = this.#nowMs();
    for (const book of [this.#addresses, this.#users]) {
      const found = book.list(nowMs).find((ban) => ban.banId === banId);
      if (found === undefined) continue;
      book.lift(found.key, nowMs);
      return this.#tell(found, book === this.#users ? 'user' : 'address');
    }
    return null;
  }

  /** Call now and then. */
  sweep(): void {
    const nowMs = this.#nowMs();
    this.#addresses.sweep(nowMs);
    this.#users.sweep(nowMs);
  }

  #all(): AutomaticBan[] {
    const nowMs = this.#nowMs();
    return [
      ...this.#addresses.list(nowMs).map((ban) => this.#tell(ban, 'address')),
      ...this.#users.list(nowMs).map((ban) => this.#tell(ban, 'user')),
    ];
  }

  #tell({ key, banId, sinceMs, untilMs, cause, bans }: TemporaryBan, of: Banned): AutomaticBan {
    const sinceStartMs = this.#options.wallClockMs() - this.#nowMs();
    const times = bans === 1 ? '' : `, ${bans} times lately`;
    return {
      banId,
      userId: of === 'user' ? key : null,
      address: of === 'user' ? null : addressOf(key),
      reason: `too many failures${times}; the last one: ${inWords(cause)}`,
      createdAtMs: Math.round(sinceStartMs + sinceMs),
      expiresAtMs: Math.round(sinceStartMs + untilMs),
    };
  }
}

/** What a ban is of. */
type Banned = 'address' | 'user';

/** @param source see `sourceKey` */
function addressOf(source: string): string {
  return source.includes(':') ? `${source}::/64` : source;
}

/** @param name in camel case */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function refuse(book: FailureBook, key: string, nowMs: number): number {
  const msLeft = book.banMsLeft(key, nowMs);
  if (msLeft > 0) book.noteRefused(key);
  return msLeft;
}
