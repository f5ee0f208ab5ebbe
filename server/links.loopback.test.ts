import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { controlLimits } from './limits.js';
import { LoopbackPeer } from './testing/loopbackPeer.js';
import { VoicePeer } from './testing/relayStage.js';
import type { TestClient } from './testing/testClient.js';
import { startTestServer, type TestServer } from './testing/testServer.js';

let directory: string;
let server: TestServer;
let peers: LoopbackPeer[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-links-'));
  peers = [];
  server = await start();
});

afterEach(async () => {
  for (const peer of peers) await peer.close();
  await server.close();
  rmSync(directory, { recursive: true });
});

/** Nobody is told of the members of rooms that are none of their business. */
const start = (): Promise<TestServer> =>
  startTestServer(
    { dataDirectory: directory },
    { broadcast: { ...controlLimits.broadcast, membersForAllMax: 1 } },
  );

async function done(client: TestClient, command: CommandMessage): Promise<Uuid> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId ?? '';
}

const create = (name: string): CommandMessage => ({
  type: FrameType.CreateRoom,
  isTemporary: false,
  parentId: rootRoomId,
  name,
});
const enter = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });
const link = (firstId: Uuid, secondId: Uuid): CommandMessage => ({
  type: FrameType.LinkRooms,
  firstId,
  secondId,
});
const unlink = (firstId: Uuid, secondId: Uuid): CommandMessage => ({
  type: FrameType.UnlinkRooms,
  firstId,
  secondId,
});
const listen = (...roomIds: Uuid[]): CommandMessage => ({ type: FrameType.Listen, roomIds });

/** The client's voice on a socket of its own, which the relay knows. */
async function voiceOf({ authOk }: TestClient): Promise<LoopbackPeer> {
  const { sessionToken, hopKey, voicePort } = authOk!;
  const peer = await LoopbackPeer.open(new VoicePeer(sessionToken, hopKey), voicePort);
  peers.push(peer);
  await peer.ping();
  return peer;
}

/** The keys of a room that a client was given, by epoch. */
const epochsOf = ({ roomKeys }: TestClient, roomId: Uuid): number[] =>
  roomKeys.filter((key) => key.roomId === roomId).map(({ epoch }) => epoch);

test('linked rooms are heard and shown: keys come first, and end with the link', async () => {
  const [ada, bob] = [await server.join(), await server.join()];
  const east = await done(ada, create('East'));
  const west = await done(ada, create('West'));
  await done(ada, enter(east));
  await done(bob, enter(west));
  expect(ada.view.membersOf(west)).toBeNull();
  const typesBefore = ada.viewTypes.length;
  await done(ada, link(east, west));
  await ada.until('Ada is shown Bob', () => ada.view.membersOf(west)?.size === 1);
  const types = ada.viewTypes.slice(typesBefore);
  expect(types.indexOf(FrameType.RoomKey)).toBeGreaterThanOrEqual(0);
  expect(types.indexOf(FrameType.RoomKey)).toBeLessThan(types.indexOf(FrameType.RoomMembers));
  expect(epochsOf(ada, west)).toEqual([0]);
  expect(ada.rooms.get(east)?.linkedRoomIds).toEqual([west]);
  const [speaker, hearer] = [await voiceOf(ada), await voiceOf(bob)];
  speaker.send(speaker.peer.voice());
  await speaker.ping();
  await hearer.ping();
  expect(hearer.heard).toHaveLength(1);

  await done(bob, unlink(west, east));
  await ada.until('Ada is not shown Bob any more', () => ada.view.membersOf(west) === null);
  await ada.until('Ada has a new key', () => epochsOf(ada, east).length === 2);
  await bob.until('so has Bob', () => epochsOf(bob, west).length === 2);
  expect(epochsOf(bob, east)).toEqual([0]);
  speaker.send(speaker.peer.voice());
  await speaker.ping();
  await hearer.ping();
  expect(hearer.heard).toHaveLength(1);
});

test('a listener hears and sees a room, and neither speaks nor reads there', async () => {
  const [ada, bob] = [await server.join(), await server.join()];
  const stage = await done(ada, create('Stage'));
  await done(ada, enter(stage));
  await done(bob, listen(stage));
  await bob.until('Bob is shown Ada', () => bob.view.membersOf(stage)?.size === 1);
  expect(bob.self).toMatchObject({ roomId: null, listeningTo: [stage] });
  expect(epochsOf(bob, stage)).toEqual([0]);
  const [speaker, listener] = [await voiceOf(ada), await voiceOf(bob)];
  speaker.send(speaker.peer.voice());
  listener.send(listener.peer.voice());
  for (const peer of [speaker, listener]) await peer.ping();
  expect([speaker.heard.length, listener.heard.length]).toEqual([0, 1]);
  const text = { roomId: stage, text: 'hello', clientMessageId: newUuid() };
  const plain = { type: FrameType.SendMessage, replyToId: null, attachmentIds: [] } as const;
  expect(await bob.command({ ...plain, ...text })).toMatchObject({ code: ErrorCode.NotInRoom });

  await done(bob, listen());
  await ada.until('Ada has a new key', () => epochsOf(ada, stage).length === 2);
  expect(epochsOf(bob, stage)).toEqual([0]);
  speaker.send(speaker.peer.voice());
  for (const peer of [speaker, listener]) await peer.ping();
  expect(listener.heard).toHaveLength(1);
});

test('links outlast the server, and so does what they carry; rooms may be deleted', async () => {
  const ada = await server.join();
  const east = await done(ada, create('East'));
  const west = await done(ada, create('West'));
  const south = await done(ada, create('South'));
  await done(ada, link(east, west));
  await done(ada, link(west, south));
  await server.close();
  server = await start();
  const [speaker, hearer] = [await server.join(), await server.join()];
  expect(speaker.rooms.get(west)?.linkedRoomIds).toEqual([east, south].sort());
  await done(speaker, enter(east));
  await done(hearer, enter(south));
  const [voice, ears] = [await voiceOf(speaker), await voiceOf(hearer)];
  voice.send(voice.peer.voice());
  for (const peer of [voice, ears]) await peer.ping();
  expect(ears.heard).toHaveLength(1);
  await done(hearer, { type: FrameType.DeleteRoom, roomId: west });
  await speaker.until('the link is gone', () => {
    return speaker.rooms.get(east)?.linkedRoomIds.length === 0;
  });
  voice.send(voice.peer.voice());
  for (const peer of [voice, ears]) await peer.ping();
  expect(ears.heard).toHaveLength(1);
});

test('what cannot be linked or listened to is refused with the reason', async () => {
  const ada = await server.join();
  const east = await done(ada, create('East'));
  const nowhere = '00000000-0000-4000-8000-000000000001';
  const refusals: [ErrorCode, CommandMessage][] = [
    [ErrorCode.InvalidField, link(east, east)],
    [ErrorCode.NoSuchRoom, link(east, nowhere)],
    [ErrorCode.InvalidField, unlink(east, rootRoomId)],
    [ErrorCode.NoSuchRoom, listen(nowhere)],
  ];
  for (const [code, command] of refusals) {
    expect(await ada.command(command)).toMatchObject({ type: FrameType.Error, code });
  }
});
