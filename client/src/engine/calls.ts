import type { CallInfo, Uuid } from '@rookery/schemas/messages';
import { ownSession, type Calls, type State } from './engineState.js';

/** The calls as they are after news of one; one in which nobody is any more is gone. Pure. */
export function withCall(calls: Calls, call: CallInfo): Calls {
  return call.members.length === 0
    ? withoutCall(calls, call.talkId)
    : new Map(calls).set(call.talkId, call);
}

export function withoutCall(calls: Calls, talkId: Uuid): Calls {
  const others = new Map(calls);
  others.delete(talkId);
  return others;
}

/** The call in which the own session is, or null in none. */
export function ownCall({ connection, calls }: State): CallInfo | null {
  if (connection.phase !== 'connected' && connection.phase !== 'resuming') return null;
  for (const call of calls.values()) {
    const isIn = call.members.some(({ sessionToken }) => sessionToken === connection.sessionToken);
    if (isIn) return call;
  }
  return null;
}

/** Where the own voice is heard, by the id of its key: the own call, or the own room. */
export function ownVoicePlace(state: State): Uuid | null {
  return ownCall(state)?.talkId ?? ownSession(state)?.roomId ?? null;
}

/** What somebody in the call of a talk is called, or the id of a stranger. */
export function nameInTalk({ talks }: State, talkId: Uuid, userId: Uuid): string {
  const talk = talks.find((one) => one.talkId === talkId);
  const participant = talk?.participants.find((one) => one.userId === userId);
  return participant?.displayName ?? userId;
}

/** Whether a call rings at the own user. */
export function isRinging({ connection }: State, call: CallInfo): boolean {
  return connection.phase === 'connected' && call.ringingUserIds.includes(connection.userId);
}
