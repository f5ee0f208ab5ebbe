import type { Uuid } from '@rookery/schemas/messages';
import { ownCall } from './calls.js';
import { ownSession, type State } from './engineState.js';
import { findRoom, parseRoomPath, pathOfRoom, type View } from './view.js';

/** Where somebody was and what they said of themselves, to be so again in another session. */
export interface Standing {
  readonly roomId: Uuid | null;
  /** Of that room; null in none. */
  readonly roomPath: string | null;
  /** Of the talk in whose call; null in none. */
  readonly callTalkId: Uuid | null;
  readonly muted: boolean;
  readonly deafened: boolean;
  readonly isRecording: boolean;
}

/** Pure. */
export function standingOf(state: State): Standing {
  const own = ownSession(state);
  const roomId = own?.roomId ?? null;
  return {
    roomId,
    roomPath: roomId === null ? null : pathOfRoom(state.view, roomId),
    callTalkId: ownCall(state)?.talkId ?? null,
    muted: own?.muted ?? false,
    deafened: own?.deafened ?? false,
    isRecording: own?.isRecording ?? false,
  };
}

/** The room itself, or the one that stands in its place now, or null where there is none. Pure. */
export function roomToReturnTo(view: View, { roomId, roomPath }: Standing): Uuid | null {
  if (roomId !== null && view.rooms.has(roomId)) return roomId;
  return roomPath === null ? null : (findRoom(view, parseRoomPath(roomPath))?.roomId ?? null);
}
