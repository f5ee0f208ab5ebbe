import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { readingOptions } from './backup.js';
import { checkData } from './checkData.js';
import { Database } from './database.js';
import { idKey, pairKey } from './keys.js';
import { databasePath } from './migrate.js';
import { openStore, type Store } from './store.js';
import { schemaVersion, type Write } from './tables.js';
import { encodeTalkType } from './talkRecord.js';
import { userNameKey } from './userNames.js';

const [ada, bob, cleo] = [newUuid(), newUuid(), newUuid()];
const group = {
  talkId: newUuid(),
  type: RoomType.Group,
  name: 'Chess',
  createdAtMs: 5,
  userIds: [ada, bob],
} as const;
const publicKey = new Uint8Array(32);

let directory = '';
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-talks-'));
  store = await open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const open = (): Promise<Store> => {
  const log = pino({ level: 'silent' });
  return openStore({ dataDirectory: directory, limits: controlLimits.store, log });
};

async function restart(): Promise<void> {
  await store.close();
  store = await open();
}

/** Writes behind the store's back. */
async function tamper(...writes: Write[]): Promise<void> {
  await store.close();
  const database = Database.open(databasePath(directory, schemaVersion), readingOptions);
  await database.commit(writes);
  await database.close();
  store = await open();
}

describe('a talk', () => {
  test('is found by its id and by who takes part, also after a restart', async () => {
    await store.talks.put(group);
    await restart();
    expect(store.talks.find(group.talkId)).toEqual(group);
    const { talkId, type } = group;
    for (const user of [ada, bob]) expect(store.talks.ofUser(user)).toEqual([{ talkId, type }]);
    expect(store.talks.ofUser(cleo)).toEqual([]);
  });

  test('is with those who take part now, and with nobody when the last one is gone', async () => {
    await store.talks.put(group);
    await store.talks.put({ ...group, userIds: [bob, cleo] });
    const users = (): number[] => [ada, bob, cleo].map((id) => store.talks.ofUser(id).length);
    expect(users()).toEqual([0, 1, 1]);
    await store.talks.put({ ...group, userIds: [] });
    expect(users()).toEqual([0, 0, 0]);
    expect(store.talks.find(group.talkId)).toBeNull();
  });

  test('keeps its messages over a restart for as long as it is there', async () => {
    const message = { userId: ada, displayName: 'Ada', text: 'x', sentAtMs: 1 };
    const sent = { ...message, roomId: group.talkId, clientMessageId: newUuid() };
    await store.talks.put(group);
    await store.messages.append(sent);
    await restart();
    await store.messages.append({ ...sent, roomId: newUuid(), clientMessageId: newUuid() });
    await restart();
    while (store.messages.roomIds().length > 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(store.messages.roomIds()).toEqual([group.talkId]);
  });
});

describe('users', () => {
  const login = (userId: string, displayName: string): void =>
    store.users.noteLogin(userId, { publicKey, displayName }, 1);

  test('are found by the name of their latest login, whatever its case', async () => {
    login(ada, 'Ada');
    login(bob, 'ADA');
    login(cleo, 'Cleo');
    await restart();
    expect((await store.users.named('ada', 9)).toSorted()).toEqual([ada, bob].toSorted());
    expect(await store.users.named('aDa', 1)).toHaveLength(1);
    login(bob, 'Bob');
    login(ada, 'ada');
    await restart();
    expect(await store.users.named('Ada', 9)).toEqual([ada]);
    expect(await store.users.named('bob', 9)).toEqual([bob]);
    expect(await store.users.named('Ad', 9)).toEqual([]);
  });

  test('who came before there was an index are found from the next start on', async () => {
    login(ada, 'Ada');
    await restart();
    await tamper({ table: 'userNames', key: userNameKey('Ada', ada), value: null });
    await restart();
    expect(await store.users.named('Ada', 9)).toEqual([ada]);
  });
});

test('a check finds talks and names that do not belong together', async () => {
  store.users.noteLogin(ada, { publicKey, displayName: 'Ada' }, 1);
  await store.talks.put(group);
  await store.close();
  expect((await checkData(directory)).problems).toEqual([]);
  const value = encodeTalkType(RoomType.Direct);
  await tamper(
    { table: 'userTalks', key: pairKey(ada, group.talkId), value: null },
    { table: 'userTalks', key: pairKey(cleo, group.talkId), value },
    { table: 'userNames', key: userNameKey('Bob', ada), value: Uint8Array.of(1) },
  );
  const problems = (await checkData(directory)).problems.map((text) => text.split(': ')[1]);
  expect(problems).toEqual([
    'a name does not belong to its user',
    'a talk is not known to who takes part',
    'a user does not take part in a talk',
  ]);
  await tamper({ table: 'talks', key: idKey(group.talkId), value: Uint8Array.of(9) });
  expect((await checkData(directory)).problems).toContainEqual(expect.stringContaining('version'));
});
