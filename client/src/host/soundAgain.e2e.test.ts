import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileDevice } from '../engine/audio/device/fileDevice.js';
import { untilState } from '../engine/audio/live/testing/untilState.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { ClientHost } from './clientHost.js';

let scratch: ScratchFolder;
let server: TestServer;
let host: ClientHost;

beforeEach(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'));
  host = await ClientHost.open({
    newServers: 'remember',
    profileFolder: scratch.in('profile'),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    audio: { open: () => openFileDevice({ inPath: null, outPath: null }) },
  });
});
afterEach(async () => {
  await host.close();
  await server.stop();
  await scratch.remove();
});

test('has sound between servers, and on the next one', async () => {
  const wish = { address: server.address, nickname: 'Ada' };
  await host.connect(wish);
  await untilState(host.engine, 'sound', ({ audio }) => audio.phase === 'running');
  await host.connect(wish);
  await untilState(host.engine, 'heard on the next', ({ voice }) => voice.phase === 'open');
  await host.disconnect();
  expect(host.engine.state.audio.phase).toBe('running');
  await host.connect(wish);
  await untilState(host.engine, 'heard again', ({ voice }) => voice.phase === 'open');
});
