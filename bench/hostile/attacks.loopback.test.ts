import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { attack } from './attacks.js';
import { HonestClients } from './honestClients.js';
import { attackNames, type AttackKind } from './hostileMessages.js';

let server: ServerProcess;
let honest: HonestClients;

beforeAll(async () => {
  server = await startServerProcess();
  honest = await HonestClients.open(server.info.quic.port);
});

afterAll(async () => {
  await honest.close();
  await server.stop();
});

test.each(Object.entries(attackNames))('%s: honest clients are served beside %s', async (kind) => {
  const { port } = server.info.quic;
  const request = { port, seconds: 0.3, handshakes: 100, bytes: 1_000_000 };
  const attacking = attack({ kind: kind as AttackKind, ...request });
  const { failedLogins, lostMessages, loginMs, messageMs } = await honest.measure(attacking);
  const { connections, packets } = await attacking;
  expect(connections).toBeGreaterThan(0);
  expect(packets).toBeGreaterThan(0);
  expect(loginMs.length).toBeGreaterThan(0);
  expect(messageMs.length).toBeGreaterThan(0);
  expect({ failedLogins, lostMessages }).toEqual({ failedLogins: 0, lostMessages: 0 });
});
