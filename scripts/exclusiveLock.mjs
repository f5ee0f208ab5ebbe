// One set-up at a time in a checkout, however many commands are started at once.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs a task while no other process runs one under the same name; waits for its turn.
 *
 * The lock is a listening local socket, which the system takes back however its owner ends, so a
 * stale lock cannot exist. Who waits is connected to it and learns of the release when the
 * connection ends.
 *
 * @template T
 * @param {string} name Any text, for example the folder that is protected.
 * @param {() => Promise<T>} task
 * @param {() => void} onWait Called once when somebody else holds the lock.
 * @returns {Promise<T>}
 */
export async function withExclusiveLock(name, task, onWait = () => undefined) {
  const address = addressOf(name);
  let waited = false;
  let lock = await tryListen(address);
  while (lock === null) {
    if (!waited) onWait();
    waited = true;
    await waitForRelease(address);
    lock = await tryListen(address);
  }
  try {
    return await task();
  } finally {
    lock.release();
  }
}

function addressOf(name) {
  const id = `rookery-set-up-${createHash('sha256').update(name).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${id}`;
  return join(tmpdir(), `${id}.sock`);
}

function tryListen(address) {
  return new Promise((resolve, reject) => {
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
    });
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    const release = () => {
      server.close();
      for (const socket of waiting) socket.destroy();
    };
    server.listen(address, () => resolve({ release }));
  });
}

function waitForRelease(address) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('error', (error) => {
      // Only where a socket is a file can it outlive its owner.
      if (error.code === 'ECONNREFUSED' && address.startsWith('/')) rmSync(address);
    });
    socket.once('close', () => resolve());
    socket.resume();
  });
}
