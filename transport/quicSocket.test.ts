import { afterEach, describe, expect, test } from 'vitest';
import { LinuxSendQueue } from './linuxSendQueue.js';
import type { LinuxSocketCalls } from './linuxSocketCalls.js';
import { loadLinuxSocketCalls } from './linuxSocketCalls.js';
import { endpointLimits } from './quicLimits.js';
import type { QuicSocket } from './quicSocket.js';
import { openQuicSocket } from './quicSocket.js';
import { ipv4Form } from './socketAddressForm.js';
import type { UdpAddress } from './udpSocket.js';

const opened: QuicSocket[] = [];
afterEach(() => Promise.all(opened.splice(0).map((socket) => socket.close())));

/** A socket, and what it received as text, with the port of its sender. */
async function open(host = '127.0.0.1', port = 0) {
  const heard: [text: string, port: number][] = [];
  const socket = await openQuicSocket({
    host,
    port,
    bufferBytes: 1_048_576,
    onPacket: (packet, from) => heard.push([Buffer.from(packet).toString(), from.port]),
  });
  opened.push(socket);
  const say = (text: string, to: UdpAddress): void => {
    const bytes = Buffer.from(text);
    socket.send(bytes, 0, bytes.length, to);
    bytes.fill(0);
  };
  return { socket, heard, say };
}

describe('a socket for QUIC', () => {
  test('sends what it gathered, each to its own receiver and with its own bytes', async () => {
    const server = await open();
    const clients = [await open(), await open(), await open()];
    clients.forEach(({ socket }, i) => server.say(`to ${i}`, socket.localAddress));
    server.socket.flush();
    const { port } = server.socket.localAddress;
    for (const [i, { heard }] of clients.entries()) {
      await expect.poll(() => heard).toEqual([[`to ${i}`, port]]);
    }
    expect(server.socket.counters).toMatchObject({ packetsOut: 3, bytesOut: 12, sendFailures: 0 });
    clients[1]!.say('back', server.socket.localAddress);
    clients[1]!.socket.flush();
    const clientPort = clients[1]!.socket.localAddress.port;
    await expect.poll(() => server.heard).toEqual([['back', clientPort]]);
    expect(server.socket.counters).toMatchObject({ packetsIn: 1, bytesIn: 4 });
  });

  test('sends more in one turn than it can gather', async () => {
    const [server, client] = [await open(), await open()];
    const texts = Array.from({ length: 100 }, (_text, i) => `packet ${i}`);
    for (const text of texts) server.say(text, client.socket.localAddress);
    server.socket.flush();
    await expect.poll(() => client.heard.length).toBe(texts.length);
    expect(client.heard.map(([text]) => text)).toEqual(texts);
  });

  test('speaks IPv4 and, where there is any, IPv6 on ::', async () => {
    const server = await open('::');
    const client = await open();
    const { port } = server.socket.localAddress;
    client.say('ahoy', { host: '127.0.0.1', port });
    client.socket.flush();
    await expect.poll(() => server.heard.map(([text]) => text)).toEqual(['ahoy']);
    server.say('back', client.socket.localAddress);
    server.socket.flush();
    await expect.poll(() => client.heard).toEqual([['back', port]]);
  });

  test('counts what cannot be sent, and sends the rest', async () => {
    const [server, client] = [await open(), await open()];
    const { localAddress } = client.socket;
    server.say('one', localAddress);
    server.say('nowhere', { host: 'no.number', port: 1 });
    server.say('x'.repeat(endpointLimits.packetBytesMax + 1), localAddress);
    server.say('no port', { host: '127.0.0.1', port: 0 });
    server.say('two', localAddress);
    server.socket.flush();
    await expect.poll(() => client.heard.map(([text]) => text)).toEqual(['one', 'two']);
    await expect.poll(() => server.socket.counters.sendFailures).toBe(3);
  });

  test('sends what it has before it closes, and nothing afterwards', async () => {
    const [server, client] = [await open(), await open()];
    server.say('last', client.socket.localAddress);
    await server.socket.close();
    server.say('never', client.socket.localAddress);
    server.socket.flush();
    await expect.poll(() => client.heard.map(([text]) => text)).toEqual(['last']);
  });

  test('refuses a port that is taken, with its code', async () => {
    const { socket } = await open();
    const again = open('127.0.0.1', socket.localAddress.port);
    await expect(again).rejects.toMatchObject({ code: 'addressInUse' });
  });
});

test.runIf(process.platform === 'linux')('a full buffer drops one and goes on', () => {
  const asked: number[] = [];
  const answers = [2, -11, -4];
  let error = 0;
  const sendmmsg = (_fd: number, _entries: number, count: number): number => {
    asked.push(count);
    const answer = answers.shift() ?? count;
    error = -answer;
    return Math.max(answer, -1);
  };
  const calls: LinuxSocketCalls = { ...loadLinuxSocketCalls(), sendmmsg, errno: () => error };
  const queue = new LinuxSendQueue(calls, -1, ipv4Form, 10);
  for (let i = 1; i <= 5; i++) queue.push(new Uint8Array(10), 0, i, { host: '192.0.2.1', port: 9 });
  queue.flush();
  expect(asked).toEqual([5, 3, 2, 2]);
  expect(queue.counters).toEqual({ packetsOut: 4, bytesOut: 1 + 2 + 4 + 5, sendFailures: 1 });
  queue.flush();
  expect(asked).toHaveLength(4);
});
