import type { SessionInfo, Uuid } from '@rookery/schemas/messages';
import { roles, type Role } from '@rookery/schemas/roles';

/** Of whom a heading tells: those of a role, all where roles are not known, or who only listens. */
export type MemberGroup = Role | 'all' | 'listeners';

/** A line of the panel of members. */
export type MemberRow =
  | {
      readonly kind: 'heading';
      readonly key: string;
      readonly group: MemberGroup;
      readonly count: number;
    }
  | { readonly kind: 'person'; readonly key: string; readonly session: SessionInfo };

const byName = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/**
 * Who is in a room, the highest roles first, and who hears it from elsewhere. Pure.
 *
 * @param roleOf null where it is not known
 */
export function memberRows(
  sessions: Iterable<SessionInfo>,
  roomId: Uuid,
  roleOf: (userId: Uuid) => Role | null,
  wanted: string,
): readonly MemberRow[] {
  const part = wanted.trim().toLocaleLowerCase();
  const groups = new Map<MemberGroup, SessionInfo[]>();
  const inside: SessionInfo[] = [];
  for (const session of sessions) {
    const isInside = session.roomId === roomId;
    if (!isInside && !session.listeningTo.includes(roomId)) continue;
    if (part !== '' && !session.displayName.toLocaleLowerCase().includes(part)) continue;
    if (isInside) inside.push(session);
    else groups.set('listeners', [...(groups.get('listeners') ?? []), session]);
  }
  const areKnown = inside.every(({ userId }) => roleOf(userId) !== null);
  for (const session of inside) {
    const group = (areKnown ? roleOf(session.userId) : null) ?? 'all';
    const people = groups.get(group);
    if (people === undefined) groups.set(group, [session]);
    else people.push(session);
  }
  return [...[...roles].reverse(), 'all' as const, 'listeners' as const].flatMap((group) => {
    const people = groups.get(group) ?? [];
    if (people.length === 0) return [];
    people.sort((a, b) => byName.compare(a.displayName, b.displayName));
    const heading: MemberRow = { kind: 'heading', key: group, group, count: people.length };
    return [heading, ...people.map(personRow)];
  });
}

function personRow(session: SessionInfo): MemberRow {
  return { kind: 'person', key: `session ${session.sessionToken}`, session };
}
