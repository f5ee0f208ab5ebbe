import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  AnnounceKey,
  CommandMessage,
  ErrorMessage,
  MemberKeyList,
  RoomEdit,
  ShareKey,
  Uuid,
} from '@rookery/schemas/messages';
import { rootRoomId, sealedShareBytes, unchangedRoom } from '@rookery/schemas/protocol';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(() => server.close());

async function done(client: TestClient, command: CommandMessage): Promise<Uuid | null> {
  const answer = await client.command(command);
  expect(answer).toMatchObject({ type: FrameType.CommandDone });
  return (answer as { createdId: Uuid | null }).createdId;
}

const edit = (roomId: Uuid, change: Partial<RoomEdit>): CommandMessage => {
  return { type: FrameType.EditRoom, roomId, ...unchangedRoom, ...change };
};

const join = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });

async function makeRoom(client: TestClient, name: string, isPrivate: boolean): Promise<Uuid> {
  const create = {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name,
  } as const;
  const roomId = (await done(client, create))!;
  await done(client, edit(roomId, { isPrivate }));
  return roomId;
}

/** The server does not look into keys, so these need not be any. */
function keyOf(mark: number): Omit<AnnounceKey, 'type' | 'roomId'> {
  const filled = (length: number): Uint8Array => new Uint8Array(length).fill(mark);
  return { publicKey: filled(32), identityKey: filled(32), signature: filled(64) };
}

function announce(
  client: TestClient,
  roomId: Uuid,
  mark: number,
): Promise<MemberKeyList | ErrorMessage> {
  return client.ask<MemberKeyList>({ type: FrameType.AnnounceKey, roomId, ...keyOf(mark) });
}

test('what members announce and seal goes to the other members and nobody else', async () => {
  const [ada, bob, eve] = [await server.join(), await server.join(), await server.join()];
  const roomId = await makeRoom(ada, 'Council', true);
  for (const client of [ada, bob]) await done(client, join(roomId));
  expect(await announce(ada, roomId, 1)).toMatchObject({ keys: [] });
  const ofAda = { sessionToken: ada.self.sessionToken, ...keyOf(1) };
  expect(await announce(bob, roomId, 2)).toMatchObject({ keys: [ofAda] });
  await ada.until('the key of Bob has come', () => ada.privateNews.length > 0);
  const ofBob = { sessionToken: bob.self.sessionToken, ...keyOf(2) };
  expect(ada.privateNews).toEqual([{ type: FrameType.MemberKey, roomId, key: ofBob }]);
  // Another of the same session takes the place of the one before.
  expect(await announce(ada, roomId, 3)).toMatchObject({ keys: [ofBob] });

  const sealed = new Uint8Array(sealedShareBytes).fill(9);
  const shares = [bob, eve, ada].map(({ self }) => ({ sessionToken: self.sessionToken, sealed }));
  const share: ShareKey = { type: FrameType.ShareKey, roomId, keyNumber: 300, shares };
  await done(bob, { ...share, shares: [] });
  await done(ada, share);
  await bob.until('the share has come', () => bob.privateNews.length > 1);
  expect(bob.privateNews.at(-1)).toEqual({
    ...{ type: FrameType.KeyShare, roomId, keyNumber: 300, sealed },
    senderToken: ada.self.sessionToken,
  });
  for (const command of [share, { type: FrameType.AnnounceKey, roomId, ...keyOf(4) } as const]) {
    expect(await eve.command(command)).toMatchObject({ code: ErrorCode.NotInPrivateRoom });
  }
  // Who left is sent nothing any more, and what it announced is gone.
  await done(bob, join(rootRoomId));
  await done(ada, share);
  await done(eve, join(roomId));
  expect(await announce(eve, roomId, 5)).toMatchObject({ keys: [{ ...keyOf(3) }] });
  expect(bob.privateNews).toHaveLength(2);
  expect(eve.privateNews).toEqual([]);
});

test('a private room has no key of the server until it is private no more', async () => {
  const [ada, bob] = [await server.join(), await server.join()];
  const roomId = await makeRoom(ada, 'Council', true);
  const keysOf = (client: TestClient): number =>
    client.roomKeys.filter((key) => key.roomId === roomId).length;
  for (const client of [ada, bob]) await done(client, join(roomId));
  await bob.until('Bob is shown in it', () => bob.self.roomId === roomId);
  await done(ada, edit(roomId, { isPrivate: false }));
  await bob.until('the room has a key', () => keysOf(bob) === 1);
  await done(ada, edit(roomId, { isPrivate: true }));
  await done(ada, join(rootRoomId));
  await bob.until('Ada is shown to have left', () => bob.view.peopleIn(roomId) === 1);
  expect([keysOf(ada), keysOf(bob)]).toEqual([1, 1]);
});

test('nobody listens to a private room, and none is linked', async () => {
  const [ada, bob] = [await server.join(), await server.join()];
  const roomId = await makeRoom(ada, 'Council', false);
  await done(bob, { type: FrameType.Listen, roomIds: [rootRoomId, roomId] });
  const link = { type: FrameType.LinkRooms, firstId: rootRoomId, secondId: roomId } as const;
  await done(ada, link);
  const refused = { code: ErrorCode.PrivateRoom };
  expect(await ada.command(edit(roomId, { isPrivate: true }))).toMatchObject(refused);
  await done(ada, { ...link, type: FrameType.UnlinkRooms });
  await done(ada, edit(roomId, { isPrivate: true }));
  await bob.until('Bob listens no more', () => bob.self.listeningTo.length === 1);
  expect(bob.self.listeningTo).toEqual([rootRoomId]);
  expect(await ada.command(link)).toMatchObject(refused);
  expect(await bob.command({ type: FrameType.Listen, roomIds: [roomId] })).toMatchObject(refused);
});
