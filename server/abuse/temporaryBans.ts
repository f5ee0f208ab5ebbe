import type { Uuid } from '@rookery/schemas/messages';
import type { FailureLimits } from '../abuseLimits.js';
import type { RefusalReason } from '../session/protocolCounters.js';
import { FailureBook, type TemporaryBan } from './failureBook.js';

export interface TemporaryBansOptions {
  readonly limits: FailureLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Who is shut out at the moment; of users the key is the user id. */
export interface TemporaryBanList {
  readonly addresses: readonly TemporaryBan[];
  readonly users: readonly TemporaryBan[];
}

/**
 * Shuts addresses and users out for a while when what comes from them fails again and again. What
 * is not proved to be a user's counts against the address alone: else anybody could shut out
 * anybody.
 */
export class TemporaryBans {
  readonly #limits: FailureLimits;
  readonly #nowMs: () => number;
  readonly #addresses: FailureBook;
  readonly #users: FailureBook;

  constructor({ limits, nowMs }: TemporaryBansOptions) {
    this.#limits = limits;
    this.#nowMs = nowMs;
    this.#addresses = new FailureBook(limits);
    this.#users = new FailureBook(limits);
  }

  /**
   * Something of a peer was refused.
   *
   * @param source see `sourceKey`
   * @param userId of whom it is proved to be, or null
   */
  note(reason: RefusalReason, source: string, userId: Uuid | null): void {
    const weight = this.#limits.weights[reason];
    const nowMs = this.#nowMs();
    this.#addresses.note(source, weight, nowMs);
    if (userId !== null) this.#users.note(userId, weight, nowMs);
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

  list(): TemporaryBanList {
    const nowMs = this.#nowMs();
    return { addresses: this.#addresses.list(nowMs), users: this.#users.list(nowMs) };
  }

  /** @param key an address as it is listed, or a user id. @returns whether it was shut out */
  lift(key: string): boolean {
    const nowMs = this.#nowMs();
    const wasAddress = this.#addresses.lift(key, nowMs);
    return this.#users.lift(key, nowMs) || wasAddress;
  }

  /** Call now and then. */
  sweep(): void {
    const nowMs = this.#nowMs();
    this.#addresses.sweep(nowMs);
    this.#users.sweep(nowMs);
  }
}

function refuse(book: FailureBook, key: string, nowMs: number): number {
  const msLeft = book.banMsLeft(key, nowMs);
  if (msLeft > 0) book.noteRefused(key);
  return msLeft;
}
