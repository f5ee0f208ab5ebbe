import type { AclEntry, GroupInfo, RoomInfo, RoomRulesInfo, Uuid } from '@rookery/schemas/messages';
import { namesIn, permissionSet, type Permission } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';
import type { AccessDraft } from '../../renderer/model/accessDraft.js';
import { pathOf, type AccessKnowledge } from '../../renderer/model/draftDecision.js';
import type { ConsoleApi } from './consoleApi.js';

/** All that decisions about a room rest on. */
export interface RoomAccess extends AccessKnowledge {
  /** Of the room itself. */
  readonly own: RoomRulesInfo;
  /** Of groups and users in the rules. */
  readonly names: ReadonlyMap<Uuid, string>;
}

type Names = readonly Permission[];
/** Over HTTP permissions go by their names. */
type Named<Type> = Omit<Type, 'grants' | 'denies'> & { readonly grants: Names };
type RulesAnswer = Omit<RoomRulesInfo, 'entries'> & {
  readonly entries: readonly (Named<AclEntry> & { readonly denies: Names })[];
};

/** @throws ApiError */
export async function readRoomAccess(
  api: ConsoleApi,
  rooms: ReadonlyMap<Uuid, RoomInfo>,
  roomId: Uuid,
): Promise<RoomAccess> {
  const path = pathOf(rooms, roomId);
  const [rules, groups, listed] = await Promise.all([
    Promise.all(path.map((id) => readRules(api, id))),
    Promise.all([...path, null].map((id) => readGroups(api, id))),
    api.ask<{ everyoneIs: Role; grants: readonly Names[] }>('GET', '/users'),
  ]);
  const allGroups = groups.flat();
  const named = [
    ...rules.flatMap((one) => one.names),
    ...allGroups.map(({ groupId: id, name }) => ({ id, name })),
  ];
  return {
    path,
    rules: new Map(rules.map((one) => [one.roomId, one])),
    groups: allGroups,
    grants: listed.grants.map((names) => permissionSet(names)),
    everyoneIs: listed.everyoneIs,
    // Drafts are tried out for roles alone.
    roleOf: new Map(),
    own: rules[0]!,
    names: new Map(named.map(({ id, name }) => [id, name])),
  };
}

/** @param own as they were read @throws ApiError `outdated` where somebody was faster */
export async function saveRoomAccess(
  api: ConsoleApi,
  { roomId, version, requiredRole }: RoomRulesInfo,
  { entries, inherits }: AccessDraft,
): Promise<void> {
  const named = entries.map((entry) => ({
    ...entry,
    grants: namesIn(entry.grants),
    denies: namesIn(entry.denies),
  }));
  const rules = { version, entries: named, inherits, requiredRole };
  await api.ask('PUT', `/rooms/${roomId}/rules`, rules);
}

async function readRules(api: ConsoleApi, roomId: Uuid): Promise<RoomRulesInfo> {
  const { entries, ...rest } = await api.ask<RulesAnswer>('GET', `/rooms/${roomId}/rules`);
  const plain = entries.map((entry) => ({
    ...entry,
    grants: permissionSet(entry.grants),
    denies: permissionSet(entry.denies),
  }));
  return { ...rest, entries: plain };
}

async function readGroups(api: ConsoleApi, roomId: Uuid | null): Promise<readonly GroupInfo[]> {
  const query = roomId === null ? '' : `?roomId=${roomId}`;
  const { groups } = await api.ask<{ groups: readonly Named<GroupInfo>[] }>(
    'GET',
    `/groups${query}`,
  );
  return groups.map((group) => ({ ...group, grants: permissionSet(group.grants) }));
}
