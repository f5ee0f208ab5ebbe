import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type {
  CommandMessage,
  ErrorMessage,
  HistoryPage,
  PinList,
  SendMessage,
  Uuid,
} from '@rookery/schemas/messages';
import { fieldLimits, rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { newUuid } from '@rookery/schemas/uuid';
import { commandPace } from '../testing/commandPace.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeEach(async () => {
  server = await startTestServer({}, { lanes: commandPace({ perSecond: 1_000, burst: 1_000 }) });
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob' });
  for (const client of [ada, bob]) await done(client, join);
});

afterEach(async () => {
  await server.close();
});

const join: CommandMessage = { type: FrameType.JoinRoom, roomId: rootRoomId };
const { EditMessage, DeleteMessage, AddReaction, RemoveReaction, ReadPins } = FrameType;
const { PinMessage, UnpinMessage } = FrameType;

async function done(client: TestClient, command: CommandMessage): Promise<Uuid | null> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

async function codeOf(client: TestClient, command: CommandMessage): Promise<ErrorCode | null> {
  const answer = await client.command(command);
  return answer.type === FrameType.Error ? answer.code : null;
}

async function say(client: TestClient, text: string, more: Partial<SendMessage> = {}) {
  return (await done(client, { ...textToSend(rootRoomId, text), ...more }))!;
}

/** The command about a message of the lobby. */
const about = (messageId: Uuid) => ({ roomId: rootRoomId, messageId });

type Query = readonly [direction: HistoryDirection, messageId: Uuid | null, count: number];

function readHistory([direction, messageId, count]: Query, roomId = rootRoomId): CommandMessage {
  return { type: FrameType.ReadHistory, roomId, direction, messageId, count };
}

async function pageOf(client: TestClient, ...query: Query): Promise<HistoryPage> {
  const answer = await client.ask<HistoryPage>(readHistory(query));
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer;
}

async function newest(client: TestClient, count = 50): Promise<HistoryPage['messages']> {
  return (await pageOf(client, HistoryDirection.Before, null, count)).messages;
}

async function pinsOf(client: TestClient): Promise<Uuid[]> {
  const answer: PinList | ErrorMessage = await client.ask({ type: ReadPins, roomId: rootRoomId });
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.messages.map(({ messageId }) => messageId);
}

describe('history', () => {
  test('is read in both directions and around a message, with what lies beyond', async () => {
    const ids: Uuid[] = [];
    for (let index = 0; index < 7; index++) ids.push(await say(ada, `${index}`));
    const { Before, After, Around } = HistoryDirection;
    const queries: [Query, string, boolean, boolean][] = [
      [[Before, null, 3], '456', true, false],
      [[Before, null, 100], '0123456', false, false],
      [[Before, ids[2]!, 2], '01', false, true],
      [[Before, ids[0]!, 2], '', false, true],
      [[After, null, 2], '01', false, true],
      [[After, ids[4]!, 9], '56', true, false],
      [[After, ids[6]!, 9], '', true, false],
      [[Around, ids[3]!, 3], '234', true, true],
      [[Around, ids[0]!, 3], '012', false, true],
      [[Around, ids[6]!, 3], '56', true, false],
    ];
    for (const [query, texts, hasEarlier, hasLater] of queries) {
      const page = await pageOf(bob, ...query);
      const found = page.messages.map(({ text }) => text).join('');
      expect([query, found, page.hasEarlier, page.hasLater]).toEqual([
        query,
        texts,
        hasEarlier,
        hasLater,
      ]);
    }
    expect(await newest(bob)).toMatchObject(
      bob.messages.map(({ messageId, text }) => ({ messageId, text })),
    );
  });

  test('ends a page before it is too long', async () => {
    const long = 'x'.repeat(fieldLimits.textBytesMax);
    for (let index = 0; index < 40; index++) await say(ada, long);
    const page = await pageOf(bob, HistoryDirection.Before, null, 100);
    expect(page.messages).toHaveLength(32);
    expect(page).toMatchObject({ hasEarlier: true, hasLater: false });
  });

  test('is refused to who does not read there, and in numbers that nobody needs', async () => {
    const games = (await done(ada, {
      type: FrameType.CreateRoom,
      isTemporary: false,
      parentId: rootRoomId,
      name: 'Games',
    }))!;
    const { Before, Around } = HistoryDirection;
    const refusals: [ErrorCode, CommandMessage][] = [
      [ErrorCode.InvalidField, readHistory([Before, null, 2 ** 31])],
      [ErrorCode.InvalidField, readHistory([Before, null, 101])],
      [ErrorCode.InvalidField, readHistory([Before, null, 0])],
      [ErrorCode.InvalidField, readHistory([Around, null, 10])],
      [ErrorCode.NotInRoom, readHistory([Before, null, 10], games)],
      [ErrorCode.NoSuchRoom, readHistory([Before, null, 10], newUuid())],
    ];
    for (const [code, command] of refusals) {
      expect([command, await codeOf(bob, command)]).toEqual([command, code]);
    }
    await done(bob, { type: FrameType.Subscribe, roomIds: [games] });
    expect(await bob.ask(readHistory([Before, null, 10], games))).toMatchObject({
      type: FrameType.HistoryPage,
      messages: [],
      hasEarlier: false,
      hasLater: false,
    });
    expect(bob.closed).toBeNull();
  });
});

