import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultRoom, rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { checkData } from './checkData.js';
import { openStore, type Store } from './store.js';

const log = pino({ level: 'silent' });
const ada = newUuid();
const root = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };

let directory = '';
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-store-'));
  store = await open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const open = (): Promise<Store> =>
  openStore({ dataDirectory: directory, limits: controlLimits.store, log });

async function restart(): Promise<void> {
  await store.close();
  store = await open();
}

describe('rooms', () => {
  test('are the root room at first', () => {
    expect(store.rooms.list()).toEqual([root]);
  });

  test('come back in the order in which they were made, as they were last', async () => {
    const rooms = ['Games', 'Music', 'Chess'].map((name) => ({ ...root, roomId: newUuid(), name }));
    const nowMs = Date.now();
    for (const [index, room] of rooms.entries()) await store.rooms.put(room, nowMs + 1 + index);
    const [games, music, chess] = rooms as [typeof root, typeof root, typeof root];
    const loud = { ...games, parentId: chess.roomId, name: 'Loud', speakersMax: 7 };
    await store.rooms.put(loud, nowMs + 99);
    await store.rooms.remove(music.roomId);
    await restart();
    expect(store.rooms.list()).toEqual([root, loud, chess]);
    expect(store.rooms.find(music.roomId)).toBeNull();
  });
});

describe('links of rooms', () => {
  test('are there again, seen from both rooms, until they or a room are taken away', async () => {
    const ids = [newUuid(), newUuid(), newUuid()].sort();
    const [first, second, third] = ids as [string, string, string];
    for (const roomId of ids) {
      await store.rooms.put({ ...root, parentId: rootRoomId, roomId, name: roomId }, Date.now());
    }
    await store.rooms.links.link(third, first);
    await store.rooms.links.link(third, second);
    await store.rooms.links.link(first, second);
    await store.rooms.links.unlink(second, first);
    await restart();
    const linksOf = (): (readonly [string, readonly string[]])[] =>
      store.rooms.list().map(({ roomId, linkedRoomIds }) => [roomId, linkedRoomIds]);
    expect(new Map(linksOf())).toEqual(
      new Map([
        [root.roomId, []],
        [first, [third]],
        [second, [third]],
        [third, [first, second]],
      ]),
    );
    expect((await checkData(directory)).problems).toEqual([]);
    await store.rooms.remove(third);
    await restart();
    expect(linksOf().flatMap(([, linked]) => linked)).toEqual([]);
    expect((await checkData(directory)).entries).toMatchObject({ roomLinks: 0 });
  });
});

describe('users', () => {
  test('are known by key and latest name, and when they were seen', async () => {
    const publicKey = new Uint8Array(32).fill(9);
    expect(store.users.find(ada)).toBeNull();
    store.users.noteLogin(ada, { publicKey, displayName: 'Ada' }, 5);
    store.users.noteGone(ada, 8);
    store.users.noteLogin(ada, { publicKey, displayName: 'Countess' }, 10);
    await restart();
    expect(store.users.find(ada)).toEqual({
      publicKey,
      displayName: 'Countess',
      firstSeenMs: 5,
      lastSeenMs: 10,
    });
    store.users.noteGone(newUuid(), 11);
  });
});

describe('the last room of a user', () => {
  test('is the one noted last, or none', async () => {
    expect(store.lastRooms.find(ada)).toBeNull();
    const games = newUuid();
    store.lastRooms.note(ada, rootRoomId);
    store.lastRooms.note(ada, games);
    expect(store.lastRooms.find(ada)).toBe(games);
    await restart();
    expect(store.lastRooms.find(ada)).toBe(games);
    store.lastRooms.note(ada, null);
    await restart();
    expect(store.lastRooms.find(ada)).toBeNull();
  });
});

test('messages of a room that is gone go with the next start, if not before', async () => {
  const message = {
    userId: ada,
    displayName: 'Ada',
    text: 'x',
    sentAtMs: 1,
    clientMessageId: newUuid(),
  };
  const games = newUuid();
  await store.messages.append({ ...message, roomId: games });
  await store.messages.append({ ...message, roomId: rootRoomId });
  await restart();
  while (store.messages.roomIds().length > 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(store.messages.roomIds()).toEqual([rootRoomId]);
});

test('a closed store refuses, and does no harm', async () => {
  await store.close();
  expect(() => store.rooms.list()).toThrow('stopping');
  await expect(store.rooms.remove(rootRoomId)).rejects.toMatchObject({ code: 'storageFault' });
  store.lastRooms.note(ada, null);
  store = await open();
});
