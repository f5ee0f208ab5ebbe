import { beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { fieldLimits, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { MemberKeyBook } from './memberKeyBook.js';

const roomId = '00000000-0000-4000-8000-000000000001';
const user = '00000000-0000-4000-8000-00000000000a';
const { privateMembersMax } = fieldLimits;

let state: CommunityState;
let book: MemberKeyBook;
/** Tokens that were told something, with every call. */
let told: (readonly number[])[];

beforeEach(() => {
  state = new CommunityState(controlLimits.state);
  told = [];
  const sendToSessions = (tokens: readonly number[]): void => void told.push(tokens);
  book = new MemberKeyBook({ state, publisher: { sendToSessions } });
  state.createRoom(roomId, rootRoomId, 'Council');
});

function apply(outcome: Outcome): void {
  if (outcome.refused) throw new Error(outcome.message);
  book.note(outcome);
}

function enter(token: number): void {
  apply(state.addSession(token, user, 'x'));
  apply(state.joinRoom(token, roomId));
}

const bytes = (length: number): Uint8Array => new Uint8Array(length);

function announce(token: number): ReturnType<MemberKeyBook['announce']> {
  const key = { publicKey: bytes(32), identityKey: bytes(32), signature: bytes(64) };
  return book.announce(token, { type: FrameType.AnnounceKey, roomId, ...key });
}

const setPrivate = (isPrivate: boolean): void =>
  apply(state.editRoom(roomId, { ...unchangedRoom, isPrivate }));

test('holds as many keys of a room as may be in it, also where more were in it before', () => {
  for (let token = 0; token <= privateMembersMax; token++) enter(token);
  setPrivate(true);
  for (let token = 0; token < privateMembersMax; token++) {
    expect(announce(token)).toHaveLength(token);
  }
  const last = privateMembersMax;
  expect(announce(last)).toMatchObject({ code: ErrorCode.RoomFull });
  // Another key of somebody who has one is none more.
  expect(announce(0)).toHaveLength(privateMembersMax - 1);
  apply(state.removeSession(0));
  expect(announce(last)).toHaveLength(privateMembersMax - 1);
});

test('lets no more in than can be given keys', () => {
  setPrivate(true);
  for (let token = 0; token < privateMembersMax; token++) enter(token);
  state.addSession(privateMembersMax, user, 'x');
  const refused = { refused: true, code: ErrorCode.RoomFull };
  expect(state.joinRoom(privateMembersMax, roomId)).toMatchObject(refused);
  expect(state.editRoom(roomId, { ...unchangedRoom, userLimit: 1 })).toMatchObject({
    refused: false,
  });
});

test('keeps keys through a moment in which the room is open, and carries none then', () => {
  setPrivate(true);
  enter(1);
  enter(2);
  announce(1);
  setPrivate(false);
  expect(announce(2)).toMatchObject({ code: ErrorCode.NotInPrivateRoom });
  const share = { type: FrameType.ShareKey, roomId, keyNumber: 1, shares: [] } as const;
  expect(book.share(1, share)).toMatchObject({ code: ErrorCode.NotInPrivateRoom });
  setPrivate(true);
  expect(announce(2)).toHaveLength(1);
  expect(book.share(1, share)).toBeNull();
  expect(told.at(-1)).toEqual([1]);
});

test('forgets what somebody announced who has left, and all of a room that is gone', () => {
  setPrivate(true);
  for (const token of [1, 2]) {
    enter(token);
    announce(token);
  }
  apply(state.leaveRoom(1));
  apply(state.joinRoom(1, roomId));
  expect(announce(1)).toMatchObject([{ sessionToken: 2 }]);
  expect(announce(2)).toMatchObject([{ sessionToken: 1 }]);
  apply(state.deleteRoom(roomId));
  expect(announce(2)).toMatchObject({ code: ErrorCode.NotInPrivateRoom });
});
