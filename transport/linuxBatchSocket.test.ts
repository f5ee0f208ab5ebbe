import { networkInterfaces } from 'node:os';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FanOut } from './batchSocket.js';
import { nobody } from './batchSocket.js';
import { EventSignal } from './eventSignal.js';
import { LinuxBatchSocket } from './linuxBatchSocket.js';
import { LinuxFanOut, makeSendVectors } from './linuxFanOut.js';
import type { LinuxSocketCalls } from './linuxSocketCalls.js';
import { loadLinuxSocketCalls } from './linuxSocketCalls.js';
import { linux } from './linuxSocketLayout.js';
import type { LinuxUdpSocket } from './linuxUdpSocket.js';
import { openLinuxUdpSockets } from './linuxUdpSocket.js';
import type { PackedAddress } from './packedAddress.js';
import { formatPackedAddress, makePackedAddress, parsePackedAddress } from './packedAddress.js';
import { openPortableUdpSocket } from './portableUdpSocket.js';
import { ipv4Form } from './socketAddressForm.js';

const packetBytesMax = 100;
const bufferBytes = 256 * 1024;

function packed(host: string, port: number): PackedAddress {
  const address = makePackedAddress();
  expect(parsePackedAddress({ host, port }, address)).toBe(true);
  return address;
}

/** Opens sockets for a test and closes them behind it. */
class Desk {
  readonly calls = loadLinuxSocketCalls();
  readonly signal = new EventSignal(this.calls);
  readonly #fds: number[] = [];

  bind(host: string, sockets = 1, port = 0): LinuxUdpSocket[] {
    const opened = openLinuxUdpSockets(this.calls, { host, port, sockets, bufferBytes });
    this.#fds.push(...opened.map(({ fd }) => fd));
    return opened;
  }

  batch({ fd, family }: LinuxUdpSocket, batchMax = 8): LinuxBatchSocket {
    const wakeFd = this.signal.fd;
    return new LinuxBatchSocket(this.calls, {
      fd,
      family,
      wakeFd,
      batchMax,
      packetBytesMax,
      waitMsMax: 20,
      outgoingBytes: 1_024,
    });
  }

