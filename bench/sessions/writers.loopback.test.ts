import { afterEach, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { SessionHost } from './sessionHost.js';

let server: ServerProcess | null = null;
let host: SessionHost | null = null;

afterEach(async () => {
  await host?.close();
  await server?.stop();
  server = host = null;
});

test('what members write reaches all members of the room', async () => {
  server = await startServerProcess();
  host = new SessionHost(server.info.quic.port);
  await host.logIn(6);
  await host.openRooms(1, 6);
  const writing = { text: 'Hello', messages: 10, writers: 2, messagesPerSecond: 1_000 };
  const first = await host.write(writing);
  expect(first.deliveries).toBe(60);
  expect(first.packets).toBeGreaterThan(0);
  // Counted anew each time.
  expect(await host.write(writing)).toMatchObject({ deliveries: 60 });
});
