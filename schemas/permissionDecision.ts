import { rootRoomId } from './protocol.js';
import type { AclEntry, Principal, Uuid } from './messages.js';
import type { PermissionData, Subject } from './permissionData.js';
import {
  allPermissions,
  bitOf,
  includes,
  noPermissions,
  permissionsBehindDoors,
  roomPermissions,
  serverPermissions,
  type Permission,
  type PermissionSet,
} from './permissions.js';
import { isAtLeast, type Role } from './roles.js';

/** The rule that decided, for a person to be told (`ruleInWords`). */
export type Rule =
  | { readonly type: 'noSuchRoom' }
  | { readonly type: 'owner' }
  /** This room, or one above it, cannot be passed, and why. */
  | { readonly type: 'traverse'; readonly roomId: Uuid; readonly because: Rule }
  | { readonly type: 'requiredRole'; readonly roomId: Uuid; readonly role: Role }
  | { readonly type: 'password'; readonly roomId: Uuid }
  /** `index` is that of the entry in the room's list, from 0. */
  | {
      readonly type: 'entry';
      readonly roomId: Uuid;
      readonly index: number;
      readonly principal: Principal;
    }
  | { readonly type: 'notInherited'; readonly roomId: Uuid }
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'group'; readonly groupId: Uuid }
  | { readonly type: 'notGranted' };

/** An answer and what it rests on. */
export interface Decision {
  readonly allowed: boolean;
  readonly rule: Rule;
}

/** A rule with the permissions that it decides unless one before it did. */
interface Step extends Decision {
  readonly decides: PermissionSet;
}

/**
 * Decides one question by the rules in docs/permissions.md. Pure; nothing is kept.
 *
 * @returns refused, with the rule 'noSuchRoom', where there is no such room
 */
export function decide(
  data: PermissionData,
  subject: Subject,
  permission: Permission,
  roomId: Uuid,
): Decision {
  if (data.path(roomId).length === 0) return { allowed: false, rule: { type: 'noSuchRoom' } };
  const { allowed, rule } = decidingStep(
    stepsIn(data, subject, roomDeciding(permission, roomId)),
    permission,
  );
  // Whoever asks why a room is hidden wants to know that at once.
  const isItself = permission === 'traverse' && rule.type === 'traverse' && rule.roomId === roomId;
  return { allowed, rule: isItself ? rule.because : rule };
}

/** The room for which a permission is answered: the root, where it is one of the server. */
export function roomDeciding(permission: Permission, roomId: Uuid): Uuid {
  return includes(serverPermissions, permission) ? rootRoomId : roomId;
}

/**
 * All that somebody may do in a room. Those of the server are in the answer for the root only.
 *
 * @returns nothing, where there is no such room
 */
export function allowedIn(data: PermissionData, subject: Subject, roomId: Uuid): PermissionSet {
  if (data.path(roomId).length === 0) return noPermissions;
  let allowed = noPermissions;
  let open = roomId === rootRoomId ? allPermissions : roomPermissions;
  for (const step of stepsIn(data, subject, roomId)) {
    if (step.allowed) allowed |= step.decides & open;
    open &= ~step.decides;
  }
  return allowed;
}

/**
 * Whether an entry of a room is for somebody. A group of a room is known in that room and below.
 *
 * @param path of the room that has the entry
 */
export function matches(
  data: PermissionData,
  { principal }: AclEntry,
  path: readonly Uuid[],
  userId: Uuid,
): boolean {
  switch (principal.type) {
    case 'everyone':
      return true;
    case 'role':
      return data.role(userId) === principal.role;
    case 'user':
      return principal.userId === userId;
    case 'group': {
      const group = data.group(principal.groupId);
      if (group === null || !group.memberIds.has(userId)) return false;
      return group.roomId === null || path.includes(group.roomId);
    }
  }
}

/** The rules in the order in which they are asked; the last one answers whatever is left. */
function stepsIn(data: PermissionData, subject: Subject, roomId: Uuid): Step[] {
  if (data.role(subject.userId) === 'owner') {
    return [{ decides: allPermissions, allowed: true, rule: { type: 'owner' } }];
  }
  const fromRoot = data.path(roomId).reverse();
  return [
    ...traverseSteps(data, subject, fromRoot),
    ...doorSteps(data, subject, fromRoot),
    ...grantSteps(data, subject, roomId),
  ];
}

/** At most one: what is below a room that cannot be passed is not looked at. */
function traverseSteps(data: PermissionData, subject: Subject, fromRoot: Uuid[]): Step[] {
  for (const roomId of fromRoot) {
    const { allowed, rule } = decidingStep(grantSteps(data, subject, roomId), 'traverse');
    if (allowed) continue;
    const because = { type: 'traverse', roomId, because: rule } as const;
    return [{ decides: roomPermissions, allowed: false, rule: because }];
  }
  return [];
}

/** Required roles, then passwords, each from the root down. */
function doorSteps(data: PermissionData, subject: Subject, fromRoot: Uuid[]): Step[] {
  const door = { decides: permissionsBehindDoors, allowed: false };
  const role = data.role(subject.userId);
  const [roleSteps, passwordSteps]: [Step[], Step[]] = [[], []];
  for (const roomId of fromRoot) {
    const { requiredRole, passwordId } = data.rules(roomId);
    if (requiredRole !== null && !isAtLeast(role, requiredRole)) {
      roleSteps.push({ ...door, rule: { type: 'requiredRole', roomId, role: requiredRole } });
    }
    if (passwordId !== null && !subject.passwordIds.has(passwordId)) {
      passwordSteps.push({ ...door, rule: { type: 'password', roomId } });
    }
  }
  return [...roleSteps, ...passwordSteps];
}

/** Entries from the room up to where it ends, then what roles and groups grant. */
function grantSteps(data: PermissionData, subject: Subject, roomId: Uuid): Step[] {
  const path = data.path(roomId);
  const steps: Step[] = [];
  for (let i = 0; i < path.length; i++) {
    const owner = path.slice(i);
    const applies = i === 0 ? 'appliesHere' : 'appliesBelow';
    steps.push(...entrySteps(data, subject, owner, applies));
    if (data.rules(path[i]!).inherits) continue;
    const rule = { type: 'notInherited', roomId: path[i]! } as const;
    return [...steps, { decides: allPermissions, allowed: false, rule }];
  }
  const role = data.role(subject.userId);
  steps.push({ decides: data.roleGrants(role), allowed: true, rule: { type: 'role', role } });
  for (const { groupId, grants } of data.serverGroupsOf(subject.userId)) {
    steps.push({ decides: grants, allowed: true, rule: { type: 'group', groupId } });
  }
  return [...steps, { decides: allPermissions, allowed: false, rule: { type: 'notGranted' } }];
}

/** The entries of the first room of a path: all that deny before all that grant. */
function entrySteps(
  data: PermissionData,
  { userId }: Subject,
  path: readonly Uuid[],
  applies: 'appliesHere' | 'appliesBelow',
): Step[] {
  const roomId = path[0]!;
  const [denying, granting]: [Step[], Step[]] = [[], []];
  for (const [index, entry] of data.rules(roomId).entries.entries()) {
    if (!entry[applies] || !matches(data, entry, path, userId)) continue;
    const rule = { type: 'entry', roomId, index, principal: entry.principal } as const;
    denying.push({ decides: entry.denies, allowed: false, rule });
    granting.push({ decides: entry.grants, allowed: true, rule });
  }
  return [...denying, ...granting];
}

function decidingStep(steps: readonly Step[], permission: Permission): Step {
  return steps.find(({ decides }) => (decides & bitOf(permission)) !== 0)!;
}