  close(): void {
    for (const fd of this.#fds) this.calls.close(fd);
    this.signal.close();
  }
}

/** Everything that comes until `count` datagrams are there: source and text. */
function takeAll(socket: LinuxBatchSocket, count: number): { from: string; text: string }[] {
  const taken: { from: string; text: string }[] = [];
  const from = makePackedAddress();
  while (taken.length < count) {
    socket.wait(10_000);
    const received = socket.receive();
    if (received === 0) throw new Error(`${taken.length} of ${count} datagrams came`);
    for (let slot = 0; slot < received; slot++) {
      socket.readSource(slot, from.words);
      const { host, port } = formatPackedAddress(from)!;
      const bytes = socket.packets[slot]!.subarray(0, socket.packetBytes(slot));
      taken.push({ from: `${host} ${port}`, text: Buffer.from(bytes).toString('latin1') });
    }
  }
  return taken;
}

const hasIpv6 = (): boolean =>
  Object.values(networkInterfaces()).some((own) => own?.some(({ family }) => family === 'IPv6'));

const texts = (taken: { text: string }[]): string[] => taken.map(({ text }) => text);

/** Writes a text to the front of what is sent. @returns its length */
function write(socket: LinuxBatchSocket, text: string): number {
  return Buffer.from(socket.outgoing.buffer).write(text);
}

function fanOutTo(socket: LinuxBatchSocket, addresses: readonly PackedAddress[]): FanOut {
  const fanOut = socket.openFanOut();
  fanOut.resize(addresses.length);
  addresses.forEach(({ words }, index) => fanOut.setAddress(index, words, 0));
  return fanOut;
}

describe.runIf(process.platform === 'linux')('a batch socket', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = new Desk();
  });
  afterEach(() => desk.close());

  test.for(['127.0.0.1', '::1'])(
    'sends one text to many and tells who sent it (%s)',
    (host, { skip }) => {
      skip(host === '::1' && !hasIpv6(), 'this machine has no IPv6');
      const [bound] = desk.bind(host);
      const sender = desk.batch(bound!);
      const sockets = [1, 2, 3].map(() => desk.bind(host)[0]!);
      const port = (socket: LinuxUdpSocket): number => socket.localAddress.port;
      const fanOut = fanOutTo(
        sender,
        sockets.map((socket) => packed(host, port(socket))),
      );
      const length = write(sender, 'hello');
      expect(fanOut.send(0, length, nobody)).toBe(3);
      const heard = sockets.map((socket) => takeAll(desk.batch(socket), 1));
      expect(heard.map(texts)).toEqual([['hello'], ['hello'], ['hello']]);
      const from = host === '::1' ? '0:0:0:0:0:0:0:1' : host;
      expect(heard[0]![0]!.from).toBe(`${from} ${bound!.localAddress.port}`);
    },
  );

  test('is dual stack where it is bound to ::', async () => {
    const [bound] = desk.bind('::');
    const socket = desk.batch(bound!);
    const peer = await openPortableUdpSocket({
      host: '127.0.0.1',
      port: 0,
      onPacket: (packet) => heard.push(Buffer.from(packet).toString('latin1')),
    });
    const heard: string[] = [];
    peer.send(Buffer.from('ahoy'), 0, 4, { host: '127.0.0.1', port: bound!.localAddress.port });
    const [received] = takeAll(socket, 1);
    expect(received).toEqual({ from: `127.0.0.1 ${peer.localAddress.port}`, text: 'ahoy' });
    const fanOut = fanOutTo(socket, [packed('127.0.0.1', peer.localAddress.port)]);
    expect(fanOut.send(0, write(socket, 'back'), nobody)).toBe(1);
    await expect.poll(() => heard).toEqual(['back']);
    await peer.close();
  });

  test('takes more than a batch in several, and cuts what is too long', () => {
    const [bound] = desk.bind('127.0.0.1');
    const receiver = desk.batch(bound!, 2);
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const fanOut = fanOutTo(sender, [packed('127.0.0.1', bound!.localAddress.port)]);
    write(sender, 'x'.repeat(200));
    for (const length of [3, 100, 101, 200, 0]) fanOut.send(0, length, nobody);
    const lengths = texts(takeAll(receiver, 5)).map(({ length }) => length);
    expect(lengths).toEqual([3, 100, 101, 101, 0]);
    expect(receiver.receive()).toBe(0);
  });

  test('gives chosen receivers other pieces, at one send only', () => {
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const sockets = [1, 2, 3].map(() => desk.bind('127.0.0.1')[0]!);
    const fanOut = fanOutTo(
      sender,
      sockets.map(({ localAddress }) => packed('127.0.0.1', localAddress.port)),
    );
    write(sender, 'abcdef');
    fanOut.replace(0);
    fanOut.addPiece(0, 2);
    fanOut.addPiece(4, 2);
    fanOut.replace(2);
    fanOut.addPiece(3, 1);
    expect(fanOut.send(0, 6, nobody)).toBe(3);
    expect(fanOut.send(0, 6, nobody)).toBe(3);
    const heard = sockets.map((socket) => texts(takeAll(desk.batch(socket), 2)));
    expect(heard).toEqual([
      ['abef', 'abcdef'],
      ['abcdef', 'abcdef'],
      ['d', 'abcdef'],
    ]);
  });

  test.each([0, 1, 2])('sends to all but receiver %i, and then to all again', (omitted) => {
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const sockets = [1, 2, 3].map(() => desk.bind('127.0.0.1')[0]!);
    const fanOut = fanOutTo(
      sender,
      sockets.map(({ localAddress }) => packed('127.0.0.1', localAddress.port)),
    );
    write(sender, '123');
    expect(fanOut.send(0, 1, omitted)).toBe(2);
    expect(fanOut.send(1, 2, nobody)).toBe(3);
    const heard = sockets.map((socket, i) =>
      texts(takeAll(desk.batch(socket), i === omitted ? 1 : 2)),
    );
    expect(heard).toEqual([0, 1, 2].map((i) => (i === omitted ? ['23'] : ['1', '23'])));
  });

  test('goes on behind a receiver that cannot be sent to', () => {
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const [receiver] = desk.bind('127.0.0.1');
    const good = packed('127.0.0.1', receiver!.localAddress.port);
    const bad = packed('127.0.0.1', 0);
    const fanOut = fanOutTo(sender, [bad, good, bad, bad, good, bad]);
    expect(fanOut.send(0, write(sender, 'on'), nobody)).toBe(2);
    expect(texts(takeAll(desk.batch(receiver!), 2))).toEqual(['on', 'on']);
  });

  test('sends to more receivers than the kernel takes at once, and may grow', () => {
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const [receiver] = desk.bind('127.0.0.1');
    const address = packed('127.0.0.1', receiver!.localAddress.port);
    const fanOut = fanOutTo(sender, [address]);
    expect(fanOut.send(0, 1, nobody)).toBe(1);
    const many = 2_500;
    fanOut.resize(many);
    for (let index = 0; index < many; index++) fanOut.setAddress(index, address.words, 0);
    expect(fanOut.send(0, 1, nobody)).toBe(many);
  });

  test('keeps the receivers that it has when it grows', () => {
    const [sending, receiving] = [desk.bind('127.0.0.1')[0]!, desk.bind('127.0.0.1')[0]!];
    const sender = desk.batch(sending);
    const { words } = packed('127.0.0.1', receiving.localAddress.port);
    const fanOut = sender.openFanOut();
    for (let index = 0; index < 5; index++) {
      fanOut.resize(index + 1);
      fanOut.setAddress(index, words, 0);
    }
    expect(fanOut.send(0, write(sender, 'all'), nobody)).toBe(5);
    expect(texts(takeAll(desk.batch(receiving), 5))).toEqual(Array<string>(5).fill('all'));
  });

  test('waits for the first datagram, and takes all that are there', () => {
    const [bound] = desk.bind('127.0.0.1');
    const receiver = desk.batch(bound!);
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    expect(receiver.receiveOrWait()).toBe(0);
    const fanOut = fanOutTo(sender, [packed('127.0.0.1', bound!.localAddress.port)]);
    for (let i = 0; i < 3; i++) fanOut.send(0, write(sender, 'x'), nobody);
    expect(receiver.receiveOrWait()).toBe(3);
    expect(receiver.receiveOrWait()).toBe(0);
  });

  test('takes what gathered while it paused', () => {
    const [bound] = desk.bind('127.0.0.1');
    const receiver = desk.batch(bound!);
    const sender = desk.batch(desk.bind('127.0.0.1')[0]!);
    const fanOut = fanOutTo(sender, [packed('127.0.0.1', bound!.localAddress.port)]);
    for (let i = 0; i < 3; i++) fanOut.send(0, write(sender, 'x'), nobody);
    receiver.pause(1);
    expect(receiver.receive()).toBe(3);
    expect(receiver.receive()).toBe(0);
  });

  test('is woken by another thread', async () => {
    const socket = desk.batch(desk.bind('127.0.0.1')[0]!);
    const worker = new Worker(new URL('./testing/raiseSignalWorker.js', import.meta.url), {
      workerData: desk.signal.fd,
    });
    // Returns long before its time is up, or this test runs out of its own.
    socket.wait(1_000_000);
    expect(socket.receive()).toBe(0);
    // And what woke it is over.
    socket.wait(0);
    await worker.terminate();
  });

  test('shares its port among its own sockets and with nobody else', () => {
    const bound = desk.bind('127.0.0.1', 4);
    const { port } = bound[0]!.localAddress;
    expect(bound.map(({ localAddress }) => localAddress.port)).toEqual([port, port, port, port]);
    const inUse = expect.objectContaining({ code: 'addressInUse' }) as Error;
    expect(() => desk.bind('127.0.0.1', 1, port)).toThrow(inUse);
    expect(() => desk.bind('127.0.0.1', 2, port)).toThrow(inUse);
  });

  test('tells what the kernel granted', () => {
    const [bound] = desk.bind('127.0.0.1');
    expect(bound!.receiveBufferBytes).toBeGreaterThanOrEqual(bufferBytes);
    expect(bound!.sendBufferBytes).toBeGreaterThanOrEqual(bufferBytes);
  });

  test('refuses an address that this machine does not have', () => {
    const missing = expect.objectContaining({ code: 'addressNotAvailable' }) as Error;
    expect(() => desk.bind('192.0.2.1')).toThrow(missing);
  });
});

