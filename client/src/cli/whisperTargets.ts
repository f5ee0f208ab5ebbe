import type { Uuid } from '@rookery/schemas/messages';
import { roomPathSeparator } from '@rookery/schemas/names';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { findRoom, parseRoomPath } from '../engine/view.js';
import type { WhisperTargets } from '../engine/whisperLists.js';
import { findUserHere } from './userTarget.js';

/**
 * Finds those who are to hear a whisper. What has the path of a room is the room, all else the name
 * or id of somebody, who need not be shown and need not be there yet.
 *
 * @throws ClientError `invalidInput` for what is no room and whom nobody met, or could be several.
 */
export async function whisperTargets(
  engine: Pick<Engine, 'state' | 'talks'>,
  texts: readonly string[],
  children: 'alone' | 'withChildren',
): Promise<WhisperTargets> {
  const roomIds: Uuid[] = [];
  const userIds: Uuid[] = [];
  for (const text of texts) {
    const room = findRoom(engine.state.view, parseRoomPath(text));
    if (room !== null) roomIds.push(room.roomId);
    else if (text.includes(roomPathSeparator)) {
      throw new ClientError('invalidInput', `there is no room "${text}" to whisper to`);
    } else userIds.push(await findUserHere(engine, text));
  }
  return { roomIds, userIds, withChildren: children === 'withChildren' };
}
