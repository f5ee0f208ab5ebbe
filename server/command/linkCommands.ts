import type { LinkRooms, Listen, UnlinkRooms, Uuid } from '@rookery/schemas/messages';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';
import { inPermittedTurn } from './permittedTurn.js';

export function linkRooms(context: CommandContext, command: LinkRooms): Promise<CommandResult> {
  const { state, store } = context;
  const { firstId, secondId } = command;
  return inPermittedTurn(context, command, async () => {
    const rooms = state.planLinkRooms(firstId, secondId);
    if ('refused' in rooms) return rooms;
    if (rooms.length > 0) {
      const storing = store.rooms.links.link(firstId, secondId);
      noteLink(context, 'linkRooms', firstId, secondId);
      await storing;
    }
    return finish(context, state.linkRooms(firstId, secondId));
  });
}

export function unlinkRooms(context: CommandContext, command: UnlinkRooms): Promise<CommandResult> {
  const { state, store } = context;
  const { firstId, secondId } = command;
  return inPermittedTurn(context, command, async () => {
    const rooms = state.planUnlinkRooms(firstId, secondId);
    if ('refused' in rooms) return rooms;
    const storing = store.rooms.links.unlink(firstId, secondId);
    noteLink(context, 'unlinkRooms', firstId, secondId);
    await storing;
    return finish(context, state.unlinkRooms(firstId, secondId));
  });
}

function noteLink(
  { session, state, audit }: CommandContext,
  action: 'linkRooms' | 'unlinkRooms',
  firstId: Uuid,
  secondId: Uuid,
): void {
  const detail = `with ${state.room(secondId)?.name ?? secondId}`;
  audit.note({ action, actorId: session.userId, roomId: firstId, detail });
}

/** Sets the rooms that the session hears without being in them. */
export function listen(context: CommandContext, { roomIds }: Listen): CommandResult {
  return finish(context, context.state.listen(context.session.token, roomIds));
}
