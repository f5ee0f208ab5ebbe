import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { AclEntry, InviteMade, SetRoomRules, Uuid } from '@rookery/schemas/messages';
import { permissionSet, type Permission } from '@rookery/schemas/permissions';
import { rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { done, enterRoom, idOf, refusedWith } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';

/** Ways in which somebody might get what nobody gave them. */
let ranked: RankedServer;
let olga: TestClient;
/** Who tries. */
let tom: TestClient;

beforeEach(async () => {
  const ranks = { Olga: 'owner', Otto: 'owner', Ada: 'admin', Tom: 'member' } as const;
  ranked = await startRankedServer(ranks);
  olga = await ranked.joinAs('Olga');
  tom = await ranked.joinAs('Tom');
});
afterEach(() => ranked.close());

const create = (name: string, parentId = rootRoomId): Promise<Uuid> =>
  done(olga, { type: FrameType.CreateRoom, isTemporary: false, parentId, name });

const move = (roomId: Uuid, parentId: Uuid) =>
  ({ type: FrameType.MoveRoom, roomId, parentId }) as const;

function entryFor(userId: Uuid, names: Permission[], denied: Permission[] = []): AclEntry {
  const principal = { type: 'user', userId } as const;
  const both = { appliesHere: true, appliesBelow: true };
  return { principal, ...both, grants: permissionSet(names), denies: permissionSet(denied) };
}

function rules(roomId: Uuid, change: Partial<SetRoomRules>): SetRoomRules {
  return {
    ...{ type: FrameType.SetRoomRules, roomId, version: 0, entries: [], inherits: true },
    ...{ requiredRole: null, password: null },
    ...change,
  };
}

describe('rights are not gained by moving a room', () => {
  const all: Permission[] = ['createRoom', 'moveRoom', 'editAcl', 'editRoom', 'moderateText'];

  test('to where one has more of them', async () => {
    const [own, target] = [await create('Own'), await create('Target')];
    await done(olga, rules(own, { entries: [entryFor(idOf(tom), all)] }));
    await done(olga, rules(target, { entries: [entryFor(idOf(tom), ['moveRoom'])] }));
    expect(await refusedWith(tom, move(target, own))).toBe(ErrorCode.NotPermitted);
    expect(olga.rooms.get(target)?.parentId).toBe(rootRoomId);
    // Where nothing is gained by it he may.
    await done(olga, rules(target, { entries: [entryFor(idOf(tom), all)], version: 1 }));
    await done(tom, move(target, own));
  });

  test('away from where one is denied something, or has to pass a door', async () => {
    const [own, closed] = [await create('Own'), await create('Closed')];
    const [mute, behind] = [await create('Mute', closed), await create('Behind', own)];
    await done(olga, rules(own, { entries: [entryFor(idOf(tom), all)], password: 'sesame' }));
    const entries = [entryFor(idOf(tom), all, ['speak'])];
    await done(olga, rules(closed, { entries }));
    await done(olga, rules(rootRoomId, { entries: [entryFor(idOf(tom), all)] }));
    expect(await refusedWith(tom, move(mute, rootRoomId))).toBe(ErrorCode.NotPermitted);
    expect(await refusedWith(tom, move(behind, rootRoomId))).toBe(ErrorCode.NotPermitted);
    const password = { type: FrameType.EnterPassword, roomId: own, password: 'sesame' } as const;
    await done(tom, password);
    await done(tom, move(behind, rootRoomId));
  });
});

test('rights are not gained by inheriting again', async () => {
  const club = await create('Club');
  const entries = [entryFor(idOf(tom), ['traverse', 'enter', 'editAcl'])];
  await done(olga, rules(club, { entries, inherits: false }));
  const open = rules(club, { entries, inherits: true, version: 1 });
  expect(await refusedWith(tom, open)).toBe(ErrorCode.NotPermitted);
  await done(tom, rules(club, { entries, inherits: false, version: 1 }));
});

test('nobody gets into a locked room by the end of one below it', async () => {
  const hall = await create('Hall');
  const booth = await create('Booth', hall);
  await done(olga, rules(booth, { entries: [entryFor(idOf(tom), ['deleteRoom'])] }));
  await done(tom, enterRoom(booth));
  await done(olga, enterRoom(booth));
  const lock = {
    type: FrameType.EditRoom,
    ...unchangedRoom,
    roomId: hall,
    isLocked: true,
  } as const;
  await done(olga, lock);
  await done(tom, { type: FrameType.DeleteRoom, roomId: booth });
  await tom.until('the room is gone', () => !tom.rooms.has(booth));
  await tom.until('Tom is nowhere', () => tom.self.roomId === null);
  await olga.until('who may enter is in the room above', () => olga.self.roomId === hall);
});

test('two owners who put each other down at once leave one owner', async () => {
  const otto = await ranked.joinAs('Otto');
  const down = (userId: Uuid) => ({ type: FrameType.SetRole, userId, role: 'member' }) as const;
  const answers = await Promise.all([
    refusedWith(olga, down(idOf(otto))),
    refusedWith(otto, down(idOf(olga))),
  ]);
  expect(answers.sort()).toEqual([ErrorCode.Unknown, ErrorCode.NotPermitted].sort());
});

test('an invitation above member ends with the role of who made it', async () => {
  const ada = await ranked.joinAs('Ada');
  const terms = { usesMax: 0, validSeconds: 600, note: '' } as const;
  const invite = { type: FrameType.MakeInvite, role: 'moderator', ...terms } as const;
  const { code } = (await ada.ask<InviteMade>(invite)) as InviteMade;
  const redeem = { type: FrameType.RedeemCode, code } as const;
  await done(await ranked.server.join(), redeem);
  await done(olga, { type: FrameType.SetRole, userId: idOf(ada), role: 'member' });
  expect(await refusedWith(tom, redeem)).toBe(ErrorCode.BadCode);
  // Also for herself.
  expect(await refusedWith(ada, redeem)).toBe(ErrorCode.BadCode);
});

test('a ban holds against a ticket, and against the token of a session', async () => {
  const identity = createIdentity();
  const ben = await ranked.server.join({ identity });
  const { type } = { type: FrameType.SetAccountPassword } as const;
  const change = { userId: null, currentPassword: '', newPassword: 'correct horse' } as const;
  await done(ben, { type, ...change });
  ben.close();
  const again = await ranked.server.join({ identity, accountPassword: 'correct horse' });
  const ticket = await again.ticket();
  const continuedToken = again.authOk!.sessionToken;
  const ban = {
    type: FrameType.Ban,
    userId: idOf(again),
    address: '',
    withAddress: false,
  } as const;
  await done(olga, { ...ban, durationSeconds: 0, reason: '' });
  await again.untilClosed();
  const back = await ranked.server.connect();
  expect(await back.login({ identity, ticket, continuedToken })).toMatchObject({
    reason: AuthFailure.Banned,
  });
});
