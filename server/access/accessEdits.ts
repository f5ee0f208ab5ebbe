import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { AclEntry, PutGroup, SetRoomRules, Uuid } from '@rookery/schemas/messages';
import {
  namesIn,
  noPermissions,
  roomPermissions,
  serverPermissions,
  type PermissionSet,
} from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { isAtLeast, roles, type Role } from '@rookery/schemas/roles';
import { isDeepStrictEqual } from 'node:util';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { StoredRules } from '../store/roomRules.js';
import type { AccessDesk } from './accessDesk.js';

/**
 * Who may change what in whose favour, beside the permission that the command takes: nobody gives
 * what they cannot do themselves. Each says why a change is refused, or null.
 */

/** Somebody gives somebody a role. */
export function roleRefusal(
  access: AccessDesk,
  actor: Session,
  targetId: Uuid,
  role: Role,
): Refusal | null {
  const before = access.roleOf(targetId);
  const own = access.roleOf(actor.userId);
  if (!access.mayActOn(actor.userId, targetId)) {
    return notPermitted(`Their role is ${before} and yours is ${own}: you cannot change it.`);
  }
  if (own !== 'owner' && isAtLeast(role, own)) {
    return notPermitted(`Your role is ${own}: you can give roles below it, not ${role}.`);
  }
  if (before === 'owner' && role !== 'owner' && access.ownerCount <= 1) {
    const text = 'The server would have no owner any more. Make somebody else owner first.';
    return refusal(ErrorCode.NotPermitted, text);
  }
  return givenRefusal(access, actor, rootRoomId, access.grantsOf(role));
}

/** Somebody changes what a role grants. */
export function grantsRefusal(
  access: AccessDesk,
  actor: Session,
  role: Role,
  grants: PermissionSet,
): Refusal | null {
  const own = access.roleOf(actor.userId);
  if (role === 'owner') {
    return refusal(ErrorCode.InvalidField, 'Owners may do everything: nothing can be set of them.');
  }
  if (own !== 'owner' && isAtLeast(role, own)) {
    return notPermitted(`Your role is ${own}: you can change roles below it, not ${role}.`);
  }
  return givenRefusal(access, actor, rootRoomId, grants & ~access.grantsOf(role));
}

/** Somebody makes or changes a group, or takes it away (null). */
export function groupRefusal(
  access: AccessDesk,
  actor: Session,
  groupId: Uuid | null,
  after: Pick<PutGroup, 'grants' | 'memberIds'> | null,
): Refusal | null {
  const before = groupId === null ? null : access.group(groupId);
  const memberIds = new Set(before?.memberIds);
  const isJoined = after?.memberIds.some((userId) => !memberIds.has(userId)) === true;
  const isLeft = before?.memberIds.some((userId) => after?.memberIds.includes(userId) !== true);
  const grants = after?.grants ?? noPermissions;
  const given = isJoined ? grants : grants & ~(before?.grants ?? noPermissions);
  const refused = givenRefusal(access, actor, rootRoomId, given);
  if (refused !== null || groupId === null) return refused;
  for (const { roomId, entries } of access.allRules()) {
    for (const { principal, grants: granted, denies } of entries) {
      if (principal.type !== 'group' || principal.groupId !== groupId) continue;
      const gained = (isJoined ? granted : 0) | (isLeft === true ? denies : 0);
      const elsewhere = givenRefusal(access, actor, roomId, gained);
      if (elsewhere !== null) return elsewhere;
    }
  }
  return null;
}

/** Somebody changes the rules of a room. @param above the rooms above it, the nearest first */
export function rulesRefusal(
  access: AccessDesk,
  actor: Session,
  before: StoredRules,
  after: SetRoomRules,
  above: readonly Uuid[],
): Refusal | null {
  const { roomId, entries } = after;
  const own = access.roleOf(actor.userId);
  for (const required of [before.requiredRole, after.requiredRole]) {
    if (before.requiredRole === after.requiredRole || required === null) continue;
    if (isAtLeast(own, required)) continue;
    return notPermitted(`Your role is ${own}: you cannot require the role ${required}, or end it.`);
  }
  let given = noPermissions;
  for (const { grants, denies } of without(entries, before.entries)) given |= grants & ~denies;
  for (const { denies } of without(before.entries, entries)) given |= denies;
  // What holds above holds here too, from then on.
  if (after.inherits && !before.inherits) given |= grantedBy(access, reachFrom(access, above));
  return givenRefusal(access, actor, roomId, given);
}

