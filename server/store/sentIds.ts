import type { Uuid } from '@rookery/schemas/messages';

/**
 * Knows of most messages that they were not sent before, without looking at the disk: clients take
 * ids that sort by time, so a new one is greater than all before.
 *
 *     ids of a user   …──●──●────●  newest of the user: greater ones are new
 *     ids at start    ──●───●──────●  for users of whom nothing was noted since
 */
export class SentIds {
  readonly #usersMax: number;
  readonly #newestOfUsers = new Map<Uuid, Uuid>();
  /** No less than any id of any user who is not in the map; null where there is none. */
  #newestOfOthers: Uuid | null;

  /**
   * @param newest the greatest id that any user gave a message so far; null where there is none
   * @param usersMax users whose newest id is in memory
   */
  constructor(newest: Uuid | null, usersMax: number) {
    this.#newestOfOthers = newest;
    this.#usersMax = usersMax;
  }

  /** @returns true where the user certainly sent no message with that id; false says nothing */
  isNew(userId: Uuid, clientMessageId: Uuid): boolean {
    const newest = this.#newestOfUsers.get(userId) ?? this.#newestOfOthers;
    return newest === null || clientMessageId > newest;
  }

  /** The user sends a message with that id. */
  note(userId: Uuid, clientMessageId: Uuid): void {
    if (!this.isNew(userId, clientMessageId)) return;
    if (this.#newestOfUsers.size >= this.#usersMax && !this.#newestOfUsers.has(userId)) {
      this.#forgetUsers();
      if (!this.isNew(userId, clientMessageId)) return;
    }
    this.#newestOfUsers.set(userId, clientMessageId);
  }

  #forgetUsers(): void {
    for (const newest of this.#newestOfUsers.values()) {
      if (this.#newestOfOthers === null || newest > this.#newestOfOthers) {
        this.#newestOfOthers = newest;
      }
    }
    this.#newestOfUsers.clear();
  }
}
