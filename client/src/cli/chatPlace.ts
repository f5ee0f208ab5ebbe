import type { Uuid } from '@rookery/schemas/messages';
import { joinRoom, requireRoom, type Session } from './session.js';
import { findUser } from './userTarget.js';

/** What a command says about where people write. */
export interface PlaceOptions {
  readonly room: readonly string[];
  /** A direct talk with this user, by name or id, in place of the room. */
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
export async function enterPlace(session: Session, { room, to }: PlaceOptions): Promise<ChatPlace> {
  if (to === undefined) {
    const { roomId } = await joinRoom(session, room);
    return { roomId, name: room.join('/'), kind: 'room' };
  }
  return await openTalk(session, to);
}

/**
 * As enterPlace(), without joining the room: what is written there can be read and changed.
 *
 * @throws ClientError `noSuchRoom`, `invalidInput`.
 */
export async function visitPlace(session: Session, { room, to }: PlaceOptions): Promise<ChatPlace> {
  if (to !== undefined) return await openTalk(session, to);
  const { engine } = session;
  const { roomId } = requireRoom(engine, room);
  await engine.watchRooms([roomId]);
  return { roomId, name: room.join('/'), kind: 'room' };
}

async function openTalk({ engine, output }: Session, to: string): Promise<ChatPlace> {
  const roomId = await engine.talks.open(await findUser(engine, to));
  output.progress({ event: 'talkOpened', talkId: roomId, with: to }, `in a talk with ${to}`);
  return { roomId, name: to, kind: 'talk' };
}
