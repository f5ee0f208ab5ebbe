import type { Uuid } from '@rookery/schemas/messages';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import type { Store } from '../store/store.js';
import { NameBook } from './nameBook.js';

export interface NameDeskOptions {
  readonly store: Pick<Store, 'roles' | 'users'>;
}

/**
 * The names of those who are here and of those who are registered, so that nobody comes under
 * somebody else's. Of those who were registered before names were compared, the first of a name
 * keeps it. Main thread.
 */
export class NameDesk {
  readonly #store: NameDeskOptions['store'];
  readonly #book = new NameBook();

  constructor({ store }: NameDeskOptions) {
    this.#store = store;
    for (const { userId, role } of store.roles.list()) this.noteRole(userId, role);
  }

  /** @returns why a user cannot have a name, in words; null where it is free */
  whyNot(name: string, userId: Uuid): string | null {
    const holder = this.#book.holderOf(name, userId);
    if (holder === null) return null;
    const who = holder === 'present' ? 'Somebody who is here' : 'Somebody who is registered';
    return `${who} has this name, or one that looks like it. Choose another name.`;
  }

  /** Somebody is here, under this name from now on. */
  arrive(userId: Uuid, name: string): void {
    this.#book.arrive(userId, name);
    const role = this.#store.roles.find(userId);
    if (role !== null && isAtLeast(role, 'member')) this.#book.keep(userId, name);
  }

  leave(userId: Uuid): void {
    this.#book.leave(userId);
  }

  /** Somebody was given a role. */
  noteRole(userId: Uuid, role: Role): void {
    const name = this.#store.users.find(userId)?.displayName;
    if (!isAtLeast(role, 'member')) this.#book.giveUp(userId);
    else if (name !== undefined) this.#book.keep(userId, name);
  }
}
