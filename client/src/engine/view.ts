import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { normaliseName, roomNameLimits, roomPathSeparator } from '@rookery/schemas/names';
import { rootRoomId } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { SyncedView } from '@rookery/schemas/syncedView';
import { ClientError } from './clientError.js';

/**
 * What the client knows of the server. It is live: it always shows what is, and `version` tells
 * whether that changed since somebody looked.
 */
export type View = Pick<
  SyncedView,
  'version' | 'rooms' | 'sessions' | 'own' | 'showsEverybody' | 'membersOf' | 'peopleIn'
>;

/** A room with those below it, which are sorted by position and name. */
export interface RoomNode {
  readonly room: RoomInfo;
  readonly path: string;
  /** How many are in this very room. */
  readonly people: number;
  readonly children: readonly RoomNode[];
}

/** Of nothing, and never changed. */
export const emptyView: View = new SyncedView();

/** For those who look at the view now and then. */
export class ViewGlance {
  private view: View = emptyView;
  private version = emptyView.version;

  /** Whether the view is another, or has changed, since this was asked before. */
  hasChanged(view: View): boolean {
    if (view === this.view && view.version === this.version) return false;
    this.view = view;
    this.version = view.version;
    return true;
  }
}

/** Whether what is said in one of two rooms is heard in the other. */
export function areLinked(view: View, firstId: Uuid, secondId: Uuid): boolean {
  return view.rooms.get(firstId)?.linkedRoomIds.includes(secondId) ?? false;
}

/** Rooms deeper than this are not shown: a server must not be able to exhaust the stack. */
const depthMax = 128;

/** The tree from the root down, or null before the first RoomInit. */
export function roomTree(view: View): RoomNode | null {
  const children = childrenByParent(view);
  const node = (room: RoomInfo, path: string, depth: number): RoomNode => ({
    room,
    path,
    people: view.peopleIn(room.roomId),
    children: (depth < depthMax ? (children.get(room.roomId) ?? []) : [])
      .toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name))
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

/** Sessions in a room; nobody where the view is not told who is there. */
export function sessionsInRoom(view: View, roomId: Uuid): SessionInfo[] {
  return [...(view.membersOf(roomId)?.values() ?? [])];
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
