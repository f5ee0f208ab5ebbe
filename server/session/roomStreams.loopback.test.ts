import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { serverLimits } from '../limits.js';
import { commandPace } from '../testing/commandPace.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;

beforeAll(async () => {
  const streams = {
    hotMessagesPerSecond: 3,
    calmMessagesPerSecond: 1,
    coolDownMs: 100,
  };
  const session = { ...serverLimits.session, sweepIntervalMs: 20, closeLingerMs: 50 };
  const lanes = commandPace({ perSecond: 1_000, burst: 1_000 });
  server = await startTestServer({ streams }, { session, lanes });
});

afterAll(async () => {
  await server.close();
});

const countOf = (client: TestClient, wanted: FrameType): number =>
  client.roomTypes.filter(([, type]) => type === wanted).length;

test('a room in which much is written has a stream of its own, and keeps its order', async () => {
  const writer = await server.join();
  const reader = await server.join();
  for (const client of [writer, reader]) {
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  }
  expect(reader.roomTypes).toEqual([]);
  const texts: string[] = [];
  const write = async (count: number): Promise<void> => {
    const sent = Array.from({ length: count }, (_, index) => String(texts.length + index));
    texts.push(...sent);
    for (const text of sent) await writer.command(textToSend(rootRoomId, text));
    await reader.until('all is there', () => reader.messages.length === texts.length);
  };
  for (let round = 1; round <= 3; round++) {
    await write(20);
    const promotions = countOf(reader, FrameType.RoomPromoted);
    expect(promotions).toBeGreaterThanOrEqual(round);
    await reader.until('it is unused', () => {
      return countOf(reader, FrameType.RoomDemoted) === promotions;
    });
  }
  expect(reader.messages.map(({ text }) => text)).toEqual(texts);
  const streams = new Set(reader.roomTypes.map(([stream]) => stream));
  expect(streams.size).toBe(1 + countOf(reader, FrameType.RoomPromoted));
});