/**
 * Somebody moves a room, with all below it, to where other rules reach it: whatever those grant is
 * given, and what the ones before denied.
 *
 * @param above the rooms above it before and after, the nearest first
 */
export function moveRefusal(
  access: AccessDesk,
  actor: Session,
  roomId: Uuid,
  above: { readonly from: readonly Uuid[]; readonly to: readonly Uuid[] },
): Refusal | null {
  const { inherits } = access.rulesOf(roomId);
  const isLeft = (id: Uuid): boolean => !above.to.includes(id);
  const hasDoor = ({ requiredRole, passwordHash }: StoredRules): boolean =>
    requiredRole !== null || passwordHash !== null;
  const doors = above.from.filter((id) => isLeft(id) && hasDoor(access.rulesOf(id)));
  if (doors.some((id) => !access.can(actor.token, 'enter', id))) {
    return notPermitted('The room is behind a role or a password that keeps you out yourself.');
  }
  let given = noPermissions;
  if (inherits) {
    const [before, after] = [reachFrom(access, above.from), reachFrom(access, above.to)];
    const isNew = ({ roomId: id }: StoredRules): boolean =>
      !before.rules.some((known) => known.roomId === id);
    const rules = after.rules.filter(isNew);
    given |= grantedBy(access, { rules, isWhole: after.isWhole && !before.isWhole });
    for (const { roomId: id, entries } of before.rules) {
      if (isLeft(id))
        for (const { appliesBelow, denies } of entries) if (appliesBelow) given |= denies;
    }
  }
  return givenRefusal(access, actor, roomId, given & roomPermissions);
}

/** Rules that reach what is below these rooms, and whether what roles and groups grant does. */
interface Reach {
  readonly rules: readonly StoredRules[];
  readonly isWhole: boolean;
}

/** @param above the nearest first */
function reachFrom(access: AccessDesk, above: readonly Uuid[]): Reach {
  const all = above.map((id) => access.rulesOf(id));
  const end = all.findIndex(({ inherits }) => !inherits);
  return end < 0 ? { rules: all, isWhole: true } : { rules: all.slice(0, end + 1), isWhole: false };
}

function grantedBy(access: AccessDesk, { rules, isWhole }: Reach): PermissionSet {
  let granted = noPermissions;
  for (const { entries } of rules) {
    for (const { appliesBelow, grants, denies } of entries) {
      if (appliesBelow) granted |= grants & ~denies;
    }
  }
  if (!isWhole) return granted & roomPermissions;
  for (const role of roles) if (role !== 'owner') granted |= access.grantsOf(role);
  for (const { grants } of access.groupsOf(null)) granted |= grants;
  return granted & roomPermissions;
}

/** Somebody lets others do what they may or may not do in a room. */
function givenRefusal(
  access: AccessDesk,
  { token }: Session,
  roomId: Uuid,
  given: PermissionSet,
): Refusal | null {
  // What is of the server is answered for the root, whatever room it is about.
  const ofServer = access.allowedIn(token, rootRoomId) & serverPermissions;
  const lacking = given & ~(access.allowedIn(token, roomId) | ofServer);
  if (lacking === noPermissions) return null;
  const names = namesIn(lacking).join(', ');
  return notPermitted(`Nobody gives what they cannot do, and you lack there: ${names}.`);
}

function notPermitted(text: string): Refusal {
  return refusal(ErrorCode.NotPermitted, text);
}

function without(entries: readonly AclEntry[], others: readonly AclEntry[]): AclEntry[] {
  return entries.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other)));
}
