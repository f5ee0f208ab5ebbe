import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { EventStream } from './eventStream.js';

test('cuts off who does not read, and keeps nothing of it', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const outgoing = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  outgoing.on('error', () => undefined);
  const [, response] = (await once(server, 'request')) as [unknown, never];
  const stream = new EventStream(response, 64 * 1_024);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.on('error', () => undefined);
  let isClosed = false;
  stream.onClose(() => (isClosed = true));
  const data = JSON.stringify('x'.repeat(64 * 1_024));
  let sent = 0;
  // The kernel takes some megabytes before anything waits here.
  while (stream.isOpen && sent < 1_000) {
    stream.send('figures', data);
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(1_000);
  await expect.poll(() => isClosed).toBe(true);
  outgoing.destroy();
  server.close();
});
