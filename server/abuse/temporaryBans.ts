import type { Uuid } from '@rookery/schemas/messages';
import type { FailureLimits } from '../abuseLimits.js';
import type { RefusalReason } from '../session/protocolCounters.js';
import { MessageIds } from '../store/messageIds.js';
import type { StoredTemporaryBan, TemporaryBansTable } from '../store/temporaryBans.js';
import { FailureBook, type TemporaryBan } from './failureBook.js';

/** The bans of before, and where those from now on are kept. */
export type KeptBans = Pick<TemporaryBansTable, 'list' | 'put' | 'remove'>;

export interface TemporaryBansOptions {
  readonly limits: FailureLimits;
  readonly kept: KeptBans;
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
 * anybody. Who is shut out stays so over a restart; failures that were not yet too many are
 * forgiven with it.
 */
export class TemporaryBans {
  readonly #options: TemporaryBansOptions;
  readonly #nowMs: () => number;
  readonly #addresses: FailureBook;
  readonly #users: FailureBook;

  constructor(options: TemporaryBansOptions) {
    const { limits, kept, nowMs, wallClockMs } = options;
    this.#options = options;
    this.#nowMs = nowMs;
    const before = kept.list();
    const ids = new MessageIds(before.at(-1)?.banId ?? null);
    const newId = (): Uuid => ids.next(wallClockMs());
    const open = (of: Banned): FailureBook =>
      new FailureBook(limits, newId, {
        put: (ban) => kept.put(this.#toStore(ban, of)),
        remove: (banId) => kept.remove(banId),
      });
    this.#addresses = open('address');
    this.#users = open('user');
    for (const ban of before) this.#restore(ban);
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

  /** By the clock of the books; one that was set back makes no ban longer. */
  #restore({ of, sinceMs, untilMs, ...ban }: StoredTemporaryBan): void {
    const nowMs = this.#nowMs();
    const agoMs = Math.max(0, this.#options.wallClockMs() - sinceMs);
    const times = { sinceMs: nowMs - agoMs, untilMs: nowMs - agoMs + untilMs - sinceMs };
    const book = of === 'user' ? this.#users : this.#addresses;
    book.restore({ ...ban, ...times }, nowMs);
  }

  #toStore({ sinceMs, untilMs, ...ban }: TemporaryBan, of: Banned): StoredTemporaryBan {
    const sinceStartMs = this.#sinceStartMs;
    return { ...ban, of, sinceMs: sinceStartMs + sinceMs, untilMs: sinceStartMs + untilMs };
  }

  #all(): AutomaticBan[] {
    const nowMs = this.#nowMs();
    return [
      ...this.#addresses.list(nowMs).map((ban) => this.#tell(ban, 'address')),
      ...this.#users.list(nowMs).map((ban) => this.#tell(ban, 'user')),
    ];
  }

  /** What the clock of the books lacks to milliseconds since 1970. */
  get #sinceStartMs(): number {
    return this.#options.wallClockMs() - this.#nowMs();
  }

  #tell({ key, banId, sinceMs, untilMs, cause, bans }: TemporaryBan, of: Banned): AutomaticBan {
    const sinceStartMs = this.#sinceStartMs;
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
