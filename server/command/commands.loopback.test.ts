import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { controlLimits } from '../limits.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const nowhere = '00000000-0000-4000-8000-000000000001';

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeEach(async () => {
  server = await startTestServer();
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob' });
});

afterEach(async () => {
  await server.close();
});

async function done(client: TestClient, command: CommandMessage): Promise<Uuid | null> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

async function codeOf(client: TestClient, command: CommandMessage): Promise<ErrorCode | null> {
  const answer = await client.command(command);
  return answer.type === FrameType.Error ? answer.code : null;
}

async function createRoom(name: string, parentId = rootRoomId): Promise<Uuid> {
  const roomId = await done(ada, {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId,
    name,
  });
  await bob.until(`Bob sees ${name}`, () => bob.rooms.has(roomId!));
  return roomId!;
}

async function disconnect(client: TestClient): Promise<void> {
  client.close();
  await client.untilClosed();
}

const join = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });
const leave: CommandMessage = { type: FrameType.LeaveRoom };
const say = textToSend;

describe('rooms', () => {
  test('are made, renamed and deleted before the eyes of all', async () => {
    const games = await createRoom('Games');
    const chess = await createRoom('Chess', games);
    expect(bob.rooms.get(chess)).toEqual({
      roomId: chess,
      parentId: games,
      name: 'Chess',
      ...defaultRoom,
    });
    await done(bob, { type: FrameType.RenameRoom, roomId: chess, name: 'Go' });
    await ada.until('Ada sees the name', () => ada.rooms.get(chess)?.name === 'Go');
    await done(bob, { type: FrameType.DeleteRoom, roomId: chess });
    await ada.until('Ada sees it gone', () => !ada.rooms.has(chess));
  });

  test('are refused with the reason', async () => {
    const games = await createRoom('Games');
    await createRoom('Chess', games);
    const refusals: [ErrorCode, CommandMessage][] = [
      [
        ErrorCode.RoomExists,
        { type: FrameType.CreateRoom, isTemporary: false, parentId: rootRoomId, name: 'games' },
      ],
      [
        ErrorCode.NoSuchRoom,
        { type: FrameType.CreateRoom, isTemporary: false, parentId: nowhere, name: 'x' },
      ],
      [
        ErrorCode.InvalidField,
        { type: FrameType.CreateRoom, isTemporary: false, parentId: games, name: 'a/b' },
      ],
      [ErrorCode.NoSuchRoom, { type: FrameType.RenameRoom, roomId: nowhere, name: 'x' }],
      [ErrorCode.RootRoom, { type: FrameType.RenameRoom, roomId: rootRoomId, name: 'x' }],
      [ErrorCode.RoomNotEmpty, { type: FrameType.DeleteRoom, roomId: games }],
      [ErrorCode.RootRoom, { type: FrameType.DeleteRoom, roomId: rootRoomId }],
      [ErrorCode.NoSuchRoom, join(nowhere)],
      [ErrorCode.NotInRoom, leave],
    ];
    for (const [code, command] of refusals) {
      expect([command, await codeOf(bob, command)]).toEqual([command, code]);
    }
    expect(bob.closed).toBeNull();
  });

  test('that are deleted leave their members in the room above', async () => {
    const games = await createRoom('Games');
    await done(bob, join(games));
    await done(ada, { type: FrameType.DeleteRoom, roomId: games });
    await bob.until('Bob is in the lobby', () => bob.self.roomId === rootRoomId);
    expect(bob.roomKeys.at(-1)?.roomId).toBe(rootRoomId);
    expect(bob.rooms.has(games)).toBe(false);
  });

  test('show who is muted and deafened', async () => {
    await done(ada, { type: FrameType.SetSelfState, muted: true, deafened: true });
    const adaSeenByBob = (): unknown => bob.sessions.get(ada.authOk!.sessionToken);
    await bob.until('Bob sees it', () => ada.self.muted);
    expect(adaSeenByBob()).toMatchObject({ muted: true, deafened: true });
  });
});

