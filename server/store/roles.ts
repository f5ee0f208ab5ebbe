import type { Uuid } from '@rookery/schemas/messages';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import type { PermissionSet } from '@rookery/schemas/permissions';
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

/** What a role grants, where the server changed it. */
export interface RoleGrants {
  readonly role: Role;
  readonly grants: PermissionSet;
}

/**
 * The roles of all to whom one was given, and what roles grant. Writes throw as those of
 * messages.ts do.
 */
export class Roles {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  list(): GivenRole[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'roles', order: 'ascending', ...range }, decodeGiven);
  }

  /** @returns null where the user was given none */
  find(userId: Uuid): Role | null {
    const bytes = this.#tables.get('roles', idKey(userId));
    return bytes === null ? null : decodeRole(bytes);
  }

  /** The next of them, in the order of their ids; from the first where there is none before. */
  after(userId: Uuid | null, countMax: number): GivenRole[] {
    const from = userId === null ? lowestKey : Uint8Array.of(...idKey(userId), 0);
    const range = { table: 'roles', from, to: highestKey, order: 'ascending', countMax } as const;
    return this.#tables.read(range, decodeGiven);
  }

  listGrants(): RoleGrants[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    const all = { table: 'roleGrants', order: 'ascending', ...range } as const;
    return this.#tables.read(all, decodeGrants);
  }

  async putGrants({ role, grants }: RoleGrants): Promise<void> {
    const key = Uint8Array.of(storedRoles.indexOf(role));
    const value = encodeGrants(grants);
    await this.#tables.commit([{ table: 'roleGrants', key, value }]);
  }

  async put(userId: Uuid, role: Role): Promise<void> {
    const value = encodeRole(role);
    await this.#tables.commit([{ table: 'roles', key: idKey(userId), value }]);
  }
}

function decodeGiven(key: Uint8Array, value: Uint8Array): GivenRole {
  return { userId: uuidFromBytes(key), role: decodeRole(value) };
}

export function encodeRole(role: Role): Uint8Array {
  return writeRole(new RecordWriter(version), role).finish();
}

/** @throws ServerError `unusableData` */
export function decodeRole(bytes: Uint8Array): Role {
  const reader = new RecordReader('the role of a user', bytes, version);
  const role = readRole(reader);
  reader.finish();
  return role;
}

export function encodeGrants(grants: PermissionSet): Uint8Array {
  return new RecordWriter(version).u32(grants).finish();
}

/** @throws ServerError `unusableData` */
export function decodeGrants(key: Uint8Array, bytes: Uint8Array): RoleGrants {
  const reader = new RecordReader('what a role grants', bytes, version);
  const role = storedRoles[key[0] ?? storedRoles.length];
  if (role === undefined || key.length !== 1) throw reader.damaged('is of no role');
  const grants = reader.u32();
  reader.finish();
  return { role, grants };
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
