import { describe, expect, test } from 'vitest';
import { FrameType } from './frameType.js';
import { ViewPart } from './generated/rookery/view-part.js';
import type { MemberChange, RoomInfo, SessionInfo, TreeChange, Uuid } from './messages.js';
import { defaultRoom, defaultSession, rootRoomId } from './protocol.js';
import { memberElementHash, PartHash, roomElementHash } from './stateHash.js';
import { SyncedView } from './syncedView.js';

const chessId = '00000000-0000-4000-8000-000000000001';
const lobby: RoomInfo = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };
const chess: RoomInfo = { ...lobby, roomId: chessId, parentId: rootRoomId, name: 'Chess' };

function session(sessionToken: number, roomId: Uuid | null): SessionInfo {
  return { ...defaultSession, sessionToken, userId: rootRoomId, displayName: 'x', roomId };
}

/** What the server says of rooms with so many members. */
function treeHash(...rooms: readonly (readonly [RoomInfo, number])[]): Uint8Array {
  const hash = new PartHash<Uuid>();
  for (const [room, count] of rooms) hash.set(room.roomId, roomElementHash(room, count));
  return hash.value();
}

function membersHash(...members: readonly SessionInfo[]): Uint8Array {
  const hash = new PartHash<number>();
  for (const member of members) hash.set(member.sessionToken, memberElementHash(member));
  return hash.value();
}

function tree(view: SyncedView, hash: Uint8Array | null, ...changes: TreeChange[]) {
  return view.apply({ type: FrameType.StateUpdate, changes }, hash);
}

function members(view: SyncedView, hash: Uint8Array | null, ...changes: MemberChange[]) {
  return view.apply({ type: FrameType.MembersUpdate, roomId: chessId, changes }, hash);
}

/** Lobby and Chess, with 1 and 2 in Chess. */
function settled(): SyncedView {
  const view = new SyncedView();
  const rooms = [lobby, chess];
  const hash = treeHash([lobby, 0], [chess, 2]);
  view.apply({ type: FrameType.RoomInit, rooms, memberCounts: [0, 2] }, hash);
  const both = [session(1, chessId), session(2, chessId)];
  const snapshot = { type: FrameType.RoomMembers, roomId: chessId, members: both } as const;
  view.apply(snapshot, membersHash(...both));
  return view;
}

const [first, second, third] = [1, 2, 3].map((token) => session(token, chessId));
const put = (who: SessionInfo): MemberChange => ({ kind: 'sessionPut', session: who });
const removed = (sessionToken: number): MemberChange => ({ kind: 'sessionRemoved', sessionToken });

describe('an increment', () => {
  test('with the hash that the view has after it is taken', () => {
    const view = settled();
    const { version } = view;
    expect(members(view, membersHash(first!, third!), put(third!), removed(2))).toBeNull();
    expect([...view.membersOf(chessId)!.keys()]).toEqual([1, 3]);
    expect(view.peopleIn(chessId)).toBe(2);
    expect(view.sessions.has(2)).toBe(false);
    const counted: TreeChange = { kind: 'roomCount', roomId: chessId, memberCount: 7 };
    expect(tree(view, treeHash([lobby, 0], [chess, 7]), counted)).toBeNull();
    expect(view.countOf(chessId)).toBe(7);
    expect(view.version).toBeGreaterThan(version);
    expect(view.counters).toEqual({ resyncs: 0, unverifiable: 0 });
  });

  test('of members with another hash has that room asked for, once, until it comes', () => {
    const view = settled();
    const wrong = membersHash(first!);
    const asked = { type: FrameType.Resync, part: ViewPart.Members, roomId: chessId };
    expect(members(view, wrong, put(third!))).toEqual(asked);
    expect(members(view, wrong, removed(1))).toBeNull();
    expect(view.counters).toEqual({ resyncs: 1, unverifiable: 0 });
    const snapshot = { type: FrameType.RoomMembers, roomId: chessId, members: [first!] } as const;
    expect(view.apply(snapshot, wrong)).toBeNull();
    expect([...view.sessions.keys()]).toEqual([1]);
    expect(members(view, membersHash(), removed(1))).toBeNull();
    expect(members(view, wrong, removed(1))).toEqual(asked);
  });

  test('of the tree with another hash has the tree asked for', () => {
    const view = settled();
    const wrong = treeHash([lobby, 0]);
    const asked = { type: FrameType.Resync, part: ViewPart.Tree, roomId: null };
    const renamed: TreeChange = { kind: 'roomPut', room: { ...chess, name: 'Go' } };
    expect(tree(view, wrong, renamed)).toEqual(asked);
    expect(tree(view, wrong, { kind: 'roomRemoved', roomId: chessId })).toBeNull();
    expect(view.rooms.has(chessId)).toBe(true);
    const init = { type: FrameType.RoomInit, rooms: [lobby], memberCounts: [0] } as const;
    expect(view.apply(init, wrong)).toBeNull();
    // With the room went what was known of its members.
    expect(view.membersOf(chessId)).toBeNull();
    expect(view.sessions.size).toBe(0);
  });

  test('without a hash is one of several, and taken', () => {
    const view = settled();
    expect(members(view, null, put(third!))).toBeNull();
    expect(members(view, membersHash(first!, second!, third!))).toBeNull();
  });

  test('of a room that nobody told of is asked about', () => {
    const view = settled();
    view.apply({ type: FrameType.MembersEnd, roomId: chessId }, null);
    expect(members(view, membersHash(first!, second!, third!), put(third!))).toMatchObject({
      roomId: chessId,
    });
  });
});

test('a snapshot that is not what its hash says is taken, counted and not asked for again', () => {
  const view = settled();
  const snapshot = { type: FrameType.RoomMembers, roomId: chessId, members: [first!] } as const;
  expect(view.apply(snapshot, membersHash())).toBeNull();
  expect(members(view, membersHash(), put(second!))).toBeNull();
  expect([...view.membersOf(chessId)!.keys()]).toEqual([1, 2]);
  expect(view.counters).toEqual({ resyncs: 0, unverifiable: 1 });
});

describe('whoever is shown', () => {
  test('is in the room where they were shown last, whatever order rooms are told in', () => {
    const view = settled();
    const moved = session(1, rootRoomId);
    const update = { type: FrameType.MembersUpdate, roomId: rootRoomId } as const;
    view.apply({ ...update, changes: [put(moved)] }, membersHash(moved));
    members(view, membersHash(second!), removed(1));
    expect(view.sessions.get(1)).toBe(moved);
  });

  test('is everybody, or those of one’s rooms, as the server says; the own session stays', () => {
    const view = settled();
    const own = session(9, null);
    view.apply({ type: FrameType.OwnSession, session: own }, null);
    expect([view.showsEverybody, view.membersOf(rootRoomId)]).toEqual([false, null]);
    view.apply({ type: FrameType.Presence, everybody: true }, null);
    expect([view.showsEverybody, view.membersOf(rootRoomId)?.size]).toEqual([true, 0]);
    expect(view.peopleIn(chessId)).toBe(0);
    const snapshot = { type: FrameType.RoomMembers, roomId: null, members: [own] } as const;
    view.apply(snapshot, membersHash(own));
    view.apply({ type: FrameType.Presence, everybody: false }, null);
    expect(view.peopleIn(chessId)).toBe(2);
    expect([...view.sessions]).toEqual([[9, own]]);
    expect(view.own).toBe(own);
  });
});
