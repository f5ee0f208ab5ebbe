import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { fuzzCases, fuzzMessages } from '@rookery/schemas/testing/fuzzCases';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { TransportError } from '@rookery/transport/transportError';
import { FuzzedServer, type FuzzedMemory } from '../testing/fuzzedServer.js';
import {
  anyDatagram,
  anyFrame,
  survivableFrame,
  type LiveNames,
} from '../testing/messageFuzzer.js';
import { createIdentity, type TestClient, type TestIdentity } from '../testing/testClient.js';
import { openTestClients, type TestClients } from '../testing/testServer.js';

const messages = fuzzMessages(2_000);
const { seed } = fuzzCases();
/** Of one session, the last of which may end it. */
const messagesOfSession = 64;
const sessionsAtOnce = 4;
/** A user may be banned by what another one happens to say. */
const sessionsOfIdentity = 25;
/** From here on memory is told of, and from here on asserted: a short run has not settled. */
const toldMessagesMin = 20_000;
const settledMessagesMin = 500_000;
// Of the later half, the least of many counts: a password being hashed takes 64 MiB for a moment.
const samples = messages < toldMessagesMin ? 2 : 100;

let server: FuzzedServer;
let clients: TestClients;

beforeAll(async () => {
  server = await FuzzedServer.start();
  clients = await openTestClients(server.port);
});

afterAll(async () => {
  await clients.close();
  await server.stop();
});

function liveNames(client: TestClient): LiveNames {
  const rooms = [...client.rooms.keys()];
  const written = client.messages.map(({ messageId }) => messageId);
  const users = [...client.sessions.values()].map(({ userId }) => userId);
  return {
    ids: [rootRoomId, ...rooms.slice(-8), ...written.slice(-8), ...users.slice(-8)],
    tokens: [client.authOk!.sessionToken, ...client.sessions.keys()].slice(-8),
  };
}

/** @returns messages sent */
async function converse(random: SeededRandom, identity: TestIdentity): Promise<number> {
  const client = await clients.connect();
  if (random.chance(0.05)) {
    const { lane, bytes } = anyFrame(random, { ids: [rootRoomId], tokens: [0] });
    client.sendBytes(lane, bytes);
    client.close();
    return 1;
  }
  const answer = await client.login({ identity });
  // Auth was a message too.
  if (answer.type !== FrameType.AuthOk) return 1;
  client.sendCommand({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const names = liveNames(client);
  const survivable = random.below(messagesOfSession);
  for (let sent = 0; sent < survivable && client.closed === null; sent++) {
    const { lane, bytes } = survivableFrame(random, names);
    client.sendBytes(lane, bytes);
    if (random.chance(0.1)) client.sendDatagram(anyDatagram(random));
  }
  const { lane, bytes } = anyFrame(random, names);
  client.sendBytes(lane, bytes);
  await untilOver(client, lane === 'control');
  client.close();
  return survivable + 1;
}

/** A connection may end between two calls: what was sent on it before is not counted. */
function noneOfWhoIsGone(error: unknown): number {
  if (error instanceof TransportError && error.code === 'unknownConnection') return 1;
  throw error;
}

/** Waits until what a client sent was heard, or thrown out together with it. */
async function untilOver(client: TestClient, isControlDamaged: boolean): Promise<void> {
  // A damaged frame may have kept all that follows on its stream waiting, so another is asked.
  if (isControlDamaged) client.sendCommand({ type: FrameType.LeaveRoom });
  else client.sendControl({ type: FrameType.Ping, nonce: 0 });
  const answers: readonly FrameType[] = isControlDamaged
    ? [FrameType.CommandDone, FrameType.Error]
    : [FrameType.Pong];
  await client.until('what was sent is over', () => {
    return client.closed !== null || client.control.some(({ type }) => answers.includes(type));
  });
}

/** Somebody honest is let in, or told why not, and answered. */
async function expectAnswer(): Promise<void> {
  const client = await clients.connect();
  const answer = await client.login();
  if (answer.type === FrameType.AuthOk) {
    await client.command({ type: FrameType.SetSelfState, muted: true, deafened: false });
  }
  client.close();
}

async function fuzz(count: number, from: number): Promise<void> {
  let sent = 0;
  let conversation = from;
  const takeTurns = async (): Promise<void> => {
    let identity = createIdentity();
    for (let turn = 1; sent < count; turn++) {
      if (turn % sessionsOfIdentity === 0) identity = createIdentity();
      const random = new SeededRandom(Math.imul(seed, 0x01000193) + conversation++);
      const more = await converse(random, identity).catch(noneOfWhoIsGone);
      sent += more;
    }
  };
  await Promise.all(Array.from({ length: sessionsAtOnce }, takeTurns));
  await expectAnswer();
}

/** Growth of the later half of what was measured after settling, as a share. */
function growthOf(bytes: readonly number[]): number {
  const settled = bytes.slice(bytes.length / 2);
  const half = Math.floor(settled.length / 2);
  return Math.min(...settled.slice(-half)) / Math.min(...settled.slice(0, half)) - 1;
}

test('outlives damaged messages of every type', { timeout: 60_000 + messages * 10 }, async () => {
  const memory: FuzzedMemory[] = [];
  for (let sample = 0; sample < samples; sample++) {
    try {
      await fuzz(messages / samples, sample * messages);
    } catch (cause) {
      const ended = server.endedBy === null ? '' : `; the server ended by ${server.endedBy}`;
      throw new Error(`ROOKERY_FUZZ_SEED=${seed}, part ${sample}${ended}`, { cause });
    }
    memory.push(await server.memory());
  }
  expect(server.endedBy).toBe(null);
  const growth = {
    heap: growthOf(memory.map(({ heapBytes }) => heapBytes)),
    anonymous: growthOf(memory.map(({ anonymousBytes }) => anonymousBytes)),
  };
  if (messages < toldMessagesMin) return;
  process.stdout.write(`${JSON.stringify({ messages, seed, growth, memory })}\n`);
  if (messages < settledMessagesMin) return;
  expect(growth.heap, `seed ${seed}`).toBeLessThan(0.01);
  expect(growth.anonymous, `seed ${seed}`).toBeLessThan(0.01);
});
