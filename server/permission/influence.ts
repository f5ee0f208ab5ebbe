import { isDeepStrictEqual } from 'node:util';
import type { AclEntry, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { matches } from '@rookery/schemas/permissionDecision';
import type { PermissionBook } from './permissionBook.js';
import type { Group, PermissionChange, RoomRules, Subject } from '@rookery/schemas/permissionData';
import {
  allPermissions,
  includes,
  noPermissions,
  roomPermissions,
  type PermissionSet,
} from '@rookery/schemas/permissions';
import { isAtLeast, type Role } from '@rookery/schemas/roles';

/** Whose answers in which rooms a change can change. */
export interface Influence {
  readonly roomIds: ReadonlySet<Uuid>;
  readonly touches: (subject: Subject) => boolean;
}

/**
 * What a change can change, as the last table of docs/permissions.md has it.
 *
 * @param book before the change
 * @returns to be used before the change or right after it, which comes to the same
 */
export function influencesOf(book: PermissionBook, change: PermissionChange): Influence[] {
  switch (change.type) {
    case 'addRoom':
      return [];
    case 'moveRoom':
      if (book.path(change.roomId)[1] === change.parentId) return [];
      return [onOthersThanOwners(book, roomsFrom(book, change.roomId), () => true)];
    case 'removeRoom':
      return [{ roomIds: new Set([change.roomId]), touches: () => true }];
    case 'setRules':
      return ofRules(book, change.roomId, change.rules);
    case 'setGroup':
      return ofGroup(book, book.group(change.group.groupId), change.group);
    case 'removeGroup': {
      const group = book.group(change.groupId);
      return group === null ? [] : ofGroup(book, group, { ...group, memberIds: new Set() });
    }
    case 'setRole':
      return [ofRole(book, change.userId, change.role)];
    case 'setGrants': {
      const { role, grants } = change;
      const roomIds = reachOfGrants(book, book.roleGrants(role) ^ grants);
      return [onOthersThanOwners(book, roomIds, ({ userId }) => book.role(userId) === role)];
    }
  }
}

/** What it changes for a session that it gives a password. */
export function roomsBehindPassword(book: PermissionBook, passwordId: number): Set<Uuid> {
  return union(book, (roomId) =>
    book.rules(roomId).passwordId === passwordId ? roomsFrom(book, roomId) : [],
  );
}

/** For an owner there is nothing to change, apart from rooms and the role itself. */
function onOthersThanOwners(
  book: PermissionBook,
  roomIds: ReadonlySet<Uuid>,
  touches: (subject: Subject) => boolean,
): Influence {
  return {
    roomIds,
    touches: (subject) => book.role(subject.userId) !== 'owner' && touches(subject),
  };
}

function ofRules(book: PermissionBook, roomId: Uuid, after: RoomRules): Influence[] {
  const before = book.rules(roomId);
  const path = book.path(roomId);
  const differing = [
    ...without(before.entries, after.entries),
    ...without(after.entries, before.entries),
  ];
  const influences = differing.map((entry) =>
    onOthersThanOwners(book, reachOfEntry(book, roomId, entry), ({ userId }) =>
      matches(book, entry, path, userId),
    ),
  );
  const below = roomsFrom(book, roomId);
  if (before.inherits !== after.inherits) {
    influences.push(onOthersThanOwners(book, below, () => true));
  }
  const differs = (passes: (rules: RoomRules) => boolean): boolean =>
    passes(before) !== passes(after);
  const isLetIn = (subject: Subject): boolean =>
    differs(({ requiredRole }) => passesRole(book.role(subject.userId), requiredRole)) ||
    differs(({ passwordId }) => passwordId === null || subject.passwordIds.has(passwordId));
  const hasSameDoors =
    before.requiredRole === after.requiredRole && before.passwordId === after.passwordId;
  if (!hasSameDoors) influences.push(onOthersThanOwners(book, below, isLetIn));
  return influences;
}

function ofGroup(book: PermissionBook, before: Group | null, after: Group): Influence[] {
  const [old, now] = [before?.memberIds ?? new Set<Uuid>(), after.memberIds];
  const grantsBefore = before?.grants ?? noPermissions;
  const reached = union(book, (roomId) => {
    const isKnown = after.roomId === null || book.path(roomId).includes(after.roomId);
    return isKnown ? reachOfEntries(book, roomId, namesGroup(after.groupId)) : [];
  });
  for (const roomId of reachOfGrants(book, grantsBefore | after.grants)) reached.add(roomId);
  const cameOrWent = onOthersThanOwners(
    book,
    reached,
    ({ userId }) => old.has(userId) !== now.has(userId),
  );
  const stayed = onOthersThanOwners(
    book,
    reachOfGrants(book, grantsBefore ^ after.grants),
    ({ userId }) => old.has(userId) && now.has(userId),
  );
  return [cameOrWent, stayed];
}

function ofRole(book: PermissionBook, userId: Uuid, after: Role): Influence {
  const before = book.role(userId);
  const touches = (subject: Subject): boolean => subject.userId === userId;
  if (before === after) return { roomIds: new Set(), touches };
  if (before === 'owner' || after === 'owner') {
    return { roomIds: new Set(book.roomIds()), touches };
  }
  const differing = book.roleGrants(before) ^ book.roleGrants(after);
  const roomIds = union(book, (roomId) => {
    const { requiredRole } = book.rules(roomId);
    if (passesRole(before, requiredRole) !== passesRole(after, requiredRole)) {
      return roomsFrom(book, roomId);
    }
    const isOfOne = ({ principal }: AclEntry): boolean =>
      principal.type === 'role' && (principal.role === before || principal.role === after);
    return reachOfEntries(book, roomId, isOfOne);
  });
  for (const roomId of reachOfGrants(book, differing)) roomIds.add(roomId);
  return { roomIds, touches };
}

function passesRole(role: Role, required: Role | null): boolean {
  return required === null || isAtLeast(role, required);
}

function namesGroup(groupId: Uuid): (entry: AclEntry) => boolean {
  return ({ principal }) => principal.type === 'group' && principal.groupId === groupId;
}

/** Rooms where what roles and groups grant counts, or what follows from it. */
function reachOfGrants(book: PermissionBook, grants: PermissionSet): Set<Uuid> {
  // As an entry above the root would, if there were a room.
  const { inherits } = book.rules(rootRoomId);
  const applies = { appliesHere: inherits, appliesBelow: inherits };
  return reachOf(book, rootRoomId, applies, grants);
}

function reachOfEntries(
  book: PermissionBook,
  roomId: Uuid,
  isMeant: (entry: AclEntry) => boolean,
): Uuid[] {
  const meant = book.rules(roomId).entries.filter(isMeant);
  return meant.flatMap((entry) => [...reachOfEntry(book, roomId, entry)]);
}

function reachOfEntry(book: PermissionBook, roomId: Uuid, entry: AclEntry): Set<Uuid> {
  return reachOf(book, roomId, entry, entry.grants | entry.denies);
}

function reachOf(
  book: PermissionBook,
  roomId: Uuid,
  { appliesHere, appliesBelow }: Pick<AclEntry, 'appliesHere' | 'appliesBelow'>,
  permissions: PermissionSet,
): Set<Uuid> {
  const inheriting = appliesBelow ? [roomId] : [];
  // Rooms are appended while the loop runs, until none has others below it that inherit.
  for (const id of inheriting) {
    for (const childId of book.childIds(id)) {
      if (book.rules(childId).inherits) inheriting.push(childId);
    }
  }
  const reached = new Set([...(appliesHere ? [roomId] : []), ...inheriting.slice(1)]);
  const counts = (id: Uuid): boolean =>
    (permissions & (id === rootRoomId ? allPermissions : roomPermissions)) !== 0;
  const counted = [...reached].filter(counts);
  if (!includes(permissions, 'traverse')) return new Set(counted);
  return new Set(counted.flatMap((id) => [...roomsFrom(book, id)]));
}

/** A room and all rooms below it. */
function roomsFrom(book: PermissionBook, roomId: Uuid): Set<Uuid> {
  const roomIds = new Set([roomId]);
  // A set is walked to its end, with what is added on the way.
  for (const id of roomIds) for (const childId of book.childIds(id)) roomIds.add(childId);
  return roomIds;
}

function union(book: PermissionBook, roomsOf: (roomId: Uuid) => Iterable<Uuid>): Set<Uuid> {
  const all = new Set<Uuid>();
  for (const roomId of book.roomIds()) for (const id of roomsOf(roomId)) all.add(id);
  return all;
}

function without(entries: readonly AclEntry[], others: readonly AclEntry[]): AclEntry[] {
  return entries.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other)));
}
