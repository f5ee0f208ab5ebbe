import { describe, expect, test } from 'vitest';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { rootRoomId } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { CommunityState } from './communityState.js';
import type { Outcome } from './outcome.js';

const user = '00000000-0000-4000-8000-00000000000a';

function roomId(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function codeOf(outcome: Outcome): ErrorCode | null {
  return outcome.refused ? outcome.code : null;
}

/** Rooms of these names below the root; the first has the id 1. */
function stateWith(names: readonly string[], limits = controlLimits.state): CommunityState {
  const state = new CommunityState(limits);
  names.forEach((name, index) => state.createRoom(roomId(index + 1), rootRoomId, name));
  return state;
}

describe('links', () => {
  test('make rooms be heard together, on over the links of others', () => {
    const state = stateWith(['A', 'B', 'C']);
    state.linkRooms(roomId(1), roomId(2));
    expect(state.linkRooms(roomId(3), roomId(2))).toMatchObject({
      changes: [
        { kind: 'roomPut', room: { linkedRoomIds: [roomId(2)] } },
        { kind: 'roomPut', room: { linkedRoomIds: [roomId(1), roomId(3)] } },
      ],
    });
    state.addSession(7, user, 'Ada');
    state.addSession(8, user, 'Bob');
    state.joinRoom(7, roomId(1));
    state.listen(8, [roomId(2)]);
    expect([...state.hearers(roomId(3))].sort()).toEqual([7, 8]);
    expect([...state.roomsHeardBy(8)].sort()).toEqual([roomId(1), roomId(2), roomId(3)]);
    expect(state.linkRooms(roomId(1), roomId(2))).toMatchObject({ refused: false, changes: [] });
  });

  test('are refused with the reason', () => {
    const limits = { ...controlLimits.state, linkedRoomsMax: 2, linksMax: 2 };
    const state = stateWith(['1', '2', '3', '4', '5', '6'], limits);
    const link = (first: number, second: number): ErrorCode | null =>
      codeOf(state.linkRooms(roomId(first), roomId(second)));
    expect(link(1, 1)).toBe(ErrorCode.InvalidField);
    expect(link(1, 9)).toBe(ErrorCode.NoSuchRoom);
    expect(link(1, 2)).toBeNull();
    expect(link(2, 3)).toBe(ErrorCode.LimitReached);
    expect(link(3, 4)).toBeNull();
    expect(link(5, 6)).toBe(ErrorCode.LimitReached);
    expect(codeOf(state.unlinkRooms(roomId(1), roomId(3)))).toBe(ErrorCode.InvalidField);
    expect(codeOf(state.unlinkRooms(roomId(2), roomId(1)))).toBeNull();
    expect(link(5, 6)).toBeNull();
  });

  test('and listeners go with a room', () => {
    const state = stateWith(['A', 'B']);
    state.linkRooms(roomId(1), roomId(2));
    state.addSession(7, user, 'Ada');
    state.listen(7, [roomId(1), roomId(2), roomId(1)]);
    expect(state.session(7)?.listeningTo).toEqual([roomId(1), roomId(2)]);
    expect(state.deleteRoom(roomId(1))).toMatchObject({
      changes: [
        { kind: 'roomPut', room: { roomId: roomId(2), linkedRoomIds: [] } },
        { kind: 'sessionPut', session: { listeningTo: [roomId(2)] } },
        { kind: 'roomRemoved', roomId: roomId(1) },
      ],
    });
    expect(codeOf(state.listen(7, [roomId(1)]))).toBe(ErrorCode.NoSuchRoom);
  });

  test('to rooms that were left out when rooms were taken over are dropped', () => {
    const state = stateWith(['A']);
    const room = { ...state.room(roomId(1))!, linkedRoomIds: [roomId(2), roomId(3)] };
    const other = { ...room, roomId: roomId(2), name: 'B', linkedRoomIds: [roomId(1)] };
    const lost = { ...room, roomId: roomId(3), parentId: roomId(9), linkedRoomIds: [roomId(1)] };
    expect(state.loadRooms([room, other, lost])).toEqual([lost]);
    expect(state.heardTogether(roomId(1)).sort()).toEqual([roomId(1), roomId(2)]);
    expect(state.room(roomId(1))?.linkedRoomIds).toEqual([roomId(2)]);
  });
});