describe('a message', () => {
  test('may answer another, and mention people', async () => {
    const messageId = await say(ada, 'Who plays?');
    const text = `<@${ada.authOk!.userId}>: me`;
    await say(bob, text, { replyToId: messageId });
    await ada.until('Ada reads both', () => ada.messages.length === 2);
    expect(ada.messages[1]).toMatchObject({
      replyToId: messageId,
      mentionedIds: [ada.authOk!.userId],
    });
    expect((await newest(bob))[1]).toMatchObject({ text, replyToId: messageId });
    const nothing = { ...textToSend(rootRoomId, 'x'), replyToId: newUuid() };
    expect(await codeOf(bob, nothing)).toBe(ErrorCode.NoSuchMessage);
  });

  test('is refused with controls, and with files that there are not', async () => {
    expect(await codeOf(ada, textToSend(rootRoomId, '\u001b[31m'))).toBe(ErrorCode.InvalidField);
    const files = { ...textToSend(rootRoomId, 'look'), attachmentIds: [newUuid()] };
    expect(await codeOf(ada, files)).toBe(ErrorCode.NoSuchFile);
  });

  test('is edited by who wrote it, before the eyes of all', async () => {
    const messageId = await say(ada, 'helo');
    const edit = { type: EditMessage, ...about(messageId), text: 'hello' } as const;
    expect(await codeOf(bob, edit)).toBe(ErrorCode.NotPermitted);
    expect(await codeOf(ada, { ...edit, text: '\0' })).toBe(ErrorCode.InvalidField);
    expect(await codeOf(ada, { ...edit, messageId: newUuid() })).toBe(ErrorCode.NoSuchMessage);
    await done(ada, edit);
    await bob.until('Bob sees it', () => bob.news.length === 1);
    const editedAtMs = expect.any(Number) as number;
    expect(bob.news[0]).toMatchObject({ messageId, text: 'hello', editedAtMs });
    expect(await newest(bob)).toMatchObject([{ messageId, text: 'hello', editedAtMs }]);
  });

  test('is deleted by who wrote it, with all that belonged to it', async () => {
    const messageId = await say(ada, 'oops');
    const answer = await say(bob, 'what?', { replyToId: messageId });
    await done(bob, { type: AddReaction, ...about(messageId), emoji: '👍' });
    await done(bob, { type: PinMessage, ...about(messageId) });
    const remove = { type: DeleteMessage, ...about(messageId) } as const;
    expect(await codeOf(bob, remove)).toBe(ErrorCode.NotPermitted);
    await done(ada, remove);
    await bob.until('Bob sees it', () => bob.news.at(-1)?.type === FrameType.MessageDeleted);
    expect(await newest(bob)).toMatchObject([
      { messageId, text: '', deleted: true, reactions: [] },
      { messageId: answer, deleted: false },
    ]);
    expect(await pinsOf(bob)).toEqual([]);
    await done(ada, remove);
    const edit = { type: EditMessage, ...about(messageId), text: 'back' } as const;
    const react = { type: AddReaction, ...about(messageId), emoji: '👍' } as const;
    for (const command of [edit, react, { type: PinMessage, ...about(messageId) } as const]) {
      expect(await codeOf(ada, command)).toBe(ErrorCode.NoSuchMessage);
    }
  });
});

