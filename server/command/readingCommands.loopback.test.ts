import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, Message, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { newUuid } from '@rookery/schemas/uuid';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const bobsIdentity = createIdentity();

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeEach(async () => {
  server = await startTestServer();
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob', identity: bobsIdentity });
  await ask(ada, { type: FrameType.JoinRoom, roomId: rootRoomId });
  await ask(bob, { type: FrameType.JoinRoom, roomId: rootRoomId });
});

afterEach(async () => {
  await server.close();
});

/** Whatever is answered, by type. */
async function ask(client: TestClient, command: CommandMessage): Promise<Message> {
  return client.command(command);
}

async function say(client: TestClient, text: string): Promise<Uuid> {
  const answer = await client.command(textToSend(rootRoomId, text));
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId!;
}

function search(query: string, change: object = {}): CommandMessage {
  const all = { roomId: rootRoomId, beforeId: null, count: 10 };
  return { type: FrameType.Search, ...all, query, ...change };
}

function read(messageId: Uuid, roomId = rootRoomId): CommandMessage {
  return { type: FrameType.MessageRead, roomId, messageId };
}

const unread: CommandMessage = { type: FrameType.ReadUnread, roomIds: [] };

describe('a search', () => {
  /** What was written is entered into the index a moment later. */
  async function untilFound(query: string, count: number): Promise<Message> {
    for (;;) {
      const page = await ask(bob, search(query));
      if (page.type !== FrameType.SearchPage) throw new Error(`answered with ${page.type}`);
      if (page.messages.length === count) return page;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('finds messages of the room, a page at a time', async () => {
    await say(ada, 'Who plays chess?');
    const second = await say(bob, 'I play CHESS');
    await say(ada, 'good');
    expect(await untilFound('chess', 2)).toMatchObject({
      messages: [{ text: 'I play CHESS', displayName: 'Bob' }, { text: 'Who plays chess?' }],
      goOnBefore: null,
    });
    expect(await ask(bob, search('chess', { count: 1 }))).toMatchObject({
      messages: [{ messageId: second }],
      goOnBefore: second,
    });
    expect(await ask(bob, search('chess', { count: 1, beforeId: second }))).toMatchObject({
      messages: [{ text: 'Who plays chess?' }],
    });
  });

  test.each([
    ['no word', search('?!'), ErrorCode.InvalidField],
    ['nothing', search('chess', { count: 0 }), ErrorCode.InvalidField],
    ['2^31 messages', search('chess', { count: 2 ** 31 }), ErrorCode.InvalidField],
    ['a room that is not there', search('chess', { roomId: newUuid() }), ErrorCode.NoSuchRoom],
  ])('for %s is refused', async (_, command, code) => {
    expect(await ask(ada, command)).toMatchObject({ type: FrameType.Error, code });
  });

  test('of a room that one does not read is refused', async () => {
    await ask(bob, { type: FrameType.LeaveRoom });
    expect(await ask(bob, search('chess'))).toMatchObject({ code: ErrorCode.NotInRoom });
  });
});

describe('what is unread', () => {
  test('is what others wrote since, and who is mentioned, also after coming back', async () => {
    const first = await say(ada, 'one');
    await ask(bob, read(first));
    await say(ada, 'two');
    await say(bob, 'mine');
    const last = await say(ada, `three <@${bob.authOk!.userId}>`);
    const expected = {
      type: FrameType.UnreadCounts,
      rooms: [{ roomId: rootRoomId, readId: first, unread: 2, mentions: 1, latestId: last }],
    };
    expect(await ask(bob, unread)).toEqual(expected);
    bob.close();
    await bob.untilClosed();
    const bobAgain = await server.join({ identity: bobsIdentity });
    expect(await ask(bobAgain, unread)).toEqual(expected);
    await ask(bobAgain, read(last));
    expect(await ask(bobAgain, unread)).toMatchObject({ rooms: [{ unread: 0, mentions: 0 }] });
  });

  test('is told of rooms by name where nothing was read', async () => {
    expect(await ask(bob, unread)).toMatchObject({ rooms: [] });
    await say(ada, 'one');
    const asked: CommandMessage = { type: FrameType.ReadUnread, roomIds: [rootRoomId, newUuid()] };
    expect(await ask(bob, asked)).toMatchObject({
      rooms: [{ roomId: rootRoomId, readId: null, unread: 1 }],
    });
  });

  test('does not grow again when an older message is read', async () => {
    const first = await say(ada, 'one');
    const second = await say(ada, 'two');
    await ask(bob, read(second));
    expect(await ask(bob, read(first))).toMatchObject({ type: FrameType.CommandDone });
    expect(await ask(bob, unread)).toMatchObject({ rooms: [{ readId: second, unread: 0 }] });
  });

  test('cannot be marked where there is nothing', async () => {
    expect(await ask(bob, read(newUuid()))).toMatchObject({ code: ErrorCode.InvalidField });
    await say(ada, 'one');
    const beyond = 'ffffffff-ffff-7fff-bfff-ffffffffffff';
    expect(await ask(bob, read(beyond))).toMatchObject({ code: ErrorCode.InvalidField });
    expect(await ask(bob, read(beyond, newUuid()))).toMatchObject({ code: ErrorCode.NoSuchRoom });
  });
});