describe('who records', () => {
  const record = (isRecording: boolean): CommandMessage => ({
    type: FrameType.SetRecording,
    isRecording,
  });

  test('is shown to all until they end it, wherever they go', async () => {
    const adaSeenByBob = (): SessionInfo => bob.sessions.get(ada.authOk!.sessionToken)!;
    await done(ada, join(rootRoomId));
    await done(ada, record(true));
    await bob.until('Bob sees it', () => adaSeenByBob().isRecording);
    await done(ada, record(false));
    await bob.until('Bob sees that it is over', () => !adaSeenByBob().isRecording);
    await done(ada, record(true));
    await done(ada, leave);
    await bob.until('it goes along', () => adaSeenByBob().roomId === null);
    expect(adaSeenByBob().isRecording).toBe(true);
  });
});

describe('room keys', () => {
  test('come to a joiner before the update that shows it in the room', async () => {
    await done(ada, join(rootRoomId));
    await ada.until('Ada is in the room', () => ada.self.roomId === rootRoomId);
    const { RoomKey, MembersUpdate, OwnSession } = FrameType;
    const types = [RoomKey, MembersUpdate, MembersUpdate, OwnSession];
    const at = ada.viewTypes.indexOf(RoomKey);
    expect(ada.viewTypes.slice(at, at + 4)).toEqual(types);
    expect(ada.roomKeys).toMatchObject([{ roomId: rootRoomId, epoch: 0, useAfterMs: 0 }]);
    expect(bob.roomKeys).toEqual([]);
  });

  test('are the same for all members', async () => {
    await done(ada, join(rootRoomId));
    await done(bob, join(rootRoomId));
    await bob.until('Bob has a key', () => bob.roomKeys.length > 0);
    expect(bob.roomKeys[0]?.key).toEqual(ada.roomKeys[0]?.key);
  });

  const partings: [string, (games: Uuid) => Promise<unknown>][] = [
    ['leaves', () => done(bob, leave)],
    ['moves', () => done(bob, join(rootRoomId))],
    ['disconnects', () => disconnect(bob)],
    ['is replaced', () => server.join({ identity: bobsIdentity })],
  ];
  let bobsIdentity = createIdentity();

  test.each(partings)('are replaced when a member %s', async (_how, part) => {
    bobsIdentity = createIdentity();
    bob = await server.join({ identity: bobsIdentity });
    const games = await createRoom('Games');
    await done(ada, join(games));
    await done(bob, join(games));
    await bob.until('Bob has a key', () => bob.roomKeys.length > 0);
    await part(games);
    await ada.until('Ada has another', () => ada.roomKeys.length === 2);
    expect(ada.roomKeys[1]).toMatchObject({ roomId: games, epoch: 1, useAfterMs: 200 });
    expect(ada.roomKeys[1]?.key).not.toEqual(ada.roomKeys[0]?.key);
    expect(bob.roomKeys.some((key) => key.roomId === games && key.epoch === 1)).toBe(false);
  });
});

