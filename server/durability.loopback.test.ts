import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import {
  defaultRoom,
  defaultRoomVoice,
  rootRoomId,
  unchangedRoom,
} from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { createIdentity, type TestClient } from './testing/testClient.js';
import { startTestServer, type TestServer } from './testing/testServer.js';

/** What a server still knows after it was stopped and started again. */
let directory: string;
let server: TestServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-durable-'));
  server = await start();
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const start = (): Promise<TestServer> => startTestServer({ dataDirectory: directory });

async function restart(): Promise<void> {
  await server.close();
  server = await start();
}

async function done(client: TestClient, command: CommandMessage): Promise<Uuid | null> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId;
}

const create = (name: string, parentId = rootRoomId): CommandMessage => ({
  type: FrameType.CreateRoom,
  isTemporary: false,
  parentId,
  name,
});
const joinRoom = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });

describe('rooms', () => {
  test('are there again, with all that was set of them, and others are gone', async () => {
    const ada = await server.join();
    const games = (await done(ada, create('Games')))!;
    const chess = (await done(ada, create('Chess', games)))!;
    const music = (await done(ada, create('Music')))!;
    await done(ada, { type: FrameType.RenameRoom, roomId: chess, name: 'Go' });
    const voice = { ...defaultRoomVoice, speakersMax: 3 };
    await done(ada, { type: FrameType.SetRoomVoice, roomId: rootRoomId, ...voice });
    await done(ada, { type: FrameType.DeleteRoom, roomId: music });
    const set = {
      description: 'Every evening.\nAll are welcome.',
      position: 7,
      userLimit: 2,
      frameMs: 40,
      isFecOn: false,
      keepDays: 30,
      keepMessages: 1_000,
      isPrivate: true,
    };
    const edit = { type: FrameType.EditRoom, ...unchangedRoom, ...set } as const;
    await done(ada, { ...edit, roomId: games });
    await done(ada, { type: FrameType.MoveRoom, roomId: chess, parentId: rootRoomId });
    await done(ada, { type: FrameType.MoveRoom, roomId: games, parentId: chess });
    await restart();
    const bob = await server.join();
    expect([...bob.rooms.values()]).toEqual([
      { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom, ...voice },
      { roomId: chess, parentId: rootRoomId, name: 'Go', ...defaultRoom },
      { roomId: games, parentId: chess, name: 'Games', ...defaultRoom, ...set },
    ]);
  });

  test('of one name, asked for at once, are one room', async () => {
    const ada = await server.join();
    const answers = await Promise.all(
      ['Games', 'games', 'GAMES'].map((name) => ada.command(create(name))),
    );
    const types = answers.map(({ type }) => type);
    expect(types).toEqual([FrameType.CommandDone, FrameType.Error, FrameType.Error]);
    await restart();
    expect((await server.join()).rooms.size).toBe(2);
  });
});

describe('a user', () => {
  const identity = createIdentity();

  test('is in the room of last time after a login', async () => {
    let ada = await server.join({ identity });
    expect(ada.self.roomId).toBeNull();
    const games = (await done(ada, create('Games')))!;
    await done(ada, joinRoom(games));
    await restart();
    ada = await server.join({ identity });
    expect(ada.self.roomId).toBe(games);
    await ada.until('the key of the room has come', () => ada.roomKeys.length > 0);
    expect(ada.roomKeys.at(-1)?.roomId).toBe(games);
    await done(ada, { type: FrameType.LeaveRoom });
    ada = await server.join({ identity });
    expect(ada.self.roomId).toBeNull();
  });

  test('who joins another room at once is in that one', async () => {
    let ada = await server.join({ identity });
    const games = (await done(ada, create('Games')))!;
    await done(ada, joinRoom(games));
    ada = await server.join({ identity });
    await done(ada, joinRoom(rootRoomId));
    await ada.until('Ada is in the lobby', () => ada.self.roomId === rootRoomId);
    ada = await server.join({ identity });
    expect(ada.self.roomId).toBe(rootRoomId);
  });

  test('whose room was deleted meanwhile is in none', async () => {
    let ada = await server.join({ identity });
    const games = (await done(ada, create('Games')))!;
    await done(ada, joinRoom(games));
    ada.close();
    await ada.untilClosed();
    const bob = await server.join();
    await done(bob, { type: FrameType.DeleteRoom, roomId: games });
    ada = await server.join({ identity });
    expect(ada.self.roomId).toBeNull();
  });

  test('whose room was deleted around it is in the room above next time', async () => {
    let ada = await server.join({ identity });
    const games = (await done(ada, create('Games')))!;
    await done(ada, joinRoom(games));
    await done(ada, { type: FrameType.DeleteRoom, roomId: games });
    await restart();
    ada = await server.join({ identity });
    expect(ada.self.roomId).toBe(rootRoomId);
  });
});

test('a message sent again after a restart is answered as before, and reaches nobody', async () => {
  const identity = createIdentity();
  const say = (text: string, clientMessageId: Uuid): CommandMessage =>
    textToSend(rootRoomId, text, clientMessageId);
  let ada = await server.join({ identity });
  await done(ada, joinRoom(rootRoomId));
  const first = say('once', newUuid());
  const messageId = await done(ada, first);
  await restart();
  ada = await server.join({ identity });
  expect(await done(ada, first)).toBe(messageId);
  const next = await done(ada, say('twice', newUuid()));
  await ada.until('Ada has the second', () => ada.messages.length > 0);
  expect(ada.messages.map(({ text }) => text)).toEqual(['twice']);
  expect(next! > messageId!).toBe(true);
});
