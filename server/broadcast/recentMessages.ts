import type { Uuid } from '@rookery/schemas/messages';

/**
 * Which message came of which client message id, for each user's latest ones, so that a message
 * sent again after a lost answer is not doubled. Bounded per user and over all; those who wrote
 * longest ago are forgotten first. Pure.
 */
export class RecentMessages {
  readonly #perUserMax: number;
  readonly #totalMax: number;
  /** Users in the order of their latest message; each with its ids in the order of sending. */
  readonly #users = new Map<Uuid, Map<Uuid, Uuid>>();
  #total = 0;

  constructor(limits: { readonly perUserMax: number; readonly totalMax: number }) {
    this.#perUserMax = limits.perUserMax;
    this.#totalMax = limits.totalMax;
  }

  /** @returns the message's id, or null when the user did not send it lately */
  find(userId: Uuid, clientMessageId: Uuid): Uuid | null {
    return this.#users.get(userId)?.get(clientMessageId) ?? null;
  }

  add(userId: Uuid, clientMessageId: Uuid, messageId: Uuid): void {
    const messages = this.#users.get(userId) ?? new Map<Uuid, Uuid>();
    this.#users.delete(userId);
    this.#users.set(userId, messages);
    messages.set(clientMessageId, messageId);
    this.#total += 1;
    if (messages.size > this.#perUserMax) {
      this.#total -= 1;
      for (const oldest of messages.keys()) {
        messages.delete(oldest);
        break;
      }
    }
    for (const [oldestUser, theirs] of this.#users) {
      if (this.#total <= this.#totalMax) break;
      this.#users.delete(oldestUser);
      this.#total -= theirs.size;
    }
  }
}
