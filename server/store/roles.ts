import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import type { Role } from '@rookery/schemas/roles';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** The role that somebody was given. */
export interface GivenRole {
  readonly userId: Uuid;
  readonly role: Role;
}

const version = 1;

/** The place of a role is its byte, so new ones come last, whatever their rank. */
const storedRoles: readonly Role[] = ['guest', 'member', 'moderator', 'admin', 'owner'];

/** The roles of all to whom one was given. Writes throw as those of messages.ts do. */
export class Roles {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  list(): GivenRole[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'roles', order: 'ascending', ...range }, (key, value) => {
      return { userId: uuidFromBytes(key), role: decodeRole(value) };
    });
  }

  /** @returns null where the user was given none */
  find(userId: Uuid): Role | null {
    const bytes = this.#tables.get('roles', idKey(userId));
    return bytes === null ? null : decodeRole(bytes);
  }

  async put(userId: Uuid, role: Role): Promise<void> {
    const value = writeRole(new RecordWriter(version), role).finish();
    await this.#tables.commit([{ table: 'roles', key: idKey(userId), value }]);
  }
}

/** @throws ServerError `unusableData` */
export function decodeRole(bytes: Uint8Array): Role {
  const reader = new RecordReader('the role of a user', bytes, version);
  const role = readRole(reader);
  reader.finish();
  return role;
}

/** One byte, as in all records that hold a role. */
export function writeRole(writer: RecordWriter, role: Role): RecordWriter {
  return writer.u8(storedRoles.indexOf(role));
}

/** @throws ServerError `unusableData` */
export function readRole(reader: RecordReader): Role {
  const place = reader.u8();
  const role = storedRoles[place];
  if (role === undefined) throw reader.damaged(`names the role ${place}, which there is not`);
  return role;
}
