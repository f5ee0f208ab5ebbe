import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { TalkInfo, Uuid } from '@rookery/schemas/messages';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { joinRoom, requireRoom, type Session } from './session.js';
import { talksCalled } from './talkTarget.js';
import { findUser } from './userTarget.js';

/** What a command says about where people write. */
export interface PlaceOptions {
  readonly room: readonly string[];
  readonly roomPassword?: string;
  /**
   * In place of the room: the direct talk with this user, or a group talk that one takes part in;
   * by name or id.
   */
  readonly to?: string;
}

/** Where people write. */
export interface ChatPlace {
  /** Of the room, or of the talk. */
  readonly roomId: Uuid;
  /** The path of the room, or who the talk is with. */
  readonly name: string;
  readonly kind: 'room' | 'talk';
}

/**
 * Joins the room, or opens the talk; for a talk one stays where one is.
 *
 * @throws ClientError `noSuchRoom`, `invalidInput`.
 */
export async function enterPlace(session: Session, options: PlaceOptions): Promise<ChatPlace> {
  const { room, roomPassword, to } = options;
  if (to !== undefined) return openTalk(session, to);
  const { roomId } = await joinRoom(session, room, roomPassword);
  return placeOfRoom(room, roomId);
}

/**
 * As enterPlace(), without joining the room: what is written there can be read and changed.
 *
 * @throws ClientError `noSuchRoom`, `invalidInput`.
 */
export async function visitPlace(session: Session, options: PlaceOptions): Promise<ChatPlace> {
  const { room, roomPassword, to } = options;
  if (to !== undefined) return openTalk(session, to);
  const { roomId } = requireRoom(session.engine, room);
  if (roomPassword) await session.engine.access.enterPassword(roomId, roomPassword);
  await session.engine.watchRooms([roomId]);
  return placeOfRoom(room, roomId);
}

function placeOfRoom(path: readonly string[], roomId: Uuid): ChatPlace {
  return { roomId, name: path.join('/'), kind: 'room' };
}

/**
 * Opens the talk with a user, or finds a group talk. @param to name or id.
 *
 * @throws ClientError `invalidInput`.
 */
export async function openTalk({ engine, output }: Session, to: string): Promise<ChatPlace> {
  const group = await findGroup(engine, to);
  const roomId = group?.talkId ?? (await engine.talks.open(await findUser(engine, to)));
  output.progress({ event: 'talkOpened', talkId: roomId, with: to }, `in a talk with ${to}`);
  return { roomId, name: to, kind: 'talk' };
}

/** A group talk that one takes part in; anybody may give a group the name of somebody. */
async function findGroup(engine: Engine, nameOrId: string): Promise<TalkInfo | null> {
  const groups = talksCalled(engine, nameOrId).filter(({ type }) => type === RoomType.Group);
  const [first] = groups;
  if (first === undefined || first.talkId === nameOrId) return first ?? null;
  const users = await engine.talks.findUsers(nameOrId);
  if (groups.length === 1 && users.length === 0) return first;
  const ids = [...groups.map(({ talkId }) => talkId), ...users.map(({ userId }) => userId)];
  const text = `several people or talks are called "${nameOrId}"; give the id of one:`;
  throw new ClientError('invalidInput', `${text} ${ids.join(', ')}`);
}
