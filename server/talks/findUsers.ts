import type { FoundUser, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import type { Users } from '../store/users.js';

/**
 * Users of a name, whatever its case: those who are there first, then who was seen last.
 *
 * @param namesakesMax as many are looked at; of a name that more have, some are not found
 */
export async function findUsers(
  users: Pick<Users, 'find' | 'named'>,
  name: string,
  isOnline: (userId: Uuid) => boolean,
  namesakesMax: number,
): Promise<FoundUser[]> {
  const found: FoundUser[] = [];
  for (const userId of await users.named(name, namesakesMax)) {
    const user = users.find(userId);
    if (user === null) continue;
    const { displayName, lastSeenMs } = user;
    found.push({ userId, displayName, online: isOnline(userId), lastSeenMs });
  }
  found.sort((a, b) => Number(b.online) - Number(a.online) || b.lastSeenMs - a.lastSeenMs);
  return found.slice(0, fieldLimits.foundUsersMax);
}
