import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type {
  CommandMessage,
  EditRoom,
  HistoryPage,
  ReportList,
  Uuid,
} from '@rookery/schemas/messages';
import { rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { auditSeenBy, done, enterRoom, idOf, refusedWith } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import type { TestClient } from '../testing/testClient.js';

let ranked: RankedServer;
/** The moderator. */
let mona: TestClient;
/** Whom she moderates. */
let tom: TestClient;

beforeEach(async () => {
  const ranks = { Mona: 'moderator', Tom: 'member', Ulla: 'admin', Otto: 'owner' } as const;
  ranked = await startRankedServer(ranks);
  mona = await ranked.joinAs('Mona');
  tom = await ranked.joinAs('Tom');
});
afterEach(() => ranked.close());

const move = (client: TestClient, roomId: Uuid): CommandMessage => ({
  type: FrameType.MoveUser,
  userId: idOf(client),
  roomId,
  reason: '',
});
const say = (roomId: Uuid, text: string): CommandMessage => ({
  type: FrameType.SendMessage,
  ...{ roomId, text, clientMessageId: newUuid(), replyToId: null, attachmentIds: [] },
});
const edit = (roomId: Uuid, change: Partial<EditRoom>): EditRoom => ({
  ...{ type: FrameType.EditRoom, roomId, ...unchangedRoom },
  ...change,
});

async function createRoom(name: string): Promise<Uuid> {
  return done(mona, { type: FrameType.CreateRoom, isTemporary: false, parentId: rootRoomId, name });
}

describe('a calmed room', () => {
  test('that is locked is entered by those who may move others, and whom they move', async () => {
    const games = await createRoom('Games');
    await done(mona, edit(games, { isLocked: true }));
    expect(await refusedWith(tom, enterRoom(games))).toBe(ErrorCode.RoomLocked);
    await done(mona, enterRoom(games));
    await done(mona, move(tom, games));
    expect(await refusedWith(tom, enterRoom(games))).toBe(ErrorCode.Unknown);
    await done(tom, { type: FrameType.LeaveRoom });
    expect(await refusedWith(tom, enterRoom(games))).toBe(ErrorCode.RoomLocked);
    await done(mona, edit(games, { isLocked: false }));
    await done(tom, enterRoom(games));
  });

  test('with slow mode takes one message of a user at a time, of moderators any', async () => {
    await done(mona, edit(rootRoomId, { slowModeSeconds: 60 }));
    await done(mona, enterRoom(rootRoomId));
    await done(tom, enterRoom(rootRoomId));
    await done(tom, say(rootRoomId, 'first'));
    expect(await tom.command(say(rootRoomId, 'second'))).toMatchObject({
      code: ErrorCode.SlowMode,
      message: expect.stringMatching(/once in 60 s\. Try again in \d+ s\.$/) as string,
    });
    for (const text of ['one', 'two']) await done(mona, say(rootRoomId, text));
    await done(mona, edit(rootRoomId, { slowModeSeconds: 0 }));
    await done(tom, say(rootRoomId, 'third'));
  });
});

describe('a message', () => {
  const remove = (messageId: Uuid): CommandMessage => ({
    type: FrameType.DeleteMessage,
    roomId: rootRoomId,
    messageId,
  });

  test('of others is deleted by moderators, who are written down, and by nobody else', async () => {
    await done(mona, enterRoom(rootRoomId));
    await done(tom, enterRoom(rootRoomId));
    const hers = await done(mona, say(rootRoomId, 'mine'));
    expect(await refusedWith(tom, remove(hers))).toBe(ErrorCode.NotPermitted);
    const his = await done(tom, say(rootRoomId, 'rude'));
    await done(mona, remove(his));
    const question = { type: FrameType.ReadHistory, roomId: rootRoomId, messageId: null } as const;
    const asked = { ...question, direction: HistoryDirection.Before, count: 10 };
    const page = await mona.ask<HistoryPage>(asked);
    expect(page).toMatchObject({
      messages: [{ text: 'mine' }, { messageId: his, text: '', deleted: true }],
    });
    // One's own is nobody else's business.
    await done(mona, remove(hers));
    expect(await auditSeenBy(mona)).toMatchObject([
      { action: 'deleteMessage', actorName: 'Mona', targetName: 'Tom', isRefused: false },
      { action: 'deleteMessage', actorName: 'Tom', isRefused: true },
    ]);
  });

  test('is reported once, read by moderators with its words, and done with', async () => {
    await done(tom, enterRoom(rootRoomId));
    await done(mona, enterRoom(rootRoomId));
    const messageId = await done(mona, say(rootRoomId, 'buy this'));
    const report = {
      ...{ type: FrameType.ReportMessage, roomId: rootRoomId, messageId },
      reason: 'advertising',
    } as const;
    const reportId = await done(tom, report);
    expect(await done(tom, report)).toBe(reportId);
    await done(mona, remove(messageId));
    const read = { type: FrameType.ReadReports, beforeId: null, withResolved: false } as const;
    expect(await refusedWith(tom, read)).toBe(ErrorCode.NotPermitted);
    expect(await mona.ask<ReportList>(read)).toMatchObject({
      reports: [
        {
          ...{ reportId, messageId, authorName: 'Mona', byName: 'Tom', text: 'buy this' },
          ...{ reason: 'advertising', resolvedAtMs: null },
        },
      ],
      hasEarlier: false,
    });
    await done(mona, { type: FrameType.ResolveReport, reportId, resolution: 'deleted' });
    expect(await mona.ask<ReportList>(read)).toMatchObject({ reports: [] });
    expect(await mona.ask<ReportList>({ ...read, withResolved: true })).toMatchObject({
      reports: [{ reportId, resolverName: 'Mona', resolution: 'deleted' }],
    });
    const again = { ...report, messageId: newUuid() };
    expect(await refusedWith(tom, again)).toBe(ErrorCode.NoSuchMessage);
  });

  test('of the day is told to all who are there, and to who comes', async () => {
    const set = (text: string): CommandMessage => ({ type: FrameType.SetMessageOfTheDay, text });
    expect(await refusedWith(mona, set('mine'))).toBe(ErrorCode.NotPermitted);
    const ulla = await ranked.joinAs('Ulla');
    expect(ulla.messagesOfTheDay).toEqual([]);
    await done(ulla, set(' Welcome.\nBe kind. '));
    await tom.until('Tom is told', () => tom.messagesOfTheDay.length === 1);
    await ranked.restart();
    const uwe = await ranked.server.join({ displayName: 'Uwe' });
    expect(uwe.messagesOfTheDay).toEqual(['Welcome.\nBe kind.']);
    const otto = await ranked.joinAs('Otto');
    expect(await refusedWith(otto, set('a\0b'))).toBe(ErrorCode.InvalidField);
    await done(otto, set(''));
    expect((await ranked.server.join()).messagesOfTheDay).toEqual([]);
  });
});

test('what is made of rooms stands in the log, with who did it', async () => {
  const games = await createRoom('Games');
  const chess = await done(mona, {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: games,
    name: 'Chess',
  });
  await done(mona, { type: FrameType.RenameRoom, roomId: chess, name: 'Go' });
  await done(mona, edit(chess, { slowModeSeconds: 5 }));
  await done(mona, { type: FrameType.LinkRooms, firstId: games, secondId: chess });
  // Nothing is changed by it.
  await done(mona, edit(chess, { slowModeSeconds: 5 }));
  const ulla = await ranked.joinAs('Ulla');
  await done(ulla, { type: FrameType.DeleteRoom, roomId: chess });
  const entries = await auditSeenBy(mona);
  expect(entries.map(({ actorName, action, detail }) => [actorName, action, detail])).toEqual([
    ['Ulla', 'deleteRoom', 'Go'],
    ['Mona', 'linkRooms', 'with Go'],
    ['Mona', 'editRoom', 'slowModeSeconds: 0 → 5'],
    ['Mona', 'renameRoom', 'name: Chess → Go'],
    ['Mona', 'createRoom', 'Chess'],
    ['Mona', 'createRoom', 'Games'],
  ]);
  expect(entries.every(({ isRefused }) => !isRefused)).toBe(true);
});
