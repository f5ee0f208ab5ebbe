import { roomPathSeparator } from '@rookery/schemas/names';
import { ClientError } from '../engine/clientError.js';
import { findRoom, parseRoomPath, type View } from '../engine/view.js';
import type { WhisperTargets } from '../engine/whisperLists.js';

/**
 * Finds those who are to hear a whisper. What has the path of a room is the room, all else the name
 * of somebody who is there. Pure.
 *
 * @throws ClientError `invalidInput` for who or what is not there, or could be several people.
 */
export function whisperTargets(
  view: View,
  texts: readonly string[],
  children: 'alone' | 'withChildren',
): WhisperTargets {
  const rooms = texts.map((text) => findRoom(view, parseRoomPath(text))?.roomId ?? null);
  return {
    roomIds: rooms.filter((roomId) => roomId !== null),
    userIds: texts.filter((_, i) => rooms[i] === null).map((name) => userNamed(view, name)),
    withChildren: children === 'withChildren',
  };
}

function userNamed(view: View, name: string): string {
  const found = [...view.sessions.values()].filter(({ displayName }) => displayName === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.userId;
  if (first !== undefined) {
    // Whoever of them it is not must not hear it.
    throw new ClientError('invalidInput', `${found.length} people are called "${name}"`);
  }
  throw new ClientError(
    'invalidInput',
    name.includes(roomPathSeparator)
      ? `there is no room "${name}" to whisper to`
      : `there is nobody called "${name}", and no room "${name}"`,
  );
}
