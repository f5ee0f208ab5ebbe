import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { directTalkId } from '@rookery/schemas/directTalk';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type {
  CommandMessage,
  FoundUser,
  SendMessage,
  TalkInfo,
  UsersFound,
} from '@rookery/schemas/messages';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { newUuid } from '@rookery/schemas/uuid';
import { serverLimits } from '../limits.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const limits = {
  ...serverLimits,
  talks: { ...serverLimits.talks, directMax: 2, groupsMax: 2, usersMax: 3 },
};
const bobsKey = createIdentity();

let server: TestServer;
let ada: TestClient;
let bob: TestClient;
let cleo: TestClient;

beforeEach(async () => {
  server = await startTestServer({}, limits);
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob', identity: bobsKey });
  cleo = await server.join({ displayName: 'Cleo' });
});

afterEach(async () => {
  await server.close();
});

const idOf = (client: TestClient): string => client.authOk!.userId;
const participant = (client: TestClient, displayName: string): object => ({
  userId: idOf(client),
  displayName,
});

async function done(client: TestClient, command: CommandMessage): Promise<string | null> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

async function open(client: TestClient, userId: string): Promise<string> {
  return (await done(client, { type: FrameType.OpenTalk, userId }))!;
}

async function createTalk(client: TestClient, ...others: TestClient[]): Promise<string> {
  const userIds = others.map((other) => idOf(other));
  return (await done(client, { type: FrameType.CreateTalk, name: 'Chess', userIds }))!;
}

/** The talks that a client knows, from what it was told. */
function talksOf(client: TestClient): TalkInfo[] {
  const talks = new Map<string, TalkInfo>();
  for (const message of client.talkMessages) {
    if (message.type === FrameType.TalkList) {
      talks.clear();
      for (const talk of message.talks) talks.set(talk.talkId, talk);
    } else if (message.type === FrameType.TalkPut) talks.set(message.talk.talkId, message.talk);
    else talks.delete(message.talkId);
  }
  return [...talks.values()];
}

const text = (roomId: string, words = 'Hello'): SendMessage => textToSend(roomId, words);

/** Bob comes back on another connection, under a name. */
async function bobAgain(displayName = 'Bob'): Promise<TestClient> {
  bob.close();
  return server.join({ displayName, identity: bobsKey });
}

describe('a direct talk', () => {
  test('is the same from both sides, and known to the two alone', async () => {
    const talkId = await open(ada, idOf(bob));
    expect(talkId).toBe(directTalkId(idOf(ada), idOf(bob)));
    expect(await open(bob, idOf(ada))).toBe(talkId);
    await bob.until('Bob knows it', () => talksOf(bob).length === 1);
    const participants = [participant(ada, 'Ada'), participant(bob, 'Bob')];
    const talk = { talkId, type: RoomType.Direct, name: '', participants };
    expect(talksOf(ada)).toEqual([talk]);
    expect(talksOf(bob)).toEqual([talk]);
    await done(cleo, { type: FrameType.LeaveTalk, talkId: await createTalk(cleo) });
    expect(cleo.talkMessages).toMatchObject([
      { type: FrameType.TalkList, talks: [] },
      { talk: { name: 'Chess' } },
      { type: FrameType.TalkRemoved },
    ]);
    expect([...cleo.rooms.keys()]).not.toContain(talkId);
  });

  test('carries text both ways, to nobody else, and while the other is away', async () => {
    const talkId = await open(ada, idOf(bob));
    const messageId = await done(ada, text(talkId));
    await bob.until('Bob reads it', () => bob.messages.length === 1);
    expect(bob.messages).toMatchObject([{ messageId, roomId: talkId, text: 'Hello' }]);
    expect(await cleo.command(text(talkId))).toMatchObject({ code: ErrorCode.NoSuchRoom });
    bob.close();
    await bob.untilClosed();
    await done(ada, text(talkId, 'Still there?'));
    const again = await bobAgain();
    expect(talksOf(again)).toMatchObject([{ talkId }]);
    await done(again, text(talkId, 'Again'));
    await ada.until('Ada reads it', () => ada.messages.length === 3);
    expect(cleo.messages).toEqual([]);
  });

  test('shows both how far the other came, and nobody else', async () => {
    const talkId = await open(ada, idOf(bob));
    const messageId = (await done(ada, text(talkId)))!;
    const mark = { roomId: talkId, messageId };
    expect(await cleo.command({ type: FrameType.MessageRead, ...mark })).toMatchObject({
      code: ErrorCode.NoSuchRoom,
    });
    const ofBob = { type: FrameType.MessageAck, roomId: talkId, userId: idOf(bob) };
    await done(bob, { type: FrameType.MessageDelivered, ...mark });
    await ada.until('Ada sees it delivered', () => ada.marks.length === 1);
    await done(bob, { type: FrameType.MessageDelivered, ...mark });
    await done(bob, { type: FrameType.MessageRead, ...mark });
    await ada.until('Ada sees it read', () => ada.marks.length === 2);
    expect(ada.marks).toEqual([
      { ...ofBob, deliveredId: messageId, readId: null },
      { ...ofBob, deliveredId: messageId, readId: messageId },
    ]);
    expect(cleo.marks).toEqual([]);
  });

  test('is with a user who was here, and neither with oneself nor with nobody', async () => {
    bob.close();
    await bob.untilClosed();
    await open(ada, idOf(bob));
    expect(await ada.command({ type: FrameType.OpenTalk, userId: idOf(ada) })).toMatchObject({
      code: ErrorCode.InvalidField,
    });
    expect(await ada.command({ type: FrameType.OpenTalk, userId: newUuid() })).toMatchObject({
      code: ErrorCode.NoSuchUser,
    });
  });

  test('is one of as many as its users may have, whoever opens it', async () => {
    for (const other of [bob, cleo]) await open(ada, idOf(other));
    const dan = await server.join({ displayName: 'Dan' });
    const limitReached = { code: ErrorCode.LimitReached };
    const withDan: CommandMessage = { type: FrameType.OpenTalk, userId: idOf(dan) };
    expect(await ada.command(withDan)).toMatchObject(limitReached);
    const withAda: CommandMessage = { type: FrameType.OpenTalk, userId: idOf(ada) };
    expect(await dan.command(withAda)).toMatchObject(limitReached);
    expect(talksOf(dan)).toEqual([]);
  });
});

