import type { Uuid } from '@rookery/schemas/messages';
import { idKey, idsOfPair, keyBehind, pairKey } from './keys.js';
import { decodeTalk, decodeTalkType, encodeTalk, encodeTalkType } from './talkRecord.js';
import type { StoredTalk } from './talkRecord.js';
import type { Tables, Write } from './tables.js';

/** What is known of a talk beside the user who takes part. */
export type KnownTalk = Pick<StoredTalk, 'talkId' | 'type'>;

/**
 * The talks of all users, and who takes part in which. Changes of one talk must not overlap: each
 * follows from what is durable.
 */
export class Talks {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(talkId: Uuid): StoredTalk | null {
    const bytes = this.#tables.get('talks', idKey(talkId));
    return bytes === null ? null : decodeTalk(talkId, bytes);
  }

  /** The talks in which a user takes part, in the order of their ids. */
  ofUser(userId: Uuid): KnownTalk[] {
    const from = idKey(userId);
    const range = { table: 'userTalks', from, to: keyBehind(from), countMax: Infinity } as const;
    return this.#tables.read({ ...range, order: 'ascending' }, (key, value) => ({
      talkId: idsOfPair(key).second,
      type: decodeTalkType(value),
    }));
  }

  /**
   * Keeps a talk as it is now; one in which nobody takes part is removed.
   *
   * @throws ServerError `storageFull`, `storageBusy`, `storageFault`; nothing has changed then
   */
  async put(talk: StoredTalk): Promise<void> {
    const { talkId, type, userIds } = talk;
    const before = this.find(talkId)?.userIds ?? [];
    const value = userIds.length === 0 ? null : encodeTalk(talk);
    const writes: Write[] = [{ table: 'talks', key: idKey(talkId), value }];
    for (const userId of userIds) {
      if (before.includes(userId)) continue;
      writes.push({
        table: 'userTalks',
        key: pairKey(userId, talkId),
        value: encodeTalkType(type),
      });
    }
    for (const userId of before) {
      if (userIds.includes(userId)) continue;
      writes.push({ table: 'userTalks', key: pairKey(userId, talkId), value: null });
    }
    await this.#tables.commit(writes);
  }
}
