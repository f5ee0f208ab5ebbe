import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
import { ownSession } from './engineState.js';
import { parseServerAddress } from './serverAddress.js';
import { receiversOf } from './talkMarks.js';

let scratch: ScratchFolder;
let server: TestServer;
let engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  engines = [];
});
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

async function connect(name: string): Promise<Engine> {
  const engine = openEngine({
    profileFolder: scratch.in(name),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
  });
  engines.push(engine);
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  return engine;
}

const idOf = (engine: Engine): string => ownSession(engine.state)!.userId;
const until = (isSo: () => void): Promise<void> => vi.waitFor(isSo, { timeout: 5_000 });

it('shows what is unread of a room, also after coming back', async () => {
  const anna = await connect('Anna');
  const berta = await connect('Berta');
  await Promise.all([anna.joinRoom(rootRoomId), berta.joinRoom(rootRoomId)]);
  const unread = () => berta.state.unread.get(rootRoomId);
  const first = await anna.sendMessage(rootRoomId, 'one');
  await until(() => expect(unread()).toMatchObject({ unread: 1, latestId: first }));
  await berta.reading.markRead(rootRoomId, first);
  expect(unread()).toMatchObject({ readId: first, unread: 0 });
  await berta.sendMessage(rootRoomId, 'mine');
  const second = await anna.sendMessage(rootRoomId, `two <@${idOf(berta)}>`);
  const third = await anna.sendMessage(rootRoomId, 'three');
  await until(() => expect(unread()).toMatchObject({ unread: 2, mentions: 1, latestId: third }));
  await berta.reading.markRead(rootRoomId, second);
  expect(unread()).toMatchObject({ readId: second, unread: 1, mentions: 0 });
  await berta.close();
  const again = await connect('Berta');
  await until(() =>
    expect(again.state.unread.get(rootRoomId)).toMatchObject({ readId: second, unread: 1 }),
  );
  await again.joinRoom(rootRoomId);
  again.reading.look(rootRoomId);
  expect(again.state.unread.get(rootRoomId)).toMatchObject({ unread: 0 });
});

it('counts again where what was unread is deleted', async () => {
  const anna = await connect('Anna');
  const berta = await connect('Berta');
  const roomId = await anna.createRoom(rootRoomId, 'Attic');
  await Promise.all([anna.joinRoom(roomId), berta.joinRoom(roomId)]);
  const messageId = await anna.sendMessage(roomId, 'one');
  await until(() => expect(berta.state.unread.get(roomId)?.unread).toBe(1));
  await anna.text.delete(roomId, messageId);
  await until(() => expect(berta.state.unread.get(roomId)?.unread).toBe(0));
});

it('tells in a talk that a message has come, and that it was read, also later on', async () => {
  const anna = await connect('Anna');
  let berta = await connect('Berta');
  const [annaId, bertaId] = [idOf(anna), idOf(berta)];
  const talkId = await anna.talks.open(bertaId);
  await until(() => expect(berta.state.talks).toHaveLength(1));
  const receivers = (messageId: string) => receiversOf(anna.state.talkMarks, talkId, messageId);
  const first = await anna.sendMessage(talkId, 'Hello');
  await until(() => expect(receivers(first)).toEqual({ deliveredTo: [bertaId], readBy: [] }));
  expect(berta.state.unread.get(talkId)).toMatchObject({ unread: 1 });
  await berta.reading.markRead(talkId, first);
  await until(() => expect(receivers(first).readBy).toEqual([bertaId]));
  expect(anna.state.talkMarks.get(talkId)?.has(annaId)).toBe(false);

  await berta.close();
  const second = await anna.sendMessage(talkId, 'Still there?');
  expect(receivers(second).deliveredTo).toEqual([]);
  berta = await connect('Berta');
  await until(() => expect(receivers(second).deliveredTo).toEqual([bertaId]));
  berta.reading.look(talkId);
  const third = await anna.sendMessage(talkId, 'Good');
  await until(() => expect(receivers(third).readBy).toEqual([bertaId]));
  await until(() => expect(berta.state.unread.get(talkId)).toMatchObject({ unread: 0 }));
});

it('finds what was written, a page at a time', async () => {
  const anna = await connect('Anna');
  const roomId = await anna.createRoom(rootRoomId, 'Library');
  await anna.joinRoom(roomId);
  const ids: string[] = [];
  for (const text of ['A raven', 'A robin', 'Ravens', 'A RAVEN again']) {
    ids.push(await anna.sendMessage(roomId, text));
  }
  await vi.waitFor(
    async () => expect((await anna.reading.search(roomId, 'raven*')).messages).toHaveLength(3),
    { timeout: 5_000 },
  );
  const newest = await anna.reading.search(roomId, 'raven', null, 1);
  expect(newest.messages).toMatchObject([{ messageId: ids[3] }]);
  const older = await anna.reading.search(roomId, 'raven', newest.goOnBefore, 1);
  expect(older.messages).toMatchObject([{ messageId: ids[0] }]);
  const nothing = await anna.reading.search(roomId, 'raven', ids[0]);
  expect(nothing).toMatchObject({ messages: [], goOnBefore: null });
  await expect(anna.reading.search(roomId, '?!')).rejects.toMatchObject({
    code: 'commandRefused',
  });
});
