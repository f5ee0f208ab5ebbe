import { uuidFromBytes } from '@rookery/schemas/uuid';
import type { EntryCheck } from './checkData.js';
import { decodeGroup } from './groups.js';
import { idKey } from './keys.js';
import { decodeGrants, decodeRole } from './roles.js';
import { decodeRules } from './roomRules.js';
import type { Tables } from './tables.js';

/** What is looked at of who may do what. Rules may name users and groups that are gone. */
export const accessChecks = {
  roles: (_tables, key, value) => {
    uuidFromBytes(key);
    decodeRole(value);
    return null;
  },
  roleGrants: (_tables, key, value) => {
    decodeGrants(key, value);
    return null;
  },
  groups: (tables, key, value) => {
    const { roomId } = decodeGroup(uuidFromBytes(key), value);
    if (roomId === null || hasRoom(tables, roomId)) return null;
    return tables.get('groups', key) === null ? null : 'the room of a group is gone';
  },
  roomRules: (tables, key, value) => {
    const { roomId } = decodeRules(uuidFromBytes(key), value);
    if (hasRoom(tables, roomId)) return null;
    return tables.get('roomRules', key) === null ? null : 'the room of some rules is gone';
  },
} as const satisfies Record<string, EntryCheck>;

function hasRoom(tables: Tables, roomId: string): boolean {
  return tables.get('rooms', idKey(roomId)) !== null;
}
