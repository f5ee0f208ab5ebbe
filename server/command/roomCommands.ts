import type {
  CommandMessage,
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
import { moveRefusal } from '../access/accessEdits.js';
import { lockRefusal } from './calmRooms.js';
import { finish, type CommandContext, type CommandResult } from './commandContext.js';
import { inPermittedTurn } from './permittedTurn.js';

export function createRoom(context: CommandContext, command: CreateRoom): Promise<CommandResult> {
  const { state } = context;
  const { parentId, name, isTemporary } = command;
  const roomId = newUuid();
  const lasts = isTemporary ? 'whileInUse' : 'forGood';
  return putRoom(
    context,
    command,
    'createRoom',
    () => state.planCreateRoom(roomId, parentId, name, lasts),
    () => state.createRoom(roomId, parentId, name, lasts),
    roomId,
  );
}

export function renameRoom(context: CommandContext, command: RenameRoom): Promise<CommandResult> {
  const { state } = context;
  const { roomId, name } = command;
  return putRoom(
    context,
    command,
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
    command,
    'setRoomVoice',
    () => state.planRoomVoice(command.roomId, command),
    () => state.setRoomVoice(command.roomId, command),
  );
}

export function moveRoom(context: CommandContext, command: MoveRoom): Promise<CommandResult> {
  const { state, access, session } = context;
  const { roomId, parentId } = command;
  const plan = (): RoomInfo | Refusal => {
    const planned = state.planMoveRoom(roomId, parentId);
    if ('refused' in planned) return planned;
    const from = state.roomsAbove(roomId);
    const to = [parentId, ...state.roomsAbove(parentId)];
    return moveRefusal(access, session, roomId, { from, to }) ?? planned;
  };
  return putRoom(context, command, 'moveRoom', plan, () => state.moveRoom(roomId, parentId));
}

export function editRoom(context: CommandContext, command: EditRoom): Promise<CommandResult> {
  const { state } = context;
  return putRoom(
    context,
    command,
    'editRoom',
    () => state.planEditRoom(command.roomId, command),
    () => state.editRoom(command.roomId, command),
  );
}

export function deleteRoom(context: CommandContext, command: DeleteRoom): Promise<CommandResult> {
  const { session, audit } = context;
  const { roomId } = command;
  return inPermittedTurn(context, command, () =>
    takeRoomAway(context, roomId, {
      note: ({ name }) => {
        audit.note({ action: 'deleteRoom', actorId: session.userId, roomId, detail: name });
      },
      beforeMembersMove: (parentId) => {
        for (const token of [...context.state.members(roomId)]) {
          if (mayEnter(context, token, parentId)) continue;
          finish(context, context.state.leaveRoom(token));
        }
      },
    }),
  );
}

/** Whoever may not enter the room above is in no room when one is deleted. */
function mayEnter(context: CommandContext, sessionToken: number, roomId: Uuid): boolean {
  const isLocked = lockRefusal(context, sessionToken, roomId) !== null;
  return !isLocked && context.access.can(sessionToken, 'enter', roomId);
}

/** What taking a room away needs. */
export type RoomRemovalContext = Pick<CommandContext, 'state' | 'store' | 'publisher'>;

/** What is done on the way. */
interface RemovalSteps {
  /** Is told of the room where it goes, in the turn in which that is committed. */
  readonly note?: (room: RoomInfo) => void;
  /** Called when it goes, with the room into which its members are moved then. */
  readonly beforeMembersMove?: (parentId: Uuid) => void;
}

/**
 * Takes a room away, with all that was written in it, as one of the changes of the room tree.
 *
 * @throws ServerError of the store, by the promise; the room is still there then
 */
export async function takeRoomAway(
  context: RoomRemovalContext,
  roomId: Uuid,
  { note, beforeMembersMove }: RemovalSteps = {},
): Promise<CommandResult> {
  const { state, store } = context;
  const planned = state.planDeleteRoom(roomId);
  if ('refused' in planned) return planned;
  const removed = store.rooms.remove(roomId);
  // In the same turn, so that all of it goes at once.
  const rules = [store.roomRules.remove(roomId), store.groups.removeOf(roomId)];
  note?.(planned);
  await Promise.all([removed, ...rules]);
  store.messages.forgetRoom(roomId);
  if (planned.parentId !== null) beforeMembersMove?.(planned.parentId);
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
  command: CommandMessage,
  action: AuditAction,
  plan: () => RoomInfo | Refusal,
  carryOut: () => Outcome,
  createdId: string | null = null,
): Promise<CommandResult> {
  const { session, state, store, audit, wallClockMs } = context;
  return inPermittedTurn(context, command, async () => {
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