describe('reactions', () => {
  test('count each user once, and show each what is theirs', async () => {
    const messageId = await say(ada, 'tea?');
    const react = { type: AddReaction, ...about(messageId), emoji: '👍' } as const;
    for (const client of [ada, bob, bob]) await done(client, react);
    await ada.until('Ada sees both', () => ada.news.length === 2);
    expect(ada.news).toMatchObject([
      { emoji: '👍', count: 1, userId: ada.authOk!.userId, added: true },
      { emoji: '👍', count: 2, userId: bob.authOk!.userId, added: true },
    ]);
    await done(ada, { ...react, type: RemoveReaction });
    await done(ada, { ...react, type: RemoveReaction });
    await ada.until('Ada sees it', () => ada.news.length === 3);
    expect(ada.news[2]).toMatchObject({ count: 1, added: false });
    const [seenByAda] = await newest(ada);
    const [seenByBob] = await newest(bob);
    expect(seenByAda?.reactions).toEqual([{ emoji: '👍', count: 1, mine: false }]);
    expect(seenByBob?.reactions).toEqual([{ emoji: '👍', count: 1, mine: true }]);
    await done(bob, { ...react, type: RemoveReaction });
    expect((await newest(bob))[0]?.reactions).toEqual([]);
  });

  test('are emoji, of few kinds', async () => {
    const messageId = await say(ada, 'tea?');
    const react = (emoji: string): CommandMessage => ({
      type: AddReaction,
      ...about(messageId),
      emoji,
    });
    expect(await codeOf(bob, react('tea'))).toBe(ErrorCode.InvalidField);
    const kinds = Array.from({ length: fieldLimits.reactionKindsMax + 1 }, (_, index) =>
      String.fromCodePoint(0x1f600 + index),
    );
    for (const emoji of kinds.slice(0, -1)) await done(bob, react(emoji));
    expect(await codeOf(bob, react(kinds.at(-1)!))).toBe(ErrorCode.LimitReached);
    await done(ada, react(kinds[0]!));
  });
});

describe('pins', () => {
  test('are listed in their order, until they are taken away', async () => {
    const [one, two] = [await say(ada, 'one'), await say(ada, 'two')];
    const pin = (messageId: Uuid) => ({ type: PinMessage, ...about(messageId) }) as const;
    for (const messageId of [two, one, two]) await done(bob, pin(messageId));
    expect(await pinsOf(ada)).toEqual([two, one]);
    await done(ada, { ...pin(two), type: UnpinMessage });
    await done(ada, { ...pin(two), type: UnpinMessage });
    await bob.until('Bob sees all', () => bob.news.length === 3);
    expect(bob.news.map((news) => 'pinned' in news && news.pinned)).toEqual([true, true, false]);
    expect(await pinsOf(bob)).toEqual([one]);
  });

  test('are few', async () => {
    for (let count = 0; count < fieldLimits.pinsMax; count++) {
      await done(ada, { type: PinMessage, ...about(await say(ada, 'x')) });
    }
    const oneMore = { type: PinMessage, ...about(await say(ada, 'x')) } as const;
    expect(await codeOf(ada, oneMore)).toBe(ErrorCode.LimitReached);
  });
});
