import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import type { CommandDone, CommandMessage, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { hopTagBytes } from '@rookery/schemas/voicePacket';
import { controlLimits } from './limits.js';
import { LoopbackPeer } from './testing/loopbackPeer.js';
import { VoicePeer } from './testing/relayStage.js';
import { createIdentity, type TestClient } from './testing/testClient.js';
import { startTestServer, type TestServer } from './testing/testServer.js';

const membersForAllMax = 2;
const bobsIdentity = createIdentity();

let server: TestServer;
let peers: LoopbackPeer[];
let ada: TestClient;
/** In the room of Bob. */
let cleo: TestClient;
let den: Uuid;

/** Ada is in the lobby, all others in a room whose members she is not shown. */
beforeEach(async () => {
  peers = [];
  server = await startTestServer(
    {},
    { broadcast: { ...controlLimits.broadcast, membersForAllMax } },
  );
  [ada, cleo] = [await server.join(), await server.join()];
  const made = await done(ada, {
    type: FrameType.CreateRoom,
    isTemporary: false,
    parentId: rootRoomId,
    name: 'Den',
  });
  den = made.createdId!;
  await done(ada, enter(rootRoomId));
  await done(cleo, enter(den));
  await done(await server.join(), enter(den));
});

afterEach(async () => {
  for (const peer of peers) await peer.close();
  await server.close();
});

async function done(client: TestClient, command: CommandMessage): Promise<CommandDone> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer;
}

const enter = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });

/** Bob in a session of his own, in the den. */
async function bobComes(): Promise<TestClient> {
  const bob = await server.join({ identity: bobsIdentity, displayName: 'Bob' });
  await done(bob, enter(den));
  return bob;
}

/** Whispers to Bob, as a user. @returns the id of the list */
async function whisperToBob(userId: Uuid): Promise<number> {
  const { listId } = await done(ada, {
    type: FrameType.RegisterWhisper,
    sessionTokens: [],
    roomIds: [],
    withChildren: false,
    userIds: [userId],
  });
  await ada.until('Ada may whisper', () => ada.whispersReady.length === 1);
  return listId;
}

/** The client's voice on a socket of its own, which the relay knows. */
async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

test('a whisper is heard by a user whom one is not shown, also in a later session', async () => {
  const first = await bobComes();
  const listId = await whisperToBob(first.authOk!.userId);
  expect(ada.sessions.has(first.authOk!.sessionToken)).toBe(false);
  await first.until('Bob has the key', () => first.whisperKeys.length === 1);
  first.sendControl({ type: FrameType.Goodbye, reason: GoodbyeReason.ClientLeft, message: '' });
  await ada.until('the key is another', () => ada.whispersReady.length === 2);

  const second = await bobComes();
  expect(second.authOk!.sessionToken).not.toBe(first.authOk!.sessionToken);
  await second.until('Bob has the key', () => second.whisperKeys.length === 1);
  const { epoch, key } = ada.whispersReady.at(-1)!;
  const senderToken = ada.authOk!.sessionToken;
  expect(second.whisperKeys).toMatchObject([{ senderToken, epoch, key }]);
  expect(first.whisperKeys[0]!.key).not.toEqual(key);
  const [mouth, ear, other] = [await voiceOf(ada), await voiceOf(second), await voiceOf(cleo)];
  const packet = mouth.peer.whisper(listId);
  mouth.send(packet);
  await mouth.ping();
  await ear.ping();
  await other.ping();
  expect(ear.heard).toEqual([packet.slice(0, packet.length - hopTagBytes)]);
  expect(other.heard).toEqual([]);
  expect(cleo.whisperKeys).toEqual([]);
});

test('a whisper to a user who is away is heard from when that user comes', async () => {
  const before = await bobComes();
  const { userId } = before.authOk!;
  before.sendControl({ type: FrameType.Goodbye, reason: GoodbyeReason.ClientLeft, message: '' });
  await before.untilClosed();
  await whisperToBob(userId);
  const bob = await bobComes();
  await bob.until('Bob has the key', () => bob.whisperKeys.length === 1);
  expect(bob.whisperKeys[0]!.key).toEqual(ada.whispersReady.at(-1)!.key);
});
