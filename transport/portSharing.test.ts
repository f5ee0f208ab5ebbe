import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nobody } from './batchSocket.js';
import { EventSignal } from './eventSignal.js';
import { LinuxBatchSocket } from './linuxBatchSocket.js';
import { loadLinuxSocketCalls, type LinuxSocketCalls } from './linuxSocketCalls.js';
import { openLinuxUdpSockets, type LinuxUdpSocket } from './linuxUdpSocket.js';
import { makePackedAddress, parsePackedAddress } from './packedAddress.js';
import { sharePort } from './portSharing.js';

const bufferBytes = 65_536;

describe.runIf(process.platform === 'linux')('a shared port', () => {
  let calls: LinuxSocketCalls;
  let signal: EventSignal;
  let shared: LinuxUdpSocket[];
  let sending: LinuxUdpSocket;
  beforeEach(() => {
    calls = loadLinuxSocketCalls();
    signal = new EventSignal(calls);
    const open = (sockets: number): LinuxUdpSocket[] =>
      openLinuxUdpSockets(calls, { host: '127.0.0.1', port: 0, sockets, bufferBytes });
    shared = open(3);
    [sending] = open(1) as [LinuxUdpSocket];
  });
  afterEach(() => {
    for (const { fd } of [...shared, sending]) calls.close(fd);
    signal.close();
  });

  const batch = ({ fd, family }: LinuxUdpSocket): LinuxBatchSocket =>
    new LinuxBatchSocket(calls, {
      fd,
      family,
      wakeFd: signal.fd,
      batchMax: 16,
      packetBytesMax: 64,
      waitMsMax: 20,
      outgoingBytes: 64,
    });

  /** Sends a datagram of each first byte, and an empty one. @returns how many each socket has */
  function spread(firstBytes: readonly number[]): number[] {
    const sender = batch(sending);
    const address = makePackedAddress();
    parsePackedAddress(shared[0]!.localAddress, address);
    const fanOut = sender.openFanOut();
    fanOut.resize(1);
    fanOut.setAddress(0, address.words, 0);
    for (const byte of firstBytes) {
      sender.outgoing[0] = byte;
      fanOut.send(0, 20, nobody);
    }
    fanOut.send(0, 0, nobody);
    return shared.map((socket) => batch(socket).receive());
  }

  test('goes to its first sockets by the first byte', () => {
    expect(sharePort(calls, shared[0]!.fd, 2)).toBe(true);
    expect(spread([0, 1, 2, 3, 4, 255])).toEqual([4, 3, 0]);
    expect(sharePort(calls, shared[2]!.fd, 3)).toBe(true);
    expect(spread([0, 1, 2, 3, 4, 255])).toEqual([4, 2, 1]);
  });

  test('goes to one socket alone, and to more again', () => {
    expect(sharePort(calls, shared[0]!.fd, 1)).toBe(true);
    expect(spread([0, 1, 2, 3])).toEqual([5, 0, 0]);
    expect(sharePort(calls, shared[0]!.fd, 2)).toBe(true);
    expect(spread([0, 1, 2, 3])).toEqual([3, 2, 0]);
  });

  test('is refused where the socket is none', () => {
    expect(sharePort(calls, -1, 1)).toBe(false);
  });
});
