import type {
  Change,
  RoomInfo,
  RoomInit,
  SessionInfo,
  StateUpdate,
  Uuid,
} from '@rookery/schemas/messages';
import { FrameType } from '@rookery/schemas/frameType';
import { normaliseName, roomNameLimits, roomPathSeparator } from '@rookery/schemas/names';
import { rootRoomId } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { ClientError } from './clientError.js';

/** What the client knows of the server: never changed in place, replaced when something changes. */
export interface View {
  readonly rooms: ReadonlyMap<Uuid, RoomInfo>;
  /** By session token. */
  readonly sessions: ReadonlyMap<number, SessionInfo>;
}

/** A room with those below it, which are sorted by name. */
export interface RoomNode {
  readonly room: RoomInfo;
  readonly path: string;
  /** Sessions in this very room. */
  readonly people: number;
  readonly children: readonly RoomNode[];
}

export const emptyView: View = { rooms: new Map(), sessions: new Map() };

/** Rooms deeper than this are not shown: a server must not be able to exhaust the stack. */
const depthMax = 128;

/**
 * The view after a message. Pure. A part that the message does not touch is the same object as
 * before, so that listeners can compare by identity.
 */
export function reduceView(view: View, message: RoomInit | StateUpdate): View {
  if (message.type === FrameType.RoomInit) {
    return {
      rooms: new Map(message.rooms.map((room) => [room.roomId, room])),
      sessions: new Map(message.sessions.map((session) => [session.sessionToken, session])),
    };
  }
  const roomChanges = message.changes.filter(isRoomChange);
  const sessionChanges = message.changes.filter(isSessionChange);
  return {
    rooms: roomChanges.length === 0 ? view.rooms : changedRooms(view.rooms, roomChanges),
    sessions:
      sessionChanges.length === 0 ? view.sessions : changedSessions(view.sessions, sessionChanges),
  };
}

/** The tree from the root down, or null before the first RoomInit. */
export function roomTree(view: View): RoomNode | null {
  const people = new Map<Uuid, number>();
  for (const { roomId } of view.sessions.values()) {
    if (roomId !== null) people.set(roomId, (people.get(roomId) ?? 0) + 1);
  }
  const children = childrenByParent(view);
  const node = (room: RoomInfo, path: string, depth: number): RoomNode => ({
    room,
    path,
    people: people.get(room.roomId) ?? 0,
    children: (depth < depthMax ? (children.get(room.roomId) ?? []) : [])
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((child) => node(child, path + roomPathSeparator + child.name, depth + 1)),
  });
  const root = view.rooms.get(rootRoomId);
  return root === undefined ? null : node(root, root.name, 1);
}

/** The room at a path as parseRoomPath() gives it, or null. */
export function findRoom(view: View, path: readonly string[]): RoomInfo | null {
  const [rootName, ...below] = path;
  const root = view.rooms.get(rootRoomId);
  if (root === undefined || root.name !== rootName) return null;
  const children = childrenByParent(view);
  let room: RoomInfo = root;
  for (const name of below) {
    const next = children.get(room.roomId)?.find((child) => child.name === name);
    if (next === undefined) return null;
    room = next;
  }
  return room;
}

/** Path of a room from the root, or null when the view does not hold the room. */
export function pathOfRoom(view: View, roomId: Uuid): string | null {
  const names: string[] = [];
  let room = view.rooms.get(roomId);
  while (room !== undefined && names.length < depthMax) {
    names.unshift(room.name);
    room = room.parentId === null ? undefined : view.rooms.get(room.parentId);
  }
  return names.length === 0 ? null : names.join(roomPathSeparator);
}

/** Sessions in a room. */
export function sessionsInRoom(view: View, roomId: Uuid): SessionInfo[] {
  return [...view.sessions.values()].filter((session) => session.roomId === roomId);
}

/**
 * Splits `Lobby/Games/Chess` into the names of its rooms, in the form in which the server keeps
 * them.
 *
 * @throws ClientError `invalidRoomPath` when one of them can be no room's name.
 */
export function parseRoomPath(text: string): string[] {
  try {
    return text.split(roomPathSeparator).map((name) => normaliseName(name, roomNameLimits));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ClientError(
      'invalidRoomPath',
      `invalid room path "${text}": write it like Lobby/Games/Chess (a ${error.message})`,
      { cause: error },
    );
  }
}

type RoomChange = Extract<Change, { kind: 'roomPut' | 'roomRemoved' }>;
type SessionChange = Exclude<Change, RoomChange>;

function isRoomChange(change: Change): change is RoomChange {
  return change.kind === 'roomPut' || change.kind === 'roomRemoved';
}

function isSessionChange(change: Change): change is SessionChange {
  return !isRoomChange(change);
}

function changedRooms(before: View['rooms'], changes: readonly RoomChange[]): View['rooms'] {
  const rooms = new Map(before);
  for (const change of changes) {
    if (change.kind === 'roomPut') rooms.set(change.room.roomId, change.room);
    else rooms.delete(change.roomId);
  }
  return rooms;
}

function changedSessions(
  before: View['sessions'],
  changes: readonly SessionChange[],
): View['sessions'] {
  const sessions = new Map(before);
  for (const change of changes) {
    if (change.kind === 'sessionPut') sessions.set(change.session.sessionToken, change.session);
    else sessions.delete(change.sessionToken);
  }
  return sessions;
}

/** The root is nobody's child, whatever a server claims, so that the tree has no cycles. */
function childrenByParent(view: View): Map<Uuid, RoomInfo[]> {
  const children = new Map<Uuid, RoomInfo[]>();
  for (const room of view.rooms.values()) {
    if (room.parentId === null || room.roomId === rootRoomId) continue;
    const siblings = children.get(room.parentId);
    if (siblings === undefined) children.set(room.parentId, [room]);
    else siblings.push(room);
  }
  return children;
}
