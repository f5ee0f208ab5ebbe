import type { AclEntry, Principal, Uuid } from '@rookery/schemas/messages';
import type { Role } from '@rookery/schemas/roles';
import { uuidFromBytes } from '@rookery/schemas/uuid';
import { highestKey, idKey, lowestKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import { readRole, writeRole } from './roles.js';
import type { Tables } from './tables.js';

/** What a room says of who may do what in it, as it is kept. */
export interface StoredRules {
  readonly roomId: Uuid;
  /** Counts the changes of these rules: 0 where there never was one. */
  readonly version: number;
  readonly entries: readonly AclEntry[];
  readonly inherits: boolean;
  readonly requiredRole: Role | null;
  /** Argon2id in PHC's string format; null where the room has no password. */
  readonly passwordHash: string | null;
}

const version = 1;
const flags = { inherits: 1, hasRequiredRole: 2, hasPassword: 4 } as const;
const entryFlags = { appliesHere: 1, appliesBelow: 2 } as const;
/** The place of a type is its byte. */
const principalTypes: readonly Principal['type'][] = ['everyone', 'role', 'group', 'user'];

/** The rules of all rooms that have any. Writes throw as those of messages.ts do. */
export class RoomRulesTable {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  list(): StoredRules[] {
    const range = { from: lowestKey, to: highestKey, countMax: Infinity } as const;
    return this.#tables.read({ table: 'roomRules', order: 'ascending', ...range }, (key, value) =>
      decodeRules(uuidFromBytes(key), value),
    );
  }

  async put(rules: StoredRules): Promise<void> {
    const value = encodeRules(rules);
    await this.#tables.commit([{ table: 'roomRules', key: idKey(rules.roomId), value }]);
  }

  /** Where there are none, nothing happens. */
  async remove(roomId: Uuid): Promise<void> {
    await this.#tables.commit([{ table: 'roomRules', key: idKey(roomId), value: null }]);
  }
}

export function encodeRules(rules: StoredRules): Uint8Array {
  const { requiredRole, passwordHash, entries } = rules;
  const writer = new RecordWriter(version)
    .u32(rules.version)
    .u8(
      (rules.inherits ? flags.inherits : 0) |
        (requiredRole === null ? 0 : flags.hasRequiredRole) |
        (passwordHash === null ? 0 : flags.hasPassword),
    );
  if (requiredRole !== null) writeRole(writer, requiredRole);
  if (passwordHash !== null) writer.text(passwordHash);
  writer.u16(entries.length);
  for (const entry of entries) writeEntry(writer, entry);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeRules(roomId: Uuid, bytes: Uint8Array): StoredRules {
  const reader = new RecordReader('the rules of a room', bytes, version);
  const changes = reader.u32();
  const flagged = reader.u8();
  const rules = {
    roomId,
    version: changes,
    inherits: (flagged & flags.inherits) !== 0,
    requiredRole: (flagged & flags.hasRequiredRole) === 0 ? null : readRole(reader),
    passwordHash: (flagged & flags.hasPassword) === 0 ? null : reader.text(),
    entries: Array.from({ length: reader.u16() }, () => readEntry(reader)),
  };
  reader.finish();
  return rules;
}

function writeEntry(writer: RecordWriter, entry: AclEntry): void {
  const { principal, appliesHere, appliesBelow, grants, denies } = entry;
  writer.u8(principalTypes.indexOf(principal.type));
  if (principal.type === 'role') writeRole(writer, principal.role);
  if (principal.type === 'group') writer.uuid(principal.groupId);
  if (principal.type === 'user') writer.uuid(principal.userId);
  writer
    .u8((appliesHere ? entryFlags.appliesHere : 0) | (appliesBelow ? entryFlags.appliesBelow : 0))
    .u32(grants)
    .u32(denies);
}

function readEntry(reader: RecordReader): AclEntry {
  const principal = readPrincipal(reader);
  const flagged = reader.u8();
  return {
    principal,
    appliesHere: (flagged & entryFlags.appliesHere) !== 0,
    appliesBelow: (flagged & entryFlags.appliesBelow) !== 0,
    grants: reader.u32(),
    denies: reader.u32(),
  };
}

function readPrincipal(reader: RecordReader): Principal {
  const place = reader.u8();
  const type = principalTypes[place];
  switch (type) {
    case 'everyone':
      return { type };
    case 'role':
      return { type, role: readRole(reader) };
    case 'group':
      return { type, groupId: reader.uuid() };
    case 'user':
      return { type, userId: reader.uuid() };
    case undefined:
  }
  throw reader.damaged(`is for somebody of kind ${place}, which there is not`);
}
