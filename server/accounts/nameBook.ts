import type { Uuid } from '@rookery/schemas/messages';
import { nameKeys } from './nameKeys.js';

/** Why a name cannot be had. */
export type NameHolder =
  /** It looks like the name of somebody who is here. */
  | 'present'
  /** It looks like the name of somebody who is registered, here or not. */
  | 'registered';

/**
 * Which names are taken: those of who is here, and those of who is registered. Names that look
 * alike are the same name (nameKeys.ts). Pure; whoever holds it tells it of everybody.
 */
export class NameBook {
  readonly #present = new NameIndex();
  readonly #registered = new NameIndex();

  /**
   * Who keeps a user from having a name. A registered user may always have the name that is kept
   * for it.
   *
   * @returns null where it is free
   */
  holderOf(name: string, userId: Uuid): NameHolder | null {
    const keys = nameKeys(name);
    if (this.#registered.isHeldByOther(keys, userId)) return 'registered';
    if (this.#registered.isHeldBy(keys, userId)) return null;
    return this.#present.isHeldByOther(keys, userId) ? 'present' : null;
  }

  /** Somebody is here, under this name from now on. */
  arrive(userId: Uuid, name: string): void {
    this.#present.put(userId, name);
  }

  leave(userId: Uuid): void {
    this.#present.remove(userId);
  }

  /**
   * Keeps a name for somebody who is registered; the one that was kept before is free. One that is
   * kept for somebody else stays theirs.
   */
  keep(userId: Uuid, name: string): void {
    if (this.#registered.isHeldByOther(nameKeys(name), userId)) this.#registered.remove(userId);
    else this.#registered.put(userId, name);
  }

  /** Somebody is not registered any more. */
  giveUp(userId: Uuid): void {
    this.#registered.remove(userId);
  }
}

const nobody: ReadonlySet<Uuid> = new Set();

class NameIndex {
  readonly #usersOfKey = new Map<string, Set<Uuid>>();
  readonly #keysOfUser = new Map<Uuid, readonly string[]>();

  put(userId: Uuid, name: string): void {
    this.remove(userId);
    const keys = nameKeys(name);
    this.#keysOfUser.set(userId, keys);
    for (const key of keys) {
      const users = this.#usersOfKey.get(key);
      if (users === undefined) this.#usersOfKey.set(key, new Set([userId]));
      else users.add(userId);
    }
  }

  remove(userId: Uuid): void {
    for (const key of this.#keysOfUser.get(userId) ?? []) {
      const users = this.#usersOfKey.get(key);
      users?.delete(userId);
      if (users?.size === 0) this.#usersOfKey.delete(key);
    }
    this.#keysOfUser.delete(userId);
  }

  isHeldBy(keys: readonly string[], userId: Uuid): boolean {
    return keys.some((key) => this.#users(key).has(userId));
  }

  isHeldByOther(keys: readonly string[], userId: Uuid): boolean {
    return keys.some((key) => [...this.#users(key)].some((other) => other !== userId));
  }

  #users(key: string): ReadonlySet<Uuid> {
    return this.#usersOfKey.get(key) ?? nobody;
  }
}
