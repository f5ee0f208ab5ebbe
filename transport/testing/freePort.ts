import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * For a program that must be told its TCP port before it is started. Whoever can, lets the system
 * choose by port 0.
 *
 * @returns a port of 127.0.0.1 that nobody had a moment ago
 */
export async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}
