import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openEngine, type Engine } from './engine.js';
import { parseServerAddress } from './serverAddress.js';

let scratch: ScratchFolder;
let server: TestServer;
const engines: Engine[] = [];
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await server.stop();
  await scratch.remove();
});

async function join(name: string): Promise<Engine> {
  const profileFolder = scratch.in(name);
  const engine = openEngine({ profileFolder, clientName: 't/1', timeoutMs: 5_000, reconnectMs: 0 });
  engines.push(engine);
  await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  await engine.joinRoom(rootRoomId);
  return engine;
}

const shown = ({ state }: Engine): string[] =>
  state.texts.get(rootRoomId)?.messages.map(({ text }) => text) ?? [];

it('has the last messages of a room that it joins, and follows what becomes of them', async () => {
  const anna = await join('Anna');
  const first = await anna.sendMessage(rootRoomId, 'frist');
  await anna.sendMessage(rootRoomId, 'second');
  const berta = await join('Berta');
  await vi.waitFor(() => expect(shown(berta)).toEqual(['frist', 'second']));
  await anna.text.edit(rootRoomId, first, 'first');
  await berta.text.react(rootRoomId, first, '🐦');
  await anna.sendMessage(rootRoomId, 'third');
  await vi.waitFor(() => expect(shown(berta)).toEqual(['first', 'second', 'third']));
  const [message] = berta.state.texts.get(rootRoomId)!.messages;
  expect(message?.reactions).toEqual([{ emoji: '🐦', count: 1, mine: true }]);
});

it('follows what is written in a room in which one is not, once it is shown', async () => {
  const anna = await join('Anna in the den');
  const den = await anna.createRoom(rootRoomId, 'Den');
  await anna.joinRoom(den);
  const berta = await join('Berta outside');
  await vi.waitFor(() => expect(berta.state.view.rooms.has(den)).toBe(true));
  await berta.text.show(den);
  await anna.sendMessage(den, 'anybody there?');
  const written = (): unknown[] | undefined =>
    berta.state.texts.get(den)?.messages.map(({ text }) => text);
  await vi.waitFor(() => expect(written()).toEqual(['anybody there?']));
  await berta.sendMessage(den, 'outside, but here');
});
