import assert from 'node:assert/strict';
import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import type { Tables, Write } from './tables.js';
import { nameWrite, usersNamed } from './userNames.js';
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

  /**
   * Waits for the names of those who have just come, as far as they can be written.
   *
   * @returns users of this name, whatever its case, in no order, at most `countMax`
   */
  async named(displayName: string, countMax: number): Promise<Uuid[]> {
    // A disk that takes nothing keeps nobody from reading.
    await this.#tables.untilDurable().catch(() => undefined);
    return usersNamed(this.#tables, displayName, countMax);
  }

  /** Makes users findable who logged in before there was such a thing. Only the first time. */
  indexNames(): void {
    const all = { from: lowestKey, to: highestKey, order: 'ascending' } as const;
    if (this.#tables.keys({ ...all, table: 'userNames', countMax: 1 }).length > 0) return;
    const range = { ...all, table: 'users', countMax: Infinity } as const;
    const writes = this.#tables.read(range, (key, value) =>
      nameWrite(decodeUser(value).displayName, uuidFromBytes(key), 'put'),
    );
    this.#tables.commitBehind(writes);
  }

  /** Somebody logged in. @param nowMs milliseconds since 1970 */
  noteLogin(userId: Uuid, who: Pick<UserRecord, 'publicKey' | 'displayName'>, nowMs: number): void {
    const before = this.find(userId);
    const firstSeenMs = before?.firstSeenMs ?? nowMs;
    const { publicKey, displayName } = who;
    const user = { publicKey, displayName, firstSeenMs, lastSeenMs: nowMs };
    this.#tables.commitBehind(putWrites(userId, before, user));
  }

  /** Somebody who had logged in has another name. Throws as writes of messages.ts do. */
  async rename(userId: Uuid, displayName: string): Promise<void> {
    const before = this.find(userId);
    assert(before !== null, 'who is renamed was here');
    await this.#tables.commit(putWrites(userId, before, { ...before, displayName }));
  }

  /** Somebody who had logged in is gone. @param nowMs milliseconds since 1970 */
  noteGone(userId: Uuid, nowMs: number): void {
    const user = this.find(userId);
    if (user !== null) {
      this.#tables.commitBehind([userWrite(userId, { ...user, lastSeenMs: nowMs })]);
    }
  }
}

function putWrites(userId: Uuid, before: UserRecord | null, user: UserRecord): Write[] {
  const isRenamed = before !== null && before.displayName !== user.displayName;
  return [
    // The name before first: both may have the same key.
    ...(isRenamed ? [nameWrite(before.displayName, userId, 'remove')] : []),
    nameWrite(user.displayName, userId, 'put'),
    userWrite(userId, user),
  ];
}

function userWrite(userId: Uuid, user: UserRecord): Write {
  return { table: 'users', key: idKey(userId), value: encodeUser(user) };
}
