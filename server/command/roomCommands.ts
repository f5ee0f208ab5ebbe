import type {
  CreateRoom,
  DeleteRoom,
  EditRoom,
  JoinRoom,
  MoveRoom,
  RenameRoom,
  RoomInfo,
  SetRoomVoice,
  Uuid,
} from '@rookery/schemas/messages';
import { newUuid } from '@rookery/schemas/uuid';
import type { Outcome, Refusal } from '../state/outcome.js';
import type { AuditAction } from '../moderation/auditAction.js';
import { roomChangeWords } from '../moderation/roomChangeWords.js';
import { lockRefusal } from './calmRooms.js';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';

export function createRoom(
  context: CommandContext,
  { parentId, name, isTemporary }: CreateRoom,
): Promise<CommandResult> {
  const { state } = context;
  const roomId = newUuid();
  const lasts = isTemporary ? 'whileInUse' : 'forGood';
  return putRoom(
    context,
    'createRoom',
    () => state.planCreateRoom(roomId, parentId, name, lasts),
    () => state.createRoom(roomId, parentId, name, lasts),
    roomId,
  );
}

export function renameRoom(
  context: CommandContext,
  { roomId, name }: RenameRoom,
): Promise<CommandResult> {
  const { state } = context;
  return putRoom(
    context,
    'renameRoom',
    () => state.planRenameRoom(roomId, name),
    () => state.renameRoom(roomId, name),
  );
}

export function setRoomVoice(
  context: CommandContext,
  command: SetRoomVoice,
): Promise<CommandResult> {
  const { state } = context;
  return putRoom(
    context,
    'setRoomVoice',
    () => state.planRoomVoice(command.roomId, command),
    () => state.setRoomVoice(command.roomId, command),
  );
}

export function moveRoom(
  context: CommandContext,
  { roomId, parentId }: MoveRoom,
): Promise<CommandResult> {
  const { state } = context;
  return putRoom(
    context,
    'moveRoom',
    () => state.planMoveRoom(roomId, parentId),
    () => state.moveRoom(roomId, parentId),
  );
}

export function editRoom(context: CommandContext, command: EditRoom): Promise<CommandResult> {
  const { state } = context;
  return putRoom(
    context,
    'editRoom',
    () => state.planEditRoom(command.roomId, command),
    () => state.editRoom(command.roomId, command),
  );
}

export function deleteRoom(
  context: CommandContext,
  { roomId }: DeleteRoom,
): Promise<CommandResult> {
  const { session, audit, roomChanges } = context;
  return roomChanges.inTurn(() =>
    takeRoomAway(context, roomId, ({ name }) => {
      audit.note({ action: 'deleteRoom', actorId: session.userId, roomId, detail: name });
    }),
  );
}

/** What taking a room away needs. */
export type RoomRemovalContext = Pick<CommandContext, 'state' | 'store' | 'publisher'>;

/**
 * Takes a room away, with all that was written in it, as one of the changes of the room tree.
 *
 * @param note is told of the room where it goes, in the turn in which that is committed
 * @throws ServerError of the store, by the promise; the room is still there then
 */
export async function takeRoomAway(
  context: RoomRemovalContext,
  roomId: Uuid,
  note: (room: RoomInfo) => void = () => undefined,
): Promise<CommandResult> {
  const { state, store } = context;
  const planned = state.planDeleteRoom(roomId);
  if ('refused' in planned) return planned;
  const removed = store.rooms.remove(roomId);
  // In the same turn, so that all of it goes at once.
  const rules = [store.roomRules.remove(roomId), store.groups.removeOf(roomId)];
  note(planned);
  await Promise.all([removed, ...rules]);
  store.messages.forgetRoom(roomId);
  return finish(context, state.deleteRoom(roomId));
}

export function joinRoom(context: CommandContext, { roomId }: JoinRoom): CommandResult {
  const { token } = context.session;
  const refused = lockRefusal(context, token, roomId);
  return refused ?? finish(context, context.state.joinRoom(token, roomId));
}

export function leaveRoom(context: CommandContext): CommandResult {
  return finish(context, context.state.leaveRoom(context.session.token));
}

/** Plans a change, writes the room down as it will be, and carries the change out. */
function putRoom(
  context: CommandContext,
  action: AuditAction,
  plan: () => RoomInfo | Refusal,
  carryOut: () => Outcome,
  createdId: string | null = null,
): Promise<CommandResult> {
  const { session, state, store, audit, roomChanges, wallClockMs } = context;
  return roomChanges.inTurn(async () => {
    const room = plan();
    if ('refused' in room) return room;
    const before = state.room(room.roomId);
    if (room !== before) {
      const storing = store.rooms.put(room, wallClockMs());
      const detail = roomChangeWords(before, room);
      audit.note({ action, actorId: session.userId, roomId: room.roomId, detail });
      await storing;
    }
    return finish(context, carryOut(), createdId);
  });
}
