import type { Resync, Subscribe } from '@rookery/schemas/messages';
import { noSuchRoom } from '../state/roomTree.js';
import type { CommandContext, CommandResult } from './commandContext.js';

/** Sets the rooms of which the session is told the members, beside its own. */
export function subscribe(context: CommandContext, command: Subscribe): CommandResult {
  const { session, state, publisher } = context;
  const { roomIds } = command;
  if (roomIds.some((roomId) => state.room(roomId) === null)) return noSuchRoom();
  publisher.subscribe(session.token, roomIds);
  return { refused: false, createdId: null, listId: 0 };
}

/** Sends the session a part of its view again. */
export function resync(context: CommandContext, command: Resync): CommandResult {
  const { part, roomId } = command;
  context.publisher.resync(context.session.token, { part, roomId });
  return { refused: false, createdId: null, listId: 0 };
}
