import { createSocket } from 'node:dgram';
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

  test('receives all that came at once, in order and each from its own sender', async () => {
    const [server, ...clients] = [await open(), await open(), await open()];
    const expected = Array.from({ length: 300 }, (_packet, i) => {
      const { say, socket } = clients[i % clients.length]!;
      say(`packet ${i}`, server.socket.localAddress);
      socket.flush();
      return [`packet ${i}`, socket.localAddress.port];
    });
    await expect.poll(() => server.heard.length).toBe(expected.length);
    expect(server.heard).toEqual(expected);
    const bytes = expected.reduce((sum, [text]) => sum + String(text).length, 0);
    expect(server.socket.counters).toMatchObject({ packetsIn: expected.length, bytesIn: bytes });
  });

  test.each(['127.0.0.1', '::1'])('writes the address of %s alike on all packets', async (host) => {
    const from: UdpAddress[] = [];
    const onPacket = (_packet: Uint8Array, address: UdpAddress) => from.push(address);
    const server = await openQuicSocket({ host: '::', port: 0, bufferBytes: 100_000, onPacket });
    opened.push(server);
    // Without IPv6 there is nothing to compare.
    if (server.localAddress.host !== '::') return;
    const client = await open(host);
    const { port } = server.localAddress;
    for (let i = 0; i < 20; i++) client.say('ahoy', { host, port });
    client.socket.flush();
    const expected = { host, port: client.socket.localAddress.port };
    await expect.poll(() => from).toEqual(Array.from({ length: 20 }, () => expected));
  });

  test('receives what is too long as too long, and what follows whole', async () => {
    const { receivedPacketBytesMax } = endpointLimits;
    const lengths = [10, receivedPacketBytesMax, receivedPacketBytesMax + 500, 5_000, 20];
    const heard: number[] = [];
    const onPacket = (packet: Uint8Array) => heard.push(packet.length);
    const server = await openQuicSocket({ host: '127.0.0.1', port: 0, bufferBytes: 1e6, onPacket });
    opened.push(server);
    const sender = createSocket('udp4');
    const { port } = server.localAddress;
    for (const length of lengths) {
      await new Promise((sent) => sender.send(new Uint8Array(length), port, '127.0.0.1', sent));
    }
    sender.close();
    await expect.poll(() => heard.length).toBe(lengths.length);
    const seen = heard.map((length) => Math.min(length, receivedPacketBytesMax + 1));
    expect(seen).toEqual(lengths.map((length) => Math.min(length, receivedPacketBytesMax + 1)));
  });

  test('leaves turns of the event loop to others, however much arrives', async () => {
    const { socket, heard, say } = await open();
    const { localAddress } = socket;
    // Each turn finds more than it may take.
    for (let i = 0; i < 400; i++) say('more', localAddress);
    socket.flush();
    const heardAtTurns: number[] = [];
    while ((heardAtTurns.at(-1) ?? 0) < 400) {
      await new Promise((resolve) => setImmediate(resolve));
      heardAtTurns.push(heard.length);
      socket.flush();
    }
    const taken = heardAtTurns.map((count, i) => count - (heardAtTurns[i - 1] ?? 0));
    // Four batches of 32, and what node:dgram takes in one turn.
    expect(Math.max(...taken)).toBeLessThanOrEqual(4 * 32 + 32);
  });

  test('hands on nothing more once it is closed, and closes while it receives', async () => {
    const server = await open();
    const client = await open();
    const heard: string[] = [];
    const closing: Promise<void>[] = [];
    const onPacket = (packet: Uint8Array): void => {
      heard.push(Buffer.from(packet).toString());
      if (heard.length === 3) closing.push(socket.close());
    };
    const socket = await openQuicSocket({ host: '127.0.0.1', port: 0, bufferBytes: 1e6, onPacket });
    opened.push(socket);
    for (let i = 0; i < 50; i++) client.say(`${i}`, socket.localAddress);
    // So that the test ends after all that the closed one might have heard.
    client.say('end', server.socket.localAddress);
    client.socket.flush();
    await expect.poll(() => server.heard.length).toBe(1);
    await expect.poll(() => closing.length).toBe(1);
    await Promise.all(closing);
    expect(heard).toEqual(['0', '1', '2']);
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
