import type { AclEntry, GroupInfo, RoomInfo, RoomRulesInfo, Uuid } from '@rookery/schemas/messages';
import { namesIn, permissionSet, type Permission } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';
import type { AccessDraft } from '../../renderer/model/accessDraft.js';
import { pathOf } from '../../renderer/model/draftDecision.js';
import type { AccessSource, ReadAccess } from '../../renderer/stores/accessSource.js';
import type { ConsoleApi } from './consoleApi.js';

type Names = readonly Permission[];
/** Over HTTP permissions go by their names. */
type Named<Type> = Omit<Type, 'grants' | 'denies'> & { readonly grants: Names };
type RulesAnswer = Omit<RoomRulesInfo, 'entries'> & {
  readonly entries: readonly (Named<AclEntry> & { readonly denies: Names })[];
};

/** Rules of a room over HTTP: every promise rejects with an ApiError. */
export function roomAccessSource(
  api: ConsoleApi,
  directory: {
    readonly roomsById: ReadonlyMap<Uuid, RoomInfo>;
    readonly roomName: (roomId: Uuid) => string;
  },
  roomId: Uuid,
): AccessSource {
  return {
    read: () => readAccess(api, pathOf(directory.roomsById, roomId)),
    readRules: () => readRules(api, roomId),
    save: (own, draft) => saveRules(api, own, draft),
    roomName: directory.roomName,
    // Who has which role is not read here.
    explain: null,
  };
}

async function readAccess(api: ConsoleApi, path: readonly Uuid[]): Promise<ReadAccess> {
  const [rules, groups, listed] = await Promise.all([
    Promise.all(path.map((id) => readRules(api, id))),
    Promise.all([...path, null].map((id) => readGroups(api, id))),
    api.ask<{ everyoneIs: Role; grants: readonly Names[] }>('GET', '/users'),
  ]);
  return {
    path,
    rules: new Map(rules.map((one) => [one.roomId, one])),
    groups: groups.flat(),
    grants: listed.grants.map((names) => permissionSet(names)),
    everyoneIs: listed.everyoneIs,
    // Drafts are tried out for roles alone.
    roleOf: new Map(),
    isComplete: true,
  };
}

async function saveRules(
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
