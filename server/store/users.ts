import type { Uuid } from '@rookery/schemas/messages';
import { idKey } from './keys.js';
import type { Tables } from './tables.js';
import { decodeUser, encodeUser, type UserRecord } from './userRecord.js';

/** Everybody who ever logged in. Nobody waits for these writes: logging in needs no disk. */
export class Users {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(userId: Uuid): UserRecord | null {
    const bytes = this.#tables.get('users', idKey(userId));
    return bytes === null ? null : decodeUser(bytes);
  }

  /** Somebody logged in. @param nowMs milliseconds since 1970 */
  noteLogin(userId: Uuid, who: Pick<UserRecord, 'publicKey' | 'displayName'>, nowMs: number): void {
    const firstSeenMs = this.find(userId)?.firstSeenMs ?? nowMs;
    const { publicKey, displayName } = who;
    this.#put(userId, { publicKey, displayName, firstSeenMs, lastSeenMs: nowMs });
  }

  /** Somebody who had logged in is gone. @param nowMs milliseconds since 1970 */
  noteGone(userId: Uuid, nowMs: number): void {
    const user = this.find(userId);
    if (user !== null) this.#put(userId, { ...user, lastSeenMs: nowMs });
  }

  #put(userId: Uuid, user: UserRecord): void {
    const key = idKey(userId);
    this.#tables.commitBehind([{ table: 'users', key, value: encodeUser(user) }]);
  }
}
