import { roomsHeardBy } from '@rookery/schemas/roomLinks';
import { nameInTalk, ownCall } from './calls.js';
import { ownSession, type State } from './engineState.js';

/**
 * Who says that they record where the own voice is heard: display names by session token, without
 * the own session. Of those alone whom the view shows. Pure.
 */
export function recordersOf(state: State): ReadonlyMap<number, string> {
  const recorders = new Map<number, string>();
  const own = ownSession(state);
  const call = ownCall(state);
  for (const { sessionToken, userId, isRecording } of call?.members ?? []) {
    if (!isRecording || sessionToken === own?.sessionToken) continue;
    recorders.set(sessionToken, nameInTalk(state, call!.talkId, userId));
  }
  const roomId = own?.roomId ?? null;
  if (own === null || roomId === null) return recorders;
  const { rooms, sessions } = state.view;
  for (const session of sessions.values()) {
    if (!session.isRecording || session.sessionToken === own.sessionToken) continue;
    if (roomsHeardBy(rooms, session).has(roomId)) {
      recorders.set(session.sessionToken, session.displayName);
    }
  }
  return recorders;
}
