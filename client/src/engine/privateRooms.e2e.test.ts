import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { canReadMemory, findInMemory } from '../testing/processMemory.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { ClientError } from './clientError.js';
import { openEngine, type Engine } from './engine.js';
import { parseServerAddress } from './serverAddress.js';
import type { SessionKeeper } from './sessionKeeper.js';

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

async function enter(name: string, roomId: Uuid): Promise<Person> {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 8_000,
    reconnectMs: 20_000,
  });
  const heard: number[] = [];
  people.push({ engine, heard });
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  await engine.joinRoom(roomId);
  await engine.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
  return people.at(-1)!;
}

let timestamp = 0;
/** Sends one frame, which all who can have heard when this is over. */
async function sayOnce(speaker: Person, mark: number): Promise<void> {
  timestamp += 960;
  const frame = { payload: Uint8Array.of(mark), timestamp, level: 3, endOfSpurt: false };
  speaker.engine.sendFrame(frame);
  await speaker.engine.drainVoice();
  for (const { engine } of people) await engine.drainVoice();
}

/** Speaks until those who must hear it have, and gives who did. */
async function speak(speaker: Person, mark: number, to: readonly Person[]): Promise<boolean[]> {
  await vi.waitFor(
    async () => {
      await sayOnce(speaker, mark);
      for (const { heard } of to) expect(heard).toContain(mark);
    },
    { timeout: 8_000 },
  );
  return people.map(({ heard }) => heard.includes(mark));
}

/** What the engine keeps to itself. */
const keeperOf = ({ engine }: Person): SessionKeeper =>
  (engine as unknown as { readonly keeper: SessionKeeper }).keeper;

const codeOf = ({ engine }: Person): string | null => engine.state.privateRoom?.safetyCode ?? null;

async function makeRoom({ engine }: Person, name: string): Promise<Uuid> {
  const roomId = await engine.createRoom(rootRoomId, name);
  await engine.editRoom(roomId, { isPrivate: true });
  return roomId;
}

const timeout = 30_000;

it('carries voice of a private room to its members, who see one code', { timeout }, async () => {
  const anna = await enter('Anna', rootRoomId);
  const roomId = await makeRoom(anna, 'Council');
  await anna.engine.joinRoom(roomId);
  const berta = await enter('Berta', roomId);
  await enter('Dora', rootRoomId);
  expect(await speak(anna, 1, [berta])).toEqual([false, true, false]);
  expect(await speak(berta, 2, [anna])).toEqual([true, false, false]);
  const codeOfTwo = codeOf(anna);
  expect(codeOfTwo).toMatch(/^\d{5}( \d{5}){11}$/);
  expect(codeOf(berta)).toBe(codeOfTwo);

  const carla = await enter('Carla', roomId);
  expect(await speak(anna, 3, [berta, carla])).toEqual([false, true, false, true]);
  await vi.waitFor(() => {
    expect(new Set([anna, berta, carla].map(codeOf)).size).toBe(1);
    expect(codeOf(anna)).not.toBe(codeOfTwo);
  });
  await carla.engine.joinRoom(rootRoomId);
  expect(carla.engine.state.privateRoom).toBeNull();
  expect(await speak(anna, 4, [berta])).toEqual([false, true, false, false]);
  for (const { engine } of [anna, berta]) {
    expect(engine.voiceCounters).toMatchObject({ droppedFalseSeal: 0 });
  }
});

it('sends nothing where the server says that it is private no more', { timeout }, async () => {
  const anna = await enter('Anna', rootRoomId);
  const roomId = await makeRoom(anna, 'Once private');
  await anna.engine.joinRoom(roomId);
  const berta = await enter('Berta', roomId);
  await speak(anna, 1, [berta]);
  await anna.engine.editRoom(roomId, { isPrivate: false });
  const opened = { roomId, phase: 'opened', safetyCode: null };
  for (const { engine } of people) {
    await vi.waitFor(() => expect(engine.state.privateRoom).toMatchObject(opened));
  }
  const { framesSent } = anna.engine.voiceCounters!;
  await sayOnce(anna, 2);
  expect(anna.engine.voiceCounters).toMatchObject({ framesSent });
  expect(berta.heard).not.toContain(2);
  // Whoever joins it sees what it is.
  for (const { engine } of people) await engine.joinRoom(roomId);
  expect(await speak(anna, 3, [berta])).toEqual([false, true]);
  expect(anna.engine.state.privateRoom).toBeNull();
  // And the other way, with people in it.
  await anna.engine.editRoom(roomId, { isPrivate: true });
  expect(await speak(anna, 4, [berta])).toEqual([false, true]);
  expect(anna.engine.state.privateRoom).toMatchObject({ phase: 'private' });
});

it('is heard again after the connection was lost', { timeout }, async () => {
  const anna = await enter('Anna', rootRoomId);
  const roomId = await makeRoom(anna, 'Lasting');
  await anna.engine.joinRoom(roomId);
  const berta = await enter('Berta', roomId);
  await speak(anna, 1, [berta]);
  const { connection } = keeperOf(berta);
  const reason = new ClientError('unreachable', 'lost by the test');
  (connection as unknown as { lose: (reason: ClientError) => void }).lose(reason);
  const { engine } = berta;
  await vi.waitFor(() => expect(engine.state.connection.phase).not.toBe('connected'));
  const isBack = { phase: 'connected' };
  await vi.waitFor(() => expect(engine.state.connection).toMatchObject(isBack), { timeout: 8_000 });
  expect(await speak(anna, 2, [berta])).toEqual([false, true]);
  expect(await speak(berta, 3, [anna])).toEqual([true, false]);
});

it.skipIf(!canReadMemory())('leaves no key in the server', { timeout }, async () => {
  const anna = await enter('Anna', rootRoomId);
  const roomId = await makeRoom(anna, 'Secret');
  await anna.engine.joinRoom(roomId);
  const berta = await enter('Berta', roomId);
  await speak(anna, 1, [berta]);
  const keeper = keeperOf(anna);
  const { key, epoch } = keeper.privateRooms.sealingKey(performance.now())!;
  const { sessionToken, hopKey } = keeper.connection!.login;
  const ofBerta = keeperOf(berta).privateRooms.openingKey(sessionToken, epoch);
  expect(ofBerta).toEqual(key);
  // What the server does have is found so.
  expect(findInMemory(server.pid, [key, hopKey])).toEqual([false, true]);
});