describe('a group talk', () => {
  test('is told to those who take part, from when they do until they leave', async () => {
    const talkId = await createTalk(ada, bob);
    await bob.until('Bob knows it', () => talksOf(bob).length === 1);
    expect(talksOf(bob)).toMatchObject([{ talkId, type: RoomType.Group, name: 'Chess' }]);
    const addedUserIds = [idOf(cleo)];
    await done(ada, { type: FrameType.EditTalk, talkId, name: 'Go', addedUserIds });
    await cleo.until('Cleo knows it', () => talksOf(cleo).length === 1);
    await done(bob, { type: FrameType.LeaveTalk, talkId });
    await cleo.until('Bob is gone', () => talksOf(cleo)[0]!.participants.length === 2);
    expect(talksOf(bob)).toEqual([]);
    const participants = [participant(ada, 'Ada'), participant(cleo, 'Cleo')];
    expect(talksOf(cleo)).toEqual([{ talkId, type: RoomType.Group, name: 'Go', participants }]);
    await done(ada, text(talkId));
    await cleo.until('Cleo reads it', () => cleo.messages.length === 1);
    expect(bob.messages).toEqual([]);
    expect(await bob.command(text(talkId))).toMatchObject({ code: ErrorCode.NoSuchRoom });
  });

  test('is unknown to others, who cannot change or leave it', async () => {
    const talkId = await createTalk(ada, bob);
    const change = { type: FrameType.EditTalk, talkId, name: 'Mine', addedUserIds: [] } as const;
    const leave = { type: FrameType.LeaveTalk, talkId } as const;
    for (const command of [change, leave]) {
      expect(await cleo.command(command)).toMatchObject({ code: ErrorCode.NoSuchRoom });
    }
    expect(await bob.command(change)).toMatchObject({ code: ErrorCode.NotPermitted });
    expect(talksOf(ada)).toMatchObject([{ name: 'Chess' }]);
  });

  test('has limits, at first and when people are added', async () => {
    const limitReached = { code: ErrorCode.LimitReached };
    for (let count = 0; count < 2; count++) await createTalk(ada);
    const another: CommandMessage = { type: FrameType.CreateTalk, name: 'More', userIds: [] };
    expect(await ada.command(another)).toMatchObject(limitReached);
    const withAda = { ...another, userIds: [idOf(ada)] };
    expect(await bob.command(withAda)).toMatchObject(limitReached);
    const talkId = await createTalk(bob);
    const add = { type: FrameType.EditTalk, talkId, name: null } as const;
    const addAda = { ...add, addedUserIds: [idOf(ada)] };
    expect(await bob.command(addAda)).toMatchObject(limitReached);
    const dan = await server.join({ displayName: 'Dan' });
    const all = { ...add, addedUserIds: [idOf(cleo), idOf(dan), newUuid()] };
    expect(await bob.command(all)).toMatchObject(limitReached);
    const nobody = { ...add, addedUserIds: [newUuid()] };
    expect(await bob.command(nobody)).toMatchObject({ code: ErrorCode.NoSuchUser });
  });
});

test('who comes under another name is shown with it to those who share a talk', async () => {
  const talkId = await open(ada, idOf(bob));
  const names = (client: TestClient): string[] =>
    talksOf(client).flatMap((talk) => talk.participants.map(({ displayName }) => displayName));
  const robert = await bobAgain('Robert');
  await ada.until('Ada sees the name', () => names(ada).includes('Robert'));
  expect(names(robert)).toEqual(['Ada', 'Robert']);
  expect(talksOf(ada)).toMatchObject([{ talkId }]);
});

test('a client that goes on with its session is told of all talks again', async () => {
  const continuedToken = bob.authOk!.sessionToken;
  const talkId = await open(ada, idOf(bob));
  const again = await server.join({ displayName: 'Bob', identity: bobsKey, continuedToken });
  expect(again.authOk!.sessionToken).toBe(continuedToken);
  await again.until('it is told', () => talksOf(again).length === 1);
  expect(talksOf(again)).toMatchObject([{ talkId }]);
});

test('users are found by name, whether they are there or not', async () => {
  const find = async (name: string): Promise<readonly FoundUser[]> => {
    const answer = await cleo.ask<UsersFound>({ type: FrameType.FindUsers, name });
    if (answer.type === FrameType.Error) throw new Error(answer.message);
    return answer.users;
  };
  expect(await find('aDa')).toMatchObject([{ userId: idOf(ada), online: true }]);
  const reason = GoodbyeReason.ClientLeft;
  ada.sendControl({ type: FrameType.Goodbye, reason, message: '' });
  await cleo.until('Ada is gone', () => !cleo.sessions.has(ada.authOk!.sessionToken));
  // While both are there one of them would be refused.
  const dan = await server.join({ displayName: 'ADA' });
  expect(await find('Ada')).toMatchObject([
    { userId: idOf(dan), displayName: 'ADA', online: true },
    { userId: idOf(ada), displayName: 'Ada', online: false },
  ]);
  expect(await find('Adam')).toEqual([]);
});
