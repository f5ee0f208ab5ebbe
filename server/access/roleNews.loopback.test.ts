import { FrameType } from '@rookery/schemas/frameType';
import type { InviteMade, Message, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Role } from '@rookery/schemas/roles';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import type { TestClient } from '../testing/testClient.js';

let ranked: RankedServer;
let watcher: TestClient;
let owner: TestClient;
let member: TestClient;

beforeEach(async () => {
  ranked = await startRankedServer({ owner: 'owner', watcher: 'moderator' });
  [watcher, owner, member] = await Promise.all([
    ranked.joinAs('watcher'),
    ranked.joinAs('owner'),
    ranked.server.join({ displayName: 'Member' }),
  ]);
});
afterEach(() => ranked.close());

function idOf({ authOk }: TestClient): Uuid {
  return authOk!.userId;
}

function give(client: TestClient, role: Role): Promise<Message> {
  return owner.command({ type: FrameType.SetRole, userId: idOf(client), role });
}

/** What somebody was told of others, the newest of each. */
function toldOf({ roleNews }: TestClient): ReadonlyMap<string, Role> {
  return new Map(
    roleNews.flatMap(({ users }) => users.map(({ name, role }) => [name, role] as const)),
  );
}

/** Has all see a change that is told on the same stream as roles, behind them. */
async function makeRoom(name: string): Promise<void> {
  const room = { isTemporary: false, parentId: rootRoomId, name };
  await owner.command({ type: FrameType.CreateRoom, ...room });
  for (const client of [watcher, owner, member]) {
    const sees = (): boolean => [...client.rooms.values()].some((known) => known.name === name);
    await client.until(`the room ${name} is shown`, sees);
  }
}

test('tells who may read roles of those that others were given, and nobody else', async () => {
  const guest = await ranked.server.join({ displayName: 'Guest' });
  await give(guest, 'guest');
  await watcher.until('the role is told', () => toldOf(watcher).get('Guest') === 'guest');
  await owner.until('who gave it is told', () => toldOf(owner).get('Guest') === 'guest');
  const told = watcher.roleNews[0]!;
  expect(told).toMatchObject({ everyoneIs: 'member', hasMore: false });
  expect(told.users).toEqual([{ userId: idOf(guest), name: 'Guest', role: 'guest' }]);
  await makeRoom('Aviary');
  expect([member.roleNews, guest.roleNews]).toEqual([[], []]);
});

test('tells of who was registered, and of who came by an invitation', async () => {
  const { userId } = (await ranked.server.join({ displayName: 'Rook' })).authOk!;
  await owner.command({ type: FrameType.RegisterUser, userId });
  await watcher.until('it is told', () => toldOf(watcher).get('Rook') === 'member');
  const invite = { role: 'moderator', usesMax: 1, validSeconds: 0, note: '' } as const;
  const asked = { type: FrameType.MakeInvite, ...invite } as const;
  const { code } = (await owner.ask<InviteMade>(asked)) as InviteMade;
  await ranked.server.join({ displayName: 'Crow', inviteCode: code });
  await watcher.until('it is told', () => toldOf(watcher).get('Crow') === 'moderator');
});

test('tells nothing more to who lost the right, and again to who has it back', async () => {
  await give(watcher, 'member');
  await give(member, 'moderator');
  await member.until('who gained it is told', () => toldOf(member).get('Member') === 'moderator');
  await makeRoom('Aviary');
  expect(toldOf(watcher).get('Member')).toBeUndefined();
  await give(watcher, 'admin');
  await watcher.until('it is told again', () => toldOf(watcher).get('watcher') === 'admin');
});
