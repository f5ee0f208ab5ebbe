import { rootRoomId } from '@rookery/schemas/protocol';
import type { Uuid } from '@rookery/schemas/messages';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
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

async function enter(name: string, roomId: Uuid | null): Promise<Person> {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 8_000,
    reconnectMs: 0,
  });
  const heard: number[] = [];
  people.push({ engine, heard });
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  if (roomId !== null) await engine.joinRoom(roomId);
  await engine.openVoice((_token, _counter, _timestamp, _end, payload) => heard.push(payload[0]!));
  return people.at(-1)!;
}

let timestamp = 0;
/**
 * Speaks until those who must hear it have, and gives who did. Whoever has just come may not have
 * the key that speakers use until a new one comes into use, so it may take some frames.
 */
async function speak(speaker: Person, mark: number, to: readonly Person[]): Promise<boolean[]> {
  await vi.waitFor(
    async () => {
      timestamp += 960;
      const frame = { payload: Uint8Array.of(mark), timestamp, level: 3, endOfSpurt: false };
      speaker.engine.sendFrame(frame);
      await speaker.engine.drainVoice();
      for (const { engine } of people) await engine.drainVoice();
      for (const { heard } of to) expect(heard).toContain(mark);
    },
    { timeout: 4_000 },
  );
  return people.map(({ heard }) => heard.includes(mark));
}

it('carries voice over links and to listeners, and not beyond them', async () => {
  const anna = await enter('Anna', rootRoomId);
  const { engine } = anna;
  const makeRoom = (name: string): Promise<Uuid> => engine.createRoom(rootRoomId, name);
  const [east, west, far] = [await makeRoom('East'), await makeRoom('West'), await makeRoom('Far')];
  const berta = await enter('Berta', west);
  const carla = await enter('Carla', null);
  const dora = await enter('Dora', far);
  // From the Lobby to West by way of East, in which nobody is.
  await engine.linkRooms(rootRoomId, east);
  await engine.linkRooms(east, west);
  await carla.engine.listenTo([east]);
  const everybodyButDora = [false, true, true, false];
  expect(await speak(anna, 1, [berta, carla])).toEqual(everybodyButDora);
  expect(await speak(berta, 2, [anna, carla])).toEqual([true, false, true, false]);
  expect(await speak(dora, 3, [])).toEqual([false, false, false, false]);
  // A listener is in no room, and has nothing to speak with.
  expect(await speak(carla, 4, [])).toEqual([false, false, false, false]);

  await engine.unlinkRooms(east, west);
  await dora.engine.listenTo([west, far]);
  expect(await speak(berta, 5, [dora])).toEqual([false, false, false, true]);
  expect(await speak(anna, 6, [carla])).toEqual([false, false, true, false]);
  await carla.engine.listenTo([]);
  expect(await speak(anna, 7, [])).toEqual([false, false, false, false]);
  for (const { engine: each } of [anna, berta, carla]) {
    expect(each.voiceCounters).toMatchObject({ droppedFalseSeal: 0, droppedUnknownEpoch: 0 });
  }
  await expect(engine.linkRooms(east, east)).rejects.toMatchObject({ code: 'commandRefused' });
  await expect(engine.unlinkRooms(east, west)).rejects.toMatchObject({ code: 'commandRefused' });
});
