import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { CommandContext } from './commandContext.js';

/** Why a session may not enter a room that is locked; null where it may, or there is none. */
export function lockRefusal(
  { state, access }: { readonly state: CommunityState; readonly access: Pick<AccessDesk, 'can'> },
  sessionToken: number,
  roomId: Uuid,
): Refusal | null {
  const room = state.room(roomId);
  const isInside = state.session(sessionToken)?.roomId === roomId;
  if (room?.isLocked !== true || isInside) return null;
  if (access.can(sessionToken, 'moveUsers', roomId)) return null;
  const text = 'The room is locked. Ask a moderator to unlock it, or to move you in.';
  return refusal(ErrorCode.RoomLocked, text);
}

/**
 * Why the sender of a message has to wait in a room with slow mode; null where it may write, and
 * has to wait from then on.
 */
export function slowModeRefusal(
  { session, state, access, moderation }: CommandContext,
  roomId: Uuid,
): Refusal | null {
  const slowModeSeconds = state.room(roomId)?.slowModeSeconds ?? 0;
  if (slowModeSeconds === 0 || access.can(session.token, 'moderateText', roomId)) return null;
  const leftMs = moderation.slowModeLeftMs(roomId, session.userId);
  if (leftMs === 0) {
    moderation.noteWritten(roomId, session.userId, slowModeSeconds);
    return null;
  }
  const text =
    `In this room everybody writes once in ${slowModeSeconds} s. ` +
    `Try again in ${Math.ceil(leftMs / 1_000)} s.`;
  return refusal(ErrorCode.SlowMode, text);
}
