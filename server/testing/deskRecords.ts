import { newUuid } from '@rookery/schemas/uuid';
import { decodeAccountPassword, encodeAccountPassword } from '../store/accountPasswords.js';
import { decodeAuditEntry, encodeAuditEntry } from '../store/auditRecord.js';
import { decodeBan, encodeBan } from '../store/bans.js';
import { decodeGroup, encodeGroup } from '../store/groups.js';
import { decodeInvite, encodeInvite, type InviteRecord } from '../store/invites.js';
import { decodeJoinRequest, encodeJoinRequest } from '../store/joinRequests.js';
import { decodeReport, encodeReport } from '../store/reports.js';
import { decodeGrants, decodeRole, encodeGrants, encodeRole } from '../store/roles.js';
import { decodeRules, encodeRules, type StoredRules } from '../store/roomRules.js';
import { decodeSetting, encodeSetting } from '../store/settings.js';
import { decodeTemporaryBan, encodeTemporaryBan } from '../store/temporaryBans.js';
import { decodeModeration, encodeModeration } from '../store/userModeration.js';

/** A kind of record: what it is, a whole one, how it is read, and what it says. */
export type RecordKind = readonly [
  kind: string,
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  value: unknown,
];

const [id, ada, ben] = [newUuid(), newUuid(), newUuid()];
const atMs = 1_800_000_000_000;

const ban = {
  ...{ banId: id, userId: ada, byId: ben, reason: 'shouting \u265f' },
  ...{ range: { bytes: new Uint8Array(16).fill(3), prefixBits: 120 } },
  ...{ createdAtMs: atMs, expiresAtMs: 2 ** 48 - 1 },
};
const banForGood = { ...ban, userId: null, reason: '', expiresAtMs: null };
const shutOut = {
  of: 'address',
  ...{ banId: id, key: '2001:db8:0:0', cause: 'wrongPassword', bans: 3 },
  ...{ sinceMs: atMs, untilMs: atMs + 60_000 },
} as const;
const shutOutUser = { ...shutOut, of: 'user', key: ada, bans: 255 } as const;
const report = {
  ...{ reportId: id, roomId: ada, messageId: ben, authorId: ada, byId: ben, createdAtMs: atMs },
  ...{ text: 'Gr\u00fc\u00dfe', reason: 'spam', resolved: { atMs, byId: ada, text: 'told' } },
};
const openReport = { ...report, reason: '', resolved: null };
const entry = {
  ...{ auditId: id, isRefused: true, atMs, actorId: ada, targetId: ben, roomId: id },
  ...{ action: 'kick', detail: 'shouting' },
};
const byItself = { ...entry, isRefused: false, actorId: null, targetId: null, roomId: null };
const group = { groupId: id, roomId: ada, name: 'Staff', grants: 0, memberIds: [ada, ben] };
const groupOfServer = { ...group, roomId: null, grants: 2 ** 32 - 1, memberIds: [] };
const here = { appliesHere: true, appliesBelow: false, grants: 1, denies: 2 ** 32 - 1 };
const rules: StoredRules = {
  ...{ roomId: id, version: 7, inherits: false, requiredRole: 'moderator', passwordHash: '$a' },
  entries: [
    { principal: { type: 'everyone' }, ...here },
    { principal: { type: 'role', role: 'guest' }, ...here, appliesBelow: true },
    { principal: { type: 'group', groupId: ben }, ...here },
    { principal: { type: 'user', userId: ada }, ...here, appliesHere: false },
  ],
};
const openRules: StoredRules = {
  ...rules,
  inherits: true,
  requiredRole: null,
  passwordHash: null,
  entries: [],
};
const invite: InviteRecord = {
  ...{ role: 'moderator', usesMax: 3, uses: 2, createdMs: atMs, expiresMs: 0, createdBy: ada },
  note: 'for Ben',
};
const request = { userId: ada, displayName: 'Ada', askedMs: atMs, deniedMs: 2 ** 48 - 1 };
const kept = { muted: true, deafened: false };
const hash = '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA';

/** What is kept of who may do what, of moderation, and of accounts. */
export const deskRecords: readonly RecordKind[] = [
  ['a ban', encodeBan(ban), (bytes) => decodeBan(id, bytes), ban],
  ['a ban for good', encodeBan(banForGood), (bytes) => decodeBan(id, bytes), banForGood],
  [
    'a temporary ban',
    encodeTemporaryBan(shutOut),
    (bytes) => decodeTemporaryBan(id, bytes),
    shutOut,
  ],
  [
    'a temporary ban of a user',
    encodeTemporaryBan(shutOutUser),
    (bytes) => decodeTemporaryBan(id, bytes),
    shutOutUser,
  ],
  ['a report', encodeReport(report), (bytes) => decodeReport(id, bytes), report],
  ['an open report', encodeReport(openReport), (bytes) => decodeReport(id, bytes), openReport],
  ['an entry of the log', encodeAuditEntry(entry), (bytes) => decodeAuditEntry(id, bytes), entry],
  [
    'an entry of what the server did',
    encodeAuditEntry(byItself),
    (bytes) => decodeAuditEntry(id, bytes),
    byItself,
  ],
  ['what a user is kept from', encodeModeration(kept), decodeModeration, kept],
  ['a setting', encodeSetting('Be kind.'), decodeSetting, 'Be kind.'],
  ['a role', encodeRole('admin'), decodeRole, 'admin'],
  [
    'what a role grants',
    encodeGrants(5),
    (bytes) => decodeGrants(Uint8Array.of(1), bytes),
    { role: 'member', grants: 5 },
  ],
  ['a group', encodeGroup(group), (bytes) => decodeGroup(id, bytes), group],
  [
    'a group of the server',
    encodeGroup(groupOfServer),
    (bytes) => decodeGroup(id, bytes),
    groupOfServer,
  ],
  ['rules of a room', encodeRules(rules), (bytes) => decodeRules(id, bytes), rules],
  ['rules that say nothing', encodeRules(openRules), (bytes) => decodeRules(id, bytes), openRules],
  ['an invitation', encodeInvite(invite), decodeInvite, invite],
  [
    'a wish to be let in',
    encodeJoinRequest(request),
    (bytes) => decodeJoinRequest(ada, bytes),
    request,
  ],
  ['a password', encodeAccountPassword(hash), decodeAccountPassword, hash],
];
