import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import type { TestClient } from './testing/testClient.js';
import { controlLimits } from './limits.js';
import { startTestServer, type TestServer } from './testing/testServer.js';

const clientCount = 200;
const roomCount = 10;

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
});

async function done(client: TestClient, command: CommandMessage): Promise<Uuid | null> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

async function untilSessionsAreSeen(clients: TestClient[], count: number): Promise<void> {
  for (const client of clients) {
    await client.until(`${count} sessions are seen`, () => client.sessions.size === count);
  }
}

/** A newcomer is told the server's own view, in one piece. */
async function expectServersView(server: TestServer, clients: TestClient[]): Promise<void> {
  const newcomer = await server.join({ displayName: 'Newcomer' });
  await untilSessionsAreSeen(clients, newcomer.sessions.size);
  for (const client of clients) {
    expect(client.sessions).toEqual(newcomer.sessions);
    expect(client.rooms).toEqual(newcomer.rooms);
  }
  newcomer.close();
  await untilSessionsAreSeen(clients, clients.length);
}

/** A change that all have seen has everything before it. */
async function settle(clients: TestClient[]): Promise<void> {
  const name = `settled ${newUuid()}`;
  const roomId = await done(clients[0]!, {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name,
  });
  for (const client of clients) {
    await client.until('the last change is seen', () => client.rooms.has(roomId!));
  }
}

test('200 clients log in, join ten rooms, chat and leave with equal views', async () => {
  const broadcast = { ...controlLimits.broadcast, membersForAllMax: clientCount + 1 };
  server = await startTestServer({}, { broadcast });
  const { join } = server;
  const clients = await Promise.all(
    Array.from({ length: clientCount }, (_, index) => join({ displayName: `Client ${index}` })),
  );
  await untilSessionsAreSeen(clients, clientCount);
  const rooms: Uuid[] = [];
  for (let index = 0; index < roomCount; index++) {
    const name = `Room ${index}`;
    const command = {
      type: FrameType.CreateRoom,
      isTemporary: false,
      parentId: rootRoomId,
      name,
    } as const;
    rooms.push((await done(clients[index]!, command))!);
  }
  const roomOf = (index: number): Uuid => rooms[index % roomCount]!;
  await Promise.all(
    clients.map((client, index) =>
      done(client, { type: FrameType.JoinRoom, roomId: roomOf(index) }),
    ),
  );
  await settle(clients);
  await expectServersView(server, clients);
  clients.forEach((client, index) => {
    expect(client.self.roomId).toBe(roomOf(index));
  });

  await Promise.all(
    clients.map((client, index) => done(client, textToSend(roomOf(index), `from ${index}`))),
  );
  await settle(clients);
  clients.forEach((client, index) => {
    const texts = client.messages.map((message) => message.text).sort();
    const mates = Array.from({ length: clientCount / roomCount }, (_, mate) => {
      return `from ${(index % roomCount) + mate * roomCount}`;
    });
    expect(texts).toEqual(mates.sort());
  });

  const latestKey = (client: TestClient): Uint8Array | undefined => client.roomKeys.at(-1)?.key;
  clients.forEach((client, index) => {
    expect(latestKey(client)).toEqual(latestKey(clients[index % roomCount]!));
  });

  const leaving = clients.filter((_, index) => index % 2 === 1);
  const staying = clients.filter((_, index) => index % 2 === 0);
  await Promise.all(
    leaving.slice(0, 50).map((client) => done(client, { type: FrameType.LeaveRoom })),
  );
  for (const client of leaving) client.close();
  await untilSessionsAreSeen(staying, staying.length);
  await settle(staying);
  await expectServersView(server, staying);
  expect(server.running.stats()).toMatchObject({
    sessions: staying.length,
    connections: staying.length,
    rooms: staying[0]!.rooms.size,
  });
});
