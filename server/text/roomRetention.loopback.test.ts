import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type { CommandMessage, Message, Uuid } from '@rookery/schemas/messages';
import { rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { serverLimits } from '../limits.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const sentCount = 6;

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeEach(async () => {
  const retention = { keepDays: 0, keepMessages: 2 };
  const store = { ...serverLimits.store, trimIntervalMs: 20 };
  server = await startTestServer({ retention }, { store });
  ada = await server.join({ displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob' });
});

afterEach(async () => {
  await server.close();
});

const ask = (command: CommandMessage): Promise<Message> => ada.command(command);

async function done(command: CommandMessage): Promise<Uuid | null> {
  const answer = await ada.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

/** How many messages are there, once it is so many. */
async function untilKept(roomId: Uuid, count: number): Promise<void> {
  const page = { direction: HistoryDirection.Before, messageId: null, count: 100 };
  for (;;) {
    const answer = await ask({ type: FrameType.ReadHistory, roomId, ...page });
    if (answer.type !== FrameType.HistoryPage) throw new Error(`answered with ${answer.type}`);
    if (answer.messages.length === count) return;
    expect(answer.messages.length, `messages in ${roomId}`).toBeGreaterThan(count);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a room keeps what is set of it; others, and talks, what the server says', async () => {
  const games = (await done({
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name: 'Games',
  }))!;
  const change = { ...unchangedRoom, keepMessages: 4 };
  await done({ type: FrameType.EditRoom, roomId: games, ...change });
  const talk = (await done({ type: FrameType.OpenTalk, userId: bob.authOk!.userId }))!;
  await done({ type: FrameType.Subscribe, roomIds: [games, rootRoomId] });
  for (const [roomId, count] of [
    [games, 4],
    [rootRoomId, 2],
    [talk, 2],
  ] as const) {
    for (let at = 0; at < sentCount; at++) await done(textToSend(roomId, `${at}`));
    await untilKept(roomId, count);
  }
  await untilKept(games, 4);
  await done({ type: FrameType.EditRoom, roomId: games, ...change, keepMessages: 1 });
  await untilKept(games, 1);
});
