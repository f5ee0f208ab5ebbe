import { FrameType } from '@rookery/schemas/frameType';
import type { RoomStreamMessage } from '@rookery/schemas/messages';
import type { PrivateRooms } from './privateRooms.js';
import { RoomKeys } from './roomKeys.js';
import type { View } from './view.js';
import type { OpeningKeys } from './voiceReceiver.js';
import { WhisperKeys } from './whisperKeys.js';

/**
 * Keys of a new session: none yet.
 *
 * @param view what the session shows when it is asked
 * @param privateRooms whose keys come from members
 */
export function newOpeningKeys(view: () => View, privateRooms: PrivateRooms): OpeningKeys {
  const room = new RoomKeys(
    (token) => view().sessions.get(token)?.roomId ?? null,
    (roomId) => privateRooms.isOpen(view(), roomId),
  );
  return { room, whisper: new WhisperKeys(), private: privateRooms };
}

/**
 * Takes a message that brings a key to open frames with.
 *
 * @param nowMs monotonic
 * @returns false where it is none
 */
export function takeOpeningKey(
  keys: OpeningKeys,
  message: RoomStreamMessage,
  nowMs: number,
): boolean {
  switch (message.type) {
    case FrameType.RoomKey:
      keys.room.addKey(message, nowMs);
      return true;
    case FrameType.WhisperKey:
      keys.whisper.addKey(message);
      return true;
    case FrameType.MemberKey:
    case FrameType.KeyShare:
      keys.private.apply(message);
      return true;
    default:
      return false;
  }
}
