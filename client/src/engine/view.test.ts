import { FrameType } from '@rookery/schemas/frameType';
import type { RoomInfo, SessionInfo, TreeChange } from '@rookery/schemas/messages';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { SyncedView } from '@rookery/schemas/syncedView';
import { describe, expect, it } from 'vitest';
import {
  emptyView,
  findRoom,
  parseRoomPath,
  pathOfRoom,
  roomTree,
  sessionsInRoom,
  ViewGlance,
} from './view.js';

const lobby: RoomInfo = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };
const room = (n: number, name: string, parentId = rootRoomId): RoomInfo => ({
  roomId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  parentId,
  name,
  ...defaultRoom,
});
const games = room(1, 'Games');
const chess = room(2, 'Chess', games.roomId);
const music = room(3, 'Music');

const session = (sessionToken: number, roomId: string | null): SessionInfo => ({
  ...defaultSession,
  sessionToken,
  userId: room(100 + sessionToken, '').roomId,
  displayName: `user ${sessionToken}`,
  roomId,
});

function viewWith(...changes: TreeChange[]): SyncedView {
  const view = new SyncedView();
  const rooms = [lobby, music, games, chess];
  view.apply({ type: FrameType.RoomInit, rooms, memberCounts: [0, 5, 0, 9] }, null);
  const members = [session(1, chess.roomId), session(3, chess.roomId)];
  view.apply({ type: FrameType.RoomMembers, roomId: chess.roomId, members }, null);
  view.apply({ type: FrameType.StateUpdate, changes }, null);
  return view;
}

const start = viewWith();

describe('a glance at a view', () => {
  it('sees a change once, and another view', () => {
    const glance = new ViewGlance();
    const view = new SyncedView();
    const look = () => glance.hasChanged(view);
    expect(glance.hasChanged(emptyView)).toBe(false);
    expect([look(), look()]).toEqual([true, false]);
    view.apply({ type: FrameType.Presence, everybody: true }, null);
    expect([look(), look()]).toEqual([true, false]);
    expect(glance.hasChanged(emptyView)).toBe(true);
  });
});

describe('roomTree', () => {
  it('nests rooms under their parents, by name, and counts the people in each', () => {
    const tree = roomTree(start);
    expect(tree).toMatchObject({ path: 'Lobby', people: 0 });
    expect(tree?.children).toMatchObject([
      { path: 'Lobby/Games', people: 0 },
      // Nobody told who is there, but how many are.
      { path: 'Lobby/Music', people: 5 },
    ]);
    expect(tree?.children[0]?.children).toMatchObject([{ path: 'Lobby/Games/Chess', people: 2 }]);
  });

  it('puts rooms in the order of their positions, then by name', () => {
    const [first, second] = [room(8, 'Zoo', rootRoomId), room(9, 'Ark', rootRoomId)];
    const tree = roomTree(
      viewWith(
        { kind: 'roomPut', room: { ...first, position: 1 } },
        { kind: 'roomPut', room: { ...second, position: 1 } },
      ),
    );
    const names = tree?.children.map((child) => child.room.name);
    expect(names).toEqual(['Games', 'Music', 'Ark', 'Zoo']);
  });

  it('is null before the first RoomInit', () => {
    expect(roomTree(emptyView)).toBeNull();
  });

  it('survives rooms that are their own ancestors, and trees of any depth', () => {
    const looped = viewWith(
      { kind: 'roomPut', room: { ...lobby, parentId: chess.roomId } },
      { kind: 'roomPut', room: { ...games, parentId: chess.roomId } },
    );
    expect(roomTree(looped)?.children.map(({ room: { name } }) => name)).toEqual([music.name]);
    expect(pathOfRoom(looped, games.roomId)).toContain('Games');

    const chain = Array.from({ length: 20_000 }, (_, i): TreeChange => {
      const parentId = i === 0 ? rootRoomId : room(1_000 + i - 1, '').roomId;
      return { kind: 'roomPut', room: room(1_000 + i, 'r', parentId) };
    });
    expect(roomTree(viewWith(...chain))).not.toBeNull();
  });
});

describe('room paths', () => {
  it.each([
    ['Lobby', lobby],
    ['Lobby/Games/Chess', chess],
    ['Lobby/Music', music],
  ])('finds %s and writes it back', (path, expected) => {
    expect(findRoom(start, parseRoomPath(path))).toEqual(expected);
    expect(pathOfRoom(start, expected.roomId)).toBe(path);
  });

  it.each(['Games', 'Lobby/Chess', 'Lobby/Games/Chess/More', 'lobby'])(
    'does not find %s',
    (path) => {
      expect(findRoom(start, parseRoomPath(path))).toBeNull();
    },
  );

  it.each(['', '/', 'Lobby/', '/Lobby', 'Lobby//Games', 'Lobby/ '])('refuses %j', (path) => {
    expect(() => parseRoomPath(path)).toThrow(expect.objectContaining({ code: 'invalidRoomPath' }));
  });

  it('reads names in the form in which the server keeps them', () => {
    expect(parseRoomPath('Cafe\u0301 / two  words')).toEqual(['Caf\u00e9', 'two words']);
  });

  it('has no path for an unknown room', () => {
    expect(pathOfRoom(start, room(77, '').roomId)).toBeNull();
  });
});

describe('sessionsInRoom', () => {
  it('lists who is in exactly that room', () => {
    expect(sessionsInRoom(start, chess.roomId).map(({ sessionToken }) => sessionToken)).toEqual([
      1, 3,
    ]);
    expect(sessionsInRoom(start, rootRoomId)).toEqual([]);
  });
});
