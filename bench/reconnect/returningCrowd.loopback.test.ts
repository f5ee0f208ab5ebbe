import { afterEach, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { ReturningCrowd } from './returningCrowd.js';

let server: ServerProcess | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

test('a crowd settles, is lost, and comes back; some leave and log in again', async () => {
  server = await startServerProcess();
  const { admin, quic } = server.info;
  const sessions = async (): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${admin.port}/stats`);
    return ((await response.json()) as { sessions: number }).sessions;
  };
  const crowd = new ReturningCrowd(quic.port, 25);
  await crowd.settle(10);
  expect(await sessions()).toBe(25);
  await crowd.lose();
  const { backAfterMs } = await crowd.comeBack(20_000);
  expect(backAfterMs).toHaveLength(25);
  expect(await sessions()).toBe(25);
  crowd.leave(5);
  await crowd.logInQuietly(5);
  expect(await sessions()).toBe(25);
  await crowd.lose();
});
