import type { SessionInfo, Uuid } from '@rookery/schemas/messages';

/** Somebody, here or not. */
export interface Person {
  readonly userId: Uuid;
  readonly name: string;
  /** null where nothing is known of a session of theirs. */
  readonly session: SessionInfo | null;
}

export function personOf(session: SessionInfo): Person {
  return { userId: session.userId, name: session.displayName, session };
}

/** Somebody of whom only the id is known for sure, like the author of a message. */
export function findPerson(
  sessions: ReadonlyMap<number, SessionInfo>,
  userId: Uuid,
  name: string,
): Person {
  for (const session of sessions.values()) {
    if (session.userId === userId) return personOf(session);
  }
  return { userId, name, session: null };
}
