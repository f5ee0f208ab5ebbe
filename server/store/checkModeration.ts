import { uuidFromBytes } from '@rookery/schemas/uuid';
import { decodeAuditEntry } from './auditRecord.js';
import type { EntryCheck } from './checkData.js';

/** What is to be right with what moderators did. */
export const moderationChecks = {
  audit: (_tables, key, value) => {
    decodeAuditEntry(uuidFromBytes(key), value);
    return null;
  },
} as const satisfies Readonly<Record<string, EntryCheck>>;
