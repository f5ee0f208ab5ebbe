import type { SessionInfo, TalkInfo, Uuid } from '@rookery/schemas/messages';
import { roles, type Role } from '@rookery/schemas/roles';

/**
 * Of whom a heading tells: in a room those of a role, all where roles are not known, or who only
 * listens; in a talk who is here, and who is not.
 */
export type MemberGroup = Role | 'all' | 'listeners' | 'here' | 'away';

/** A line of the panel of members. */
export type MemberRow =
  | {
      readonly kind: 'heading';
      readonly key: string;
      readonly group: MemberGroup;
      readonly count: number;
    }
  | { readonly kind: 'person'; readonly key: string; readonly session: SessionInfo }
  | {
      readonly kind: 'absent';
      readonly key: string;
      readonly userId: Uuid;
      readonly displayName: string;
    };

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

/**
 * Who takes part in a talk: those of whom a session is known, then the others. Pure.
 *
 * @param wanted a part of their names
 */
export function talkMemberRows(
  participants: TalkInfo['participants'],
  sessions: Iterable<SessionInfo>,
  wanted: string,
): readonly MemberRow[] {
  const part = wanted.trim().toLocaleLowerCase();
  const byUser = new Map<Uuid, SessionInfo>();
  for (const session of sessions) byUser.set(session.userId, session);
  const rows = participants
    .map(({ userId, displayName }): MemberRow & { readonly name: string } => {
      const session = byUser.get(userId);
      if (session !== undefined) return { ...personRow(session), name: session.displayName };
      return { kind: 'absent', key: `user ${userId}`, userId, displayName, name: displayName };
    })
    .filter(({ name }) => name.toLocaleLowerCase().includes(part))
    .sort((a, b) => byName.compare(a.name, b.name));
  return (['here', 'away'] as const).flatMap((group) => {
    const people = rows.filter(({ kind }) => (kind === 'person') === (group === 'here'));
    if (people.length === 0) return [];
    return [{ kind: 'heading', key: group, group, count: people.length } as const, ...people];
  });
}

function personRow(session: SessionInfo): MemberRow & { readonly kind: 'person' } {
  return { kind: 'person', key: `session ${session.sessionToken}`, session };
}
