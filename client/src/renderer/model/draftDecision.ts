import type { AclEntry, GroupInfo, RoleList, RoomRulesInfo, Uuid } from '@rookery/schemas/messages';
import { defaultRoomRules, type PermissionData } from '@rookery/schemas/permissionData';
import { decide, roomDeciding, type Decision } from '@rookery/schemas/permissionDecision';
import type { Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { roles, type Role } from '@rookery/schemas/roles';
import { shownPermissions, type AccessDraft } from './accessDraft.js';

/** For whom a draft is tried out. */
export type DraftSubject =
  | { readonly type: 'user'; readonly userId: Uuid }
  /** Somebody who has that role, and is in no group. */
  | { readonly type: 'role'; readonly role: Role };

/** All that a decision about one room is made from, as far as one may read it. */
export interface AccessKnowledge {
  /** A room and the rooms above it, the root last. */
  readonly path: readonly Uuid[];
  readonly rules: ReadonlyMap<Uuid, RoomRulesInfo>;
  readonly groups: readonly GroupInfo[];
  readonly grants: RoleList['grants'];
  readonly everyoneIs: Role;
  /** Of those who were given one. */
  readonly roleOf: ReadonlyMap<Uuid, Role>;
}

/** Stands for somebody who is nobody in particular. */
const nobodyId = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

/**
 * Decides as the server does what a draft would let somebody do. Passwords count as given: a draft
 * has no session that could have given one.
 *
 * @param draft of the rules of the first room of the path
 */
export function decideDraft(
  known: AccessKnowledge,
  draft: AccessDraft,
  subject: DraftSubject,
  permission: Permission,
): Decision {
  const roomId = known.path[0] ?? rootRoomId;
  const userId = subject.type === 'user' ? subject.userId : nobodyId;
  const data = new DraftData(known, draft, subject);
  const asked = { userId, passwordIds: new Set<number>() };
  return decide(data, asked, permission, roomDeciding(permission, roomId));
}

/** What a draft lets somebody do of all that there is, and the rule behind each. Pure. */
export function decideAll(
  known: AccessKnowledge,
  draft: AccessDraft,
  subject: DraftSubject,
): ReadonlyMap<Permission, Decision> {
  return new Map(
    shownPermissions.map((permission): [Permission, Decision] => [
      permission,
      decideDraft(known, draft, subject, permission),
    ]),
  );
}

/** An entry of a room above that holds here too. */
export interface InheritedEntry {
  readonly roomId: Uuid;
  readonly entry: AclEntry;
}

/** The nearest room first, up to where one inherits nothing. Pure. */
export function inheritedEntries(
  known: Pick<AccessKnowledge, 'path' | 'rules'> | null,
  draft: AccessDraft | null,
): readonly InheritedEntry[] {
  if (known === null || draft?.inherits !== true) return [];
  const found: InheritedEntry[] = [];
  for (const roomId of known.path.slice(1)) {
    const rules = known.rules.get(roomId);
    if (rules === undefined) return found;
    for (const entry of rules.entries) if (entry.appliesBelow) found.push({ roomId, entry });
    if (!rules.inherits) return found;
  }
  return found;
}

/** @returns a room and those above it, the root last. Pure. */
export function pathOf(
  rooms: ReadonlyMap<Uuid, { readonly parentId: Uuid | null }>,
  roomId: Uuid,
): readonly Uuid[] {
  const path: Uuid[] = [];
  let next: Uuid | null = roomId;
  while (next !== null && !path.includes(next)) {
    path.push(next);
    next = rooms.get(next)?.parentId ?? null;
  }
  return path;
}

class DraftData implements PermissionData {
  constructor(
    private readonly known: AccessKnowledge,
    private readonly draft: AccessDraft,
    private readonly subject: DraftSubject,
  ) {}

  path(roomId: Uuid): Uuid[] {
    const at = this.known.path.indexOf(roomId);
    return at < 0 ? [] : this.known.path.slice(at);
  }

  rules(roomId: Uuid): typeof defaultRoomRules {
    const read = this.known.rules.get(roomId);
    if (read === undefined) return defaultRoomRules;
    const { entries, inherits } = roomId === this.known.path[0] ? this.draft : read;
    return { entries, inherits, requiredRole: read.requiredRole, passwordId: null };
  }

  role(userId: Uuid): Role {
    const { subject, known } = this;
    if (subject.type === 'role') return subject.role;
    return known.roleOf.get(userId) ?? known.everyoneIs;
  }

  roleGrants(role: Role): number {
    return this.known.grants[roles.indexOf(role)] ?? 0;
  }

  serverGroupsOf(userId: Uuid) {
    return this.known.groups
      .filter(({ roomId, members }) => roomId === null && members.some(({ id }) => id === userId))
      .map(asGroup);
  }

  group(groupId: Uuid) {
    const found = this.known.groups.find((group) => group.groupId === groupId);
    return found === undefined ? null : asGroup(found);
  }
}

function asGroup({ groupId, roomId, grants, members }: GroupInfo) {
  return { groupId, roomId, grants, memberIds: new Set(members.map(({ id }) => id)) };
}
