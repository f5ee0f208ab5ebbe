import { afterEach, expect, test } from 'vitest';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { HonestUsers } from './honestUsers.js';
import { floodWithWrongLogins } from './wrongLogins.js';

let server: ServerProcess | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

test('strangers are not let in, while users with the password are', async () => {
  const variables = { ROOKERY_PASSWORD: 'open sesame' };
  const options = ['--ban-after', '0', '--everyone-is', 'admin'];
  server = await startServerProcess({ options, variables });
  const { port } = server.info.quic;
  const honest = await HonestUsers.open(port, 'open sesame', 1);
  const [figures, flood] = await Promise.all([
    honest.measure(0.3),
    floodWithWrongLogins(port, 50, 0.3, 10),
  ]);
  expect(flood.begun).toBeGreaterThan(0);
  expect(flood.letIn).toBe(0);
  expect(figures.messageMs.length).toBeGreaterThan(0);
  expect(figures.loginMs.length).toBeGreaterThan(0);
  await honest.close();
});
