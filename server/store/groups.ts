import type { PermissionSet } from '@rookery/schemas/permissions';
import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** A group of users, as it is kept. */
export interface StoredGroup {
  readonly groupId: Uuid;
  /** null for a group of the server. */
  readonly roomId: Uuid | null;
  readonly name: string;
  /** Of a group of a room: nothing. */
  readonly grants: PermissionSet;
  readonly memberIds: readonly Uuid[];
}

const version = 1;

/** The groups of the server and of its rooms. Writes throw as those of messages.ts do. */
export class Groups {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  list(): StoredGroup[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'groups', order: 'ascending', ...range }, (key, value) =>
      decodeGroup(uuidFromBytes(key), value),
    );
  }

  async put(group: StoredGroup): Promise<void> {
    const value = encodeGroup(group);
    await this.#tables.commit([{ table: 'groups', key: idKey(group.groupId), value }]);
  }

  /** Those of a room. */
  async removeOf(roomId: Uuid): Promise<void> {
    const groups = this.list().filter((group) => group.roomId === roomId);
    const writes = groups.map(({ groupId }) => {
      return { table: 'groups', key: idKey(groupId), value: null } as const;
    });
    await this.#tables.commit(writes);
  }

  async remove(groupId: Uuid): Promise<void> {
    await this.#tables.commit([{ table: 'groups', key: idKey(groupId), value: null }]);
  }
}

export function encodeGroup({ roomId, name, grants, memberIds }: StoredGroup): Uint8Array {
  const writer = new RecordWriter(version).u8(roomId === null ? 0 : 1);
  if (roomId !== null) writer.uuid(roomId);
  writer.text(name).u32(grants).u16(memberIds.length);
  for (const userId of memberIds) writer.uuid(userId);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeGroup(groupId: Uuid, bytes: Uint8Array): StoredGroup {
  const reader = new RecordReader('a group', bytes, version);
  const group = {
    groupId,
    roomId: reader.u8() === 0 ? null : reader.uuid(),
    name: reader.text(),
    grants: reader.u32(),
    memberIds: Array.from({ length: reader.u16() }, () => reader.uuid()),
  };
  reader.finish();
  return group;
}
