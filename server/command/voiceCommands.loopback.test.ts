import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandDone, CommandMessage, RegisterWhisper } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { hopTagBytes } from '@rookery/schemas/voicePacket';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { VoicePeer } from '../testing/relayStage.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const join: CommandMessage = { type: FrameType.JoinRoom, roomId: rootRoomId };
const leave: CommandMessage = { type: FrameType.LeaveRoom };

let server: TestServer;
let ada: TestClient;
let bob: TestClient;
let cleo: TestClient;
let peers: LoopbackPeer[];

beforeEach(async () => {
  server = await startTestServer();
  [ada, bob, cleo] = [await server.join(), await server.join(), await server.join()];
  peers = [];
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

/** The client's voice on a socket of its own, which the relay knows. */
async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

function whisperTo(...clients: TestClient[]): RegisterWhisper {
  const sessionTokens = clients.map(({ authOk }) => authOk!.sessionToken);
  return {
    type: FrameType.RegisterWhisper,
    sessionTokens,
    roomIds: [],
    withChildren: false,
    userIds: [],
  };
}

const shout: RegisterWhisper = {
  type: FrameType.RegisterWhisper,
  sessionTokens: [],
  roomIds: [rootRoomId],
  withChildren: true,
  userIds: [],
};

describe('a whisper', () => {
  test('is heard by whom it names, who have its key, and by nobody else', async () => {
    const { listId, createdId } = await done(ada, whisperTo(bob));
    expect(createdId).toBeNull();
    await ada.until('Ada may whisper', () => ada.whispersReady.length === 1);
    await bob.until('Bob has the key', () => bob.whisperKeys.length === 1);
    const [ready] = ada.whispersReady;
    expect(ready).toMatchObject({ listId, useAfterMs: 0 });
    const senderToken = ada.authOk!.sessionToken;
    expect(bob.whisperKeys).toMatchObject([{ senderToken, epoch: ready!.epoch, key: ready!.key }]);
    const [speaker, listener, other] = [
      await voiceOf(ada),
      await voiceOf(bob),
      await voiceOf(cleo),
    ];
    const packet = speaker.peer.whisper(listId);
    speaker.send(packet);
    await speaker.ping();
    await listener.ping();
    await other.ping();
    expect(listener.heard).toEqual([packet.slice(0, packet.length - hopTagBytes)]);
    expect(other.heard).toEqual([]);
    expect(cleo.whisperKeys).toEqual([]);
  });

  test('follows who is in the room that it names, with a new key when one leaves', async () => {
    await done(bob, join);
    await done(cleo, join);
    const { listId } = await done(ada, shout);
    await cleo.until('Cleo has the key', () => cleo.whisperKeys.length === 1);
    await done(cleo, leave);
    await bob.until('Bob has a new key', () => bob.whisperKeys.length === 2);
    await ada.until('Ada has it too', () => ada.whispersReady.length === 2);
    expect(ada.whispersReady[1]!.useAfterMs).toBeGreaterThan(0);
    expect(bob.whisperKeys[1]!.key).toEqual(ada.whispersReady[1]!.key);
    expect(cleo.whisperKeys).toHaveLength(1);
    const [speaker, listener, left] = [await voiceOf(ada), await voiceOf(bob), await voiceOf(cleo)];
    speaker.send(speaker.peer.whisper(listId));
    await speaker.ping();
    await listener.ping();
    await left.ping();
    expect([listener.heard.length, left.heard.length]).toEqual([1, 0]);
  });

  test('ends when its list is removed, which only its owner can', async () => {
    const { listId } = await done(ada, whisperTo(bob));
    const remove: CommandMessage = { type: FrameType.RemoveWhisper, listId };
    expect(await bob.command(remove)).toMatchObject({ code: ErrorCode.InvalidField });
    await done(ada, remove);
    expect(await ada.command(remove)).toMatchObject({ code: ErrorCode.InvalidField });
    const [speaker, listener] = [await voiceOf(ada), await voiceOf(bob)];
    speaker.send(speaker.peer.whisper(listId));
    await speaker.ping();
    await listener.ping();
    expect(listener.heard).toEqual([]);
    expect(server.running.stats()).toMatchObject({ voice: { dropWhisperList: 1 } });
  });

  test('has at most 30 lists a session', async () => {
    const answers = Array.from({ length: 31 }, () => ada.command(whisperTo(bob)));
    const refused = (await Promise.all(answers)).filter(({ type }) => type === FrameType.Error);
    expect(refused).toMatchObject([{ code: ErrorCode.LimitReached }]);
  });
});

test("a room's voice is seen by all, and a cap of it holds in the relay", async () => {
  const voice = { roomId: rootRoomId, speakersMax: 1, bundleWindowMs: 0, bitrate: 64_000 };
  await done(ada, { type: FrameType.SetRoomVoice, ...voice });
  await bob.until('Bob sees it', () => bob.rooms.get(rootRoomId)?.speakersMax === 1);
  expect(bob.rooms.get(rootRoomId)).toMatchObject(voice);
  for (const client of [ada, bob, cleo]) await done(client, join);
  const [loud, quiet, listener] = [await voiceOf(ada), await voiceOf(bob), await voiceOf(cleo)];
  loud.send(loud.peer.voice({ level: 15 }));
  await loud.ping();
  quiet.send(quiet.peer.voice({ level: 1 }));
  await quiet.ping();
  await listener.ping();
  expect(listener.heard).toHaveLength(1);
});
