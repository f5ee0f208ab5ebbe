import { rootRoomId } from '@rookery/schemas/protocol';
import type { Uuid } from '@rookery/schemas/messages';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { isRinging, ownCall } from './calls.js';
import { openEngine, type Engine } from './engine.js';
import { ownSession } from './engineState.js';
import { parseServerAddress } from './serverAddress.js';

let scratch: ScratchFolder;
let server: TestServer;
let people: Person[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterEach(async () => {
  await Promise.all(people.map(({ engine }) => engine.close()));
  people = [];
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

interface Person {
  readonly engine: Engine;
  /** First bytes of the frames heard. */
  readonly heard: number[];
}

async function enter(name: string): Promise<Person> {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 8_000,
    reconnectMs: 60_000,
  });
  const heard: number[] = [];
  people.push({ engine, heard });
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  await engine.joinRoom(rootRoomId);
  await engine.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
  return people.at(-1)!;
}

const until = (isSo: () => void): Promise<void> => vi.waitFor(isSo, { timeout: 30_000 });

async function talkWith({ engine }: Person, other: Person): Promise<Uuid> {
  const { connection } = other.engine.state;
  if (connection.phase !== 'connected') throw new Error('nobody is there');
  return engine.talks.open(connection.userId);
}

let timestamp = 0;
/** Speaks until those who must hear it have, as keys may be late, and gives who did. */
async function speak(speaker: Person, mark: number, to: readonly Person[]): Promise<boolean[]> {
  await until(() => {
    timestamp += 960;
    const frame = { payload: Uint8Array.of(mark), timestamp, level: 3, endOfSpurt: false };
    speaker.engine.sendFrame(frame);
    for (const { heard } of to) expect(heard).toContain(mark);
  });
  for (const { engine } of [speaker, ...people]) await engine.drainVoice();
  return people.map(({ heard }) => heard.includes(mark));
}

it('a call is heard by its partners alone, also when the server has started again', async () => {
  const [anna, berta] = [await enter('Anna'), await enter('Berta')];
  await enter('Carla');
  const talkId = await talkWith(anna, berta);
  await anna.engine.talks.call(talkId);
  await until(() => {
    const call = berta.engine.state.calls.get(talkId);
    expect(call !== undefined && isRinging(berta.engine.state, call)).toBe(true);
  });
  await berta.engine.talks.answer(talkId);
  expect(ownSession(berta.engine.state)?.roomId).toBeNull();
  expect(await speak(anna, 1, [berta])).toEqual([false, true, false]);
  expect(await speak(berta, 2, [anna])).toEqual([true, false, false]);

  await server.stop();
  server = await TestServer.start(scratch.in('server'), server.portOptions);
  for (const { engine } of [anna, berta]) {
    await until(() => expect(ownCall(engine.state)?.members).toHaveLength(2));
    await until(() => expect(engine.state.voice.phase).toBe('open'));
  }
  expect(await speak(anna, 3, [berta])).toEqual([false, true, false]);

  await berta.engine.talks.hangUp();
  expect(await speak(anna, 4, [])).toEqual([false, false, false]);
  await anna.engine.joinRoom(rootRoomId);
  await until(() => expect(anna.engine.state.calls.size).toBe(0));
  await expect(berta.engine.talks.answer(talkId)).rejects.toMatchObject({ code: 'commandRefused' });
  for (const { engine } of people) {
    expect(engine.voiceCounters).toMatchObject({ droppedFalseSeal: 0, droppedUnknownEpoch: 0 });
  }
});
