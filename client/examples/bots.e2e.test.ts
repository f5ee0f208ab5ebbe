import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { wavFile } from '../src/engine/audio/testing/wavFile.js';
import { openEngine, type Engine } from '../src/engine/engine.js';
import { parseServerAddress } from '../src/engine/serverAddress.js';
import { sessionsInRoom } from '../src/engine/view.js';
import { RookeryProcess } from '../src/testing/rookeryProcess.js';
import { ScratchFolder } from '../src/testing/scratchFolder.js';
import { TestServer } from '../src/testing/testServer.js';

let scratch: ScratchFolder;
let server: TestServer;
let engine: Engine;
/** First bytes of the payloads that came. */
let heard: number[] = [];
let spurtsEnded = 0;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  engine = openEngine({
    profileFolder: scratch.in('Anna'),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
  });
  await engine.connect({ address: parseServerAddress(server.address), displayName: 'Anna' });
  await engine.openVoice((_token, _counter, _timestamp, endOfSpurt, payload) => {
    heard.push(payload[0]!);
    if (endOfSpurt) spurtsEnded++;
  });
  await engine.joinRoom(rootRoomId);
});
afterAll(async () => {
  await engine.close();
  await server.stop();
  await scratch.remove();
});

function startBot(name: string, ...args: string[]): RookeryProcess {
  heard = [];
  spurtsEnded = 0;
  const entry = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return new RookeryProcess([server.address, 'Lobby', ...args], {}, entry);
}

/** Resolves when a bot is in the room. */
function present(displayName: string): Promise<void> {
  return vi.waitFor(
    () => {
      const names = sessionsInRoom(engine.state.view, rootRoomId).map((each) => each.displayName);
      expect(names).toContain(displayName);
    },
    { timeout: 20_000, interval: 20 },
  );
}

it('the echo bot says what it hears', { retry: 2 }, async () => {
  const bot = startBot('echoBot', scratch.in('echo'));
  await present('Echo');
  const said = [11, 12, 13, 14, 15];
  for (const [index, first] of said.entries()) {
    engine.sendFrame({
      payload: Uint8Array.of(first, 0, 0),
      timestamp: index * 960,
      level: 5,
      endOfSpurt: index === said.length - 1,
    });
    await delay(20);
  }
  await vi.waitFor(() => expect(spurtsEnded).toBe(1), { timeout: 10_000 });
  expect(heard).toEqual(said);
  expect(await bot.stop()).toMatchObject({ code: 0, stderr: '' });
});

it('the music bot plays a file to its end', { retry: 2 }, async () => {
  const wav = scratch.in('song.wav');
  const samples = Float32Array.from({ length: 24_000 }, (_, i) => 0.3 * Math.sin(i / 20));
  await writeFile(wav, wavFile(samples));
  const { code, stdout, stderr } = await startBot('musicBot', wav, scratch.in('music')).outcome;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'played 0.5 s\n', stderr: '' });
  await vi.waitFor(() => expect(spurtsEnded).toBe(1), { timeout: 10_000 });
  expect(heard.length).toBe(26);
});

it.each(['echoBot', 'musicBot'])('%s says how it is called', async (name) => {
  const entry = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const outcome = await new RookeryProcess([], {}, entry).outcome;
  expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('usage: ') as string });
});
