import type { AclEntry, Principal, RoomRulesInfo } from '@rookery/schemas/messages';
import { bitOf, includes, noPermissions, type Permission } from '@rookery/schemas/permissions';

/** What is to be said in a room of who may do what; never changed in place. */
export interface AccessDraft {
  readonly entries: readonly AclEntry[];
  readonly inherits: boolean;
}

/** What an entry says of a permission. */
export type Say = 'grants' | 'denies' | 'nothing';

/** In the order in which a key goes through them. */
const says: readonly Say[] = ['nothing', 'grants', 'denies'];

export function draftOfRules({ entries, inherits }: RoomRulesInfo): AccessDraft {
  return { entries, inherits };
}

export function sayOf(entry: AclEntry, permission: Permission): Say {
  if (includes(entry.denies, permission)) return 'denies';
  return includes(entry.grants, permission) ? 'grants' : 'nothing';
}

export function nextSay(say: Say): Say {
  return says[(says.indexOf(say) + 1) % says.length]!;
}

/** @returns the entry that says that of the permission, and of others what it did */
export function withSay(entry: AclEntry, permission: Permission, say: Say): AclEntry {
  const others = ~bitOf(permission);
  const bit = bitOf(permission);
  return {
    ...entry,
    grants: (entry.grants & others) | (say === 'grants' ? bit : 0),
    denies: (entry.denies & others) | (say === 'denies' ? bit : 0),
  };
}

export function withEntry(draft: AccessDraft, at: number, entry: AclEntry): AccessDraft {
  return { ...draft, entries: draft.entries.with(at, entry) };
}

export function withoutEntry(draft: AccessDraft, at: number): AccessDraft {
  return { ...draft, entries: draft.entries.toSpliced(at, 1) };
}

/** @returns the same draft where the entry is at that end already */
export function movedEntry(draft: AccessDraft, at: number, by: -1 | 1): AccessDraft {
  const to = at + by;
  const entry = draft.entries[at];
  if (entry === undefined || to < 0 || to >= draft.entries.length) return draft;
  return { ...draft, entries: draft.entries.toSpliced(at, 1).toSpliced(to, 0, entry) };
}

/** A new entry at the end, which says nothing yet. */
export function withNewEntry(draft: AccessDraft, principal: Principal): AccessDraft {
  const entry: AclEntry = {
    ...{ principal, appliesHere: true, appliesBelow: true },
    ...{ grants: noPermissions, denies: noPermissions },
  };
  return { ...draft, entries: [...draft.entries, entry] };
}

/** Names whom an entry is for, the same for the same. */
export function principalKey(principal: Principal): string {
  switch (principal.type) {
    case 'everyone':
      return 'everyone';
    case 'role':
      return `role ${principal.role}`;
    case 'group':
      return `group ${principal.groupId}`;
    case 'user':
      return `user ${principal.userId}`;
  }
}

export function isSameDraft(one: AccessDraft, other: AccessDraft): boolean {
  return one.inherits === other.inherits && textOf(one.entries) === textOf(other.entries);
}

function textOf(entries: readonly AclEntry[]): string {
  return entries
    .map(({ principal, appliesHere, appliesBelow, grants, denies }) =>
      [principalKey(principal), appliesHere, appliesBelow, grants, denies].join(' '),
    )
    .join('\n');
}

/** Permissions of rooms by what they are about, in the order in which a table shows them. */
export const permissionGroups: readonly {
  readonly name: 'presence' | 'text' | 'rooms' | 'people' | 'server';
  readonly permissions: readonly Permission[];
}[] = [
  {
    name: 'presence',
    permissions: [
      ...(['traverse', 'enter', 'speak', 'whisper', 'listen'] as const),
      ...(['prioritySpeaker', 'record'] as const),
    ],
  },
  { name: 'text', permissions: ['text', 'upload', 'react', 'moderateText'] },
  {
    name: 'rooms',
    permissions: [
      ...(['createRoom', 'createTemporaryRoom', 'editRoom', 'moveRoom'] as const),
      ...(['deleteRoom', 'link', 'editAcl'] as const),
    ],
  },
  { name: 'people', permissions: ['muteOthers', 'deafenOthers', 'moveUsers'] },
  {
    name: 'server',
    permissions: [
      ...(['kick', 'ban', 'register'] as const),
      ...(['manageInvites', 'viewAddresses', 'administer'] as const),
    ],
  },
];

/** All of them, in that order. */
export const shownPermissions: readonly Permission[] = permissionGroups.flatMap(
  (group) => group.permissions,
);