describe('messages', () => {
  test('reach the members of the room, the sender too, and nobody else', async () => {
    const eve = await server.join({ displayName: 'Eve' });
    await done(ada, join(rootRoomId));
    await done(bob, join(rootRoomId));
    const before = Date.now();
    const clientMessageId = newUuid();
    const messageId = await done(ada, say(rootRoomId, 'hello', clientMessageId));
    await bob.until('Bob has it', () => bob.messages.length === 1);
    await ada.until('Ada has it', () => ada.messages.length === 1);
    expect(bob.messages).toEqual(ada.messages);
    expect(bob.messages[0]).toMatchObject({
      messageId,
      roomId: rootRoomId,
      userId: ada.authOk?.userId,
      displayName: 'Ada',
      text: 'hello',
      clientMessageId,
    });
    expect(bob.messages[0]?.sentAtMs).toBeGreaterThanOrEqual(before);
    // Sent to all after the message, so that Eve would have got the message by now.
    await done(ada, leave);
    const adaSeenByEve = (): unknown => eve.sessions.get(ada.authOk!.sessionToken)?.roomId;
    await eve.until('Eve sees Ada leave', () => adaSeenByEve() === null);
    expect(eve.messages).toEqual([]);
  });

  test('reach who subscribed to the room, and may write in it', async () => {
    const roomId = await createRoom('Games');
    await done(ada, join(roomId));
    await done(bob, { type: FrameType.Subscribe, roomIds: [roomId] });
    await done(bob, say(roomId, 'Who plays?'));
    await ada.until('Ada reads it', () => ada.messages.length === 1);
    await bob.until('Bob reads it', () => bob.messages.length === 1);
    await done(bob, { type: FrameType.Subscribe, roomIds: [] });
    expect(await codeOf(bob, say(roomId, 'Me!'))).toBe(ErrorCode.NotInRoom);
    await done(ada, say(roomId, 'I do'));
    await ada.until('Ada reads both', () => ada.messages.length === 2);
    await done(ada, leave);
    const adaSeenByBob = (): unknown => bob.sessions.get(ada.authOk!.sessionToken)?.roomId;
    await bob.until('Bob sees Ada leave', () => adaSeenByBob() === null);
    expect(bob.messages).toHaveLength(1);
  });

  test('come after the update that shows their sender in the room', async () => {
    await done(bob, join(rootRoomId));
    ada.sendCommand(join(rootRoomId));
    ada.sendCommand(say(rootRoomId, 'at once'));
    await bob.until('Bob has it', () => bob.messages.length === 1);
    expect(bob.sessions.get(ada.authOk!.sessionToken)?.roomId).toBe(rootRoomId);
  });

  test('have ids that sort by time', async () => {
    await done(ada, join(rootRoomId));
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.push((await done(ada, say(rootRoomId, `${index}`)))!);
      const sentAtMs = Date.now();
      while (Date.now() === sentAtMs) await new Promise((resolve) => setImmediate(resolve));
    }
    expect([...ids].sort()).toEqual(ids);
  });

  test('sent again, by the same user, are answered again and not doubled', async () => {
    const identity = createIdentity();
    const eve = await server.join({ identity });
    await done(eve, join(rootRoomId));
    await done(bob, join(rootRoomId));
    const message = say(rootRoomId, 'once');
    const messageId = await done(eve, message);
    expect(await done(eve, message)).toBe(messageId);
    const eveAgain = await server.join({ identity });
    expect(await done(eveAgain, message)).toBe(messageId);
    await done(eveAgain, join(rootRoomId));
    await done(eveAgain, say(rootRoomId, 'twice'));
    await bob.until('Bob has the second', () => bob.messages.at(-1)?.text === 'twice');
    expect(bob.messages).toHaveLength(2);
  });

  test('are refused from outside the room, to no room and without text', async () => {
    expect(await codeOf(ada, say(rootRoomId, 'x'))).toBe(ErrorCode.NotInRoom);
    expect(await codeOf(ada, say(nowhere, 'x'))).toBe(ErrorCode.NoSuchRoom);
    await done(ada, join(rootRoomId));
    expect(await codeOf(ada, say(rootRoomId, ' \n'))).toBe(ErrorCode.InvalidField);
  });
});

describe('commands that come too fast', () => {
  test('are refused with the time to wait, and carried out after it', async () => {
    const { burst } = controlLimits.lanes.commands.pace;
    const answers = Array.from({ length: burst + 5 }, () => ada.command(join(rootRoomId)));
    const codes = (await Promise.all(answers)).map((answer) =>
      answer.type === FrameType.Error ? answer.code : null,
    );
    expect(codes).toContain(ErrorCode.TooFast);
    const throttle = ada.control.findLast((message) => message.type === FrameType.Throttle);
    expect(throttle).toMatchObject({ frameType: FrameType.JoinRoom });
    await new Promise((resolve) => setTimeout(resolve, throttle?.retryAfterMs));
    expect(await codeOf(ada, leave)).toBeNull();
    expect(ada.closed).toBeNull();
    expect(await codeOf(bob, join(rootRoomId))).toBeNull();
  });
});
