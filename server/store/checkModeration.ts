import { uuidFromBytes } from '@rookery/schemas/uuid';
import { decodeAuditEntry } from './auditRecord.js';
import { decodeBan } from './bans.js';
import type { EntryCheck } from './checkData.js';
import { decodeReport } from './reports.js';
import { decodeSetting } from './settings.js';
import { decodeTemporaryBan } from './temporaryBans.js';
import { decodeModeration } from './userModeration.js';

/** What is to be right with what moderators did. */
export const moderationChecks = {
  audit: readable((key, value) => decodeAuditEntry(uuidFromBytes(key), value)),
  bans: readable((key, value) => decodeBan(uuidFromBytes(key), value)),
  temporaryBans: readable((key, value) => decodeTemporaryBan(uuidFromBytes(key), value)),
  userModeration: readable((key, value) => {
    uuidFromBytes(key);
    decodeModeration(value);
  }),
  reports: readable((key, value) => decodeReport(uuidFromBytes(key), value)),
  settings: readable((_key, value) => decodeSetting(value)),
} as const satisfies Readonly<Record<string, EntryCheck>>;

/** @param read throws for what cannot be read */
function readable(read: (key: Uint8Array, value: Uint8Array) => unknown): EntryCheck {
  return (_tables, key, value) => {
    read(key, value);
    return null;
  };
}