describe.runIf(process.platform === 'linux')('a send', () => {
  /** Calls whose sendmmsg does as it is told: how many it takes, or an error number below 0. */
  function scripted(answers: number[]): { calls: LinuxSocketCalls; asked: number[] } {
    const real = loadLinuxSocketCalls();
    const asked: number[] = [];
    let error = 0;
    const sendmmsg = (_fd: number, _entries: number, count: number): number => {
      asked.push(count);
      const answer = answers.shift() ?? count;
      error = -answer;
      return Math.max(answer, -1);
    };
    return { calls: { ...real, sendmmsg, errno: () => error }, asked };
  }

  const EAGAIN = -11;

  test.each([
    ['full buffers once', [3, EAGAIN], [10, 7, 6], 9],
    ['full buffers again and again', [EAGAIN, EAGAIN, 5, EAGAIN], [10, 9, 8, 3, 2], 7],
    ['a signal', [-linux.EINTR, 4, -linux.EINTR], [10, 10, 6, 6], 10],
  ])('never waits, and goes on after %s', (_what, answers, asked, taken) => {
    const fake = scripted(answers);
    const vectors = makeSendVectors(fake.calls, -1, ipv4Form, fake.calls.allocate(8));
    const fanOut = new LinuxFanOut(vectors);
    fanOut.resize(10);
    expect(fanOut.send(0, 8, nobody)).toBe(taken);
    expect(fake.asked).toEqual(asked);
  });
});
