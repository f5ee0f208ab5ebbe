import { FrameType } from '@rookery/schemas/frameType';
import type { Change, RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import { defaultRoomVoice, rootRoomId } from '@rookery/schemas/protocol';
import { describe, expect, it } from 'vitest';
import {
  emptyView,
  findRoom,
  parseRoomPath,
  pathOfRoom,
  reduceView,
  roomTree,
  sessionsInRoom,
  type View,
} from './view.js';

const lobby: RoomInfo = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoomVoice };
const room = (n: number, name: string, parentId = rootRoomId): RoomInfo => ({
  roomId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  parentId,
  name,
  ...defaultRoomVoice,
});
const games = room(1, 'Games');
const chess = room(2, 'Chess', games.roomId);
const music = room(3, 'Music');

const session = (sessionToken: number, roomId: string | null): SessionInfo => ({
  sessionToken,
  userId: room(100 + sessionToken, '').roomId,
  displayName: `user ${sessionToken}`,
  roomId,
  muted: false,
  deafened: false,
});

const start: View = reduceView(emptyView, {
  type: FrameType.RoomInit,
  rooms: [lobby, music, games, chess],
  sessions: [session(1, chess.roomId), session(2, null), session(3, chess.roomId)],
});
const update = (view: View, ...changes: Change[]): View =>
  reduceView(view, { type: FrameType.StateUpdate, changes });

describe('reduceView', () => {
  it('starts over with a RoomInit', () => {
    const next = reduceView(start, { type: FrameType.RoomInit, rooms: [lobby], sessions: [] });
    expect([...next.rooms.values()]).toEqual([lobby]);
    expect(next.sessions.size).toBe(0);
  });

  it('applies changes in their order and leaves the view before as it was', () => {
    const next = update(
      start,
      { kind: 'roomPut', room: room(4, 'New') },
      { kind: 'roomPut', room: room(4, 'Newer') },
      { kind: 'roomRemoved', roomId: chess.roomId },
      { kind: 'sessionPut', session: session(1, games.roomId) },
      { kind: 'sessionRemoved', sessionToken: 3 },
    );
    expect(next.rooms.get(room(4, '').roomId)?.name).toBe('Newer');
    expect(next.rooms.has(chess.roomId)).toBe(false);
    expect(next.sessions.get(1)?.roomId).toBe(games.roomId);
    expect(next.sessions.has(3)).toBe(false);
    expect(start.rooms.has(chess.roomId)).toBe(true);
    expect(start.sessions.get(1)?.roomId).toBe(chess.roomId);
  });

  it('keeps the part that does not change', () => {
    expect(update(start, { kind: 'sessionRemoved', sessionToken: 1 }).rooms).toBe(start.rooms);
    expect(update(start, { kind: 'roomRemoved', roomId: music.roomId }).sessions).toBe(
      start.sessions,
    );
  });
});

describe('roomTree', () => {
  it('nests rooms under their parents, by name, and counts the people in each', () => {
    const tree = roomTree(start);
    expect(tree).toMatchObject({ path: 'Lobby', people: 0 });
    expect(tree?.children.map(({ path }) => path)).toEqual(['Lobby/Games', 'Lobby/Music']);
    expect(tree?.children[0]?.children).toMatchObject([{ path: 'Lobby/Games/Chess', people: 2 }]);
  });

  it('is null before the first RoomInit', () => {
    expect(roomTree(emptyView)).toBeNull();
  });

  it('survives rooms that are their own ancestors, and trees of any depth', () => {
    const looped = update(
      start,
      { kind: 'roomPut', room: { ...lobby, parentId: chess.roomId } },
      { kind: 'roomPut', room: { ...games, parentId: chess.roomId } },
    );
    expect(roomTree(looped)?.children.map(({ room: { name } }) => name)).toEqual([music.name]);
    expect(pathOfRoom(looped, games.roomId)).toContain('Games');

    const chain = Array.from({ length: 20_000 }, (_, i): Change => {
      const parentId = i === 0 ? rootRoomId : room(1_000 + i - 1, '').roomId;
      return { kind: 'roomPut', room: room(1_000 + i, 'r', parentId) };
    });
    expect(roomTree(update(start, ...chain))).not.toBeNull();
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
