import { uuidFromBytes } from '@rookery/schemas/uuid';
import { decodeAccountPassword } from './accountPasswords.js';
import type { EntryCheck } from './checkData.js';
import { decodeInvite } from './invites.js';
import { decodeJoinRequest } from './joinRequests.js';

/** What is to be right with accounts and invitations. */
export const accountChecks = {
  accountPasswords: (_tables, key, value) => {
    uuidFromBytes(key);
    return decodeAccountPassword(value).startsWith('$argon2id$') ? null : 'a password is no hash';
  },
  invites: (_tables, key, value) => {
    uuidFromBytes(key);
    const { uses, usesMax } = decodeInvite(value);
    return usesMax !== 0 && uses >= usesMax
      ? 'an invitation was used more often than it may'
      : null;
  },
  joinRequests: (_tables, key, value) => {
    decodeJoinRequest(uuidFromBytes(key), value);
    return null;
  },
} as const satisfies Readonly<Record<string, EntryCheck>>;
