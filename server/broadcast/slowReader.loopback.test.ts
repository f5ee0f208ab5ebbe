import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { controlLimits, type ServerLimits } from '../limits.js';
import { commandPace } from '../testing/commandPace.js';
import type { TestClient } from '../testing/testClient.js';
import { openTestClients, startTestServer, type TestServer } from '../testing/testServer.js';

const text = 'x'.repeat(8_000);

let server: TestServer;
let speaker: TestClient;
let listener: TestClient;

const small: Partial<ServerLimits> = {
  state: { ...controlLimits.state, sessionsMax: 20, roomsMax: 20, linksMax: 20, listeningsMax: 20 },
  lanes: commandPace({ perSecond: 1_000, burst: 1_000 }),
  // A new client has to be sent all of its talks, and the outboxes here are small.
  talks: { ...controlLimits.talks, directMax: 8, groupsMax: 1, usersMax: 8 },
  // Whoever is closed is gone, and does not wait to come back.
  resume: { ...controlLimits.resume, graceMs: 0 },
};

async function start(session: Partial<ServerLimits['session']>): Promise<void> {
  const limits = { ...controlLimits.session, ...session };
  server = await startTestServer({}, { ...small, session: limits });
  speaker = await joined(await server.join());
  listener = await joined(await server.join());
}

async function joined(client: TestClient): Promise<TestClient> {
  await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  return client;
}

async function say(): Promise<void> {
  const answer = await speaker.command(textToSend(rootRoomId, text));
  expect(answer.type).toBe(FrameType.CommandDone);
}

afterEach(async () => {
  await server.close();
});

let messages = 0;

beforeEach(() => {
  messages = 0;
});

async function sayUntilSlowOneIsGone(): Promise<void> {
  while (speaker.sessions.size > 2) {
    await say();
    messages += 1;
    expect(messages).toBeLessThan(500);
  }
}

test('a reader that does not read is closed, and the others get every message', async () => {
  await start({ outboxBytesMax: 65_536 });
  const deaf = await openTestClients(server.running.info.quic.port);
  const slow = await deaf.connect();
  await slow.login();
  await joined(slow);
  await speaker.until('all are there', () => speaker.sessions.size === 3);
  deaf.stopReading();
  await sayUntilSlowOneIsGone();
  await listener.until('all has come', () => listener.messages.length === messages);
  expect(server.running.stats()).toMatchObject({ sessions: 2, protocolErrors: { tooSlow: 1 } });
  deaf.startReading();
  expect((await slow.untilClosed()).code).toBe(CloseCode.TooSlow);
  await deaf.close();
});

test('a reader for whom frames wait too long is closed, however few they are', async () => {
  await start({ outboxStalledMsMax: 100, sweepIntervalMs: 20 });
  const deaf = await openTestClients(server.running.info.quic.port);
  const slow = await deaf.connect();
  await slow.login();
  await joined(slow);
  await speaker.until('all are there', () => speaker.sessions.size === 3);
  deaf.stopReading();
  // More than flow control lets out, and far less than the outbox holds.
  for (let index = 0; index < 40; index++) await say();
  await speaker.until('the slow one is gone', () => speaker.sessions.size === 2);
  expect(server.running.stats()).toMatchObject({ protocolErrors: { tooSlow: 1 } });
  await deaf.close();
});
