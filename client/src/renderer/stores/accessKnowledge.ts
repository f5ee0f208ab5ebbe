import type { RemoteCommands } from '@rookery/client/bridge/remoteCommands';
import type { GroupInfo, RoleList, RoomRulesInfo, UserRole, Uuid } from '@rookery/schemas/messages';
import type { ReadAccess } from './accessSource.js';

/**
 * Reads all that decisions about a room rest on, as far as the own rights go.
 *
 * @param path the room and the rooms above it, the root last
 * @throws RemoteFault where the rules of the room itself may not be read
 */
export async function readAccess(
  { access }: RemoteCommands,
  path: readonly Uuid[],
): Promise<ReadAccess> {
  const [own, ...above] = path;
  const [ownRules, rulesAbove, groups, roles] = await Promise.all([
    access.readRules(own!),
    Promise.all(above.map((roomId) => orNull(access.readRules(roomId)))),
    Promise.all([...path, null].map((place) => orNull(access.readGroups(place)))),
    orNull(readAllRoles(access)),
  ]);
  const rules = [ownRules, ...rulesAbove].filter((one): one is RoomRulesInfo => one !== null);
  const known = groups.filter((list): list is readonly GroupInfo[] => list !== null);
  return {
    path,
    rules: new Map(rules.map((one) => [one.roomId, one])),
    groups: known.flat(),
    grants: roles?.grants ?? [],
    everyoneIs: roles?.everyoneIs ?? 'guest',
    roleOf: new Map(roles?.users.map(({ userId, role }) => [userId, role])),
    isComplete: rules.length === path.length && !groups.includes(null) && roles !== null,
  };
}

/** All pages of those who were given a role, and what roles grant. @throws RemoteFault */
export async function readAllRoles(
  access: RemoteCommands['access'],
): Promise<Pick<RoleList, 'everyoneIs' | 'grants' | 'users'>> {
  const users: UserRole[] = [];
  for (;;) {
    const page = await access.readRoles(users.at(-1)?.userId ?? null);
    users.push(...page.users);
    if (!page.hasMore || page.users.length === 0) return { ...page, users };
  }
}

async function orNull<Value>(answer: Promise<Value>): Promise<Value | null> {
  return answer.catch(() => null);
}
