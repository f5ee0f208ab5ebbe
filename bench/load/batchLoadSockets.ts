import type { LinuxSocketCalls, NativeMemory } from '@rookery/transport/linuxSocketCalls';
import { loadLinuxSocketCalls, writePointer } from '@rookery/transport/linuxSocketCalls';
import { iovec, linux, mmsghdr, msghdr, timespec } from '@rookery/transport/linuxSocketLayout';
import type { LinuxUdpSocket } from '@rookery/transport/linuxUdpSocket';
import { openLinuxUdpSockets } from '@rookery/transport/linuxUdpSocket';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';
import { ipv4Form } from '@rookery/transport/socketAddressForm';
import { nowUs } from './loadClock.js';
import type { LoadReceiver, LoadSockets } from './loadSockets.js';

/** Asks the kernel to stamp each datagram as it arrives (asm-generic/socket.h, socket(7)). */
const SO_TIMESTAMPNS = 35;
/** The control message that holds the stamp on 64-bit Linux (cmsg(3)): header, then a timespec. */
const stampMessage = { bytes: 32, time: 16 } as const;

/** Datagrams taken at once. */
const batchMax = 256;
/** Above any packet of the protocol, so that one that is too long is seen to be. */
const slotBytes = 1_280;
/** A receiver that is not scheduled for a tenth of a second must not lose what arrives. */
const bufferBytes = 8 * 1_048_576;
/** Tries to find how the kernel's clock stands to ours; the quickest is the truest. */
const clockTries = 200;
const host = '127.0.0.1';

/**
 * Sockets read in batches, each datagram stamped by the kernel as it arrives, so that delays do not
 * hold the time until it is read.
 *
 * @throws TransportError `unsupportedPlatform` where there are none
 */
export function openBatchLoadSockets(count: number, remotePort: number): LoadSockets {
  return new BatchLoadSockets(loadLinuxSocketCalls(), count, remotePort);
}

class BatchLoadSockets implements LoadSockets {
  readonly kind = 'batch';
  readonly localPorts: readonly number[];
  readonly outgoing: Uint8Array;
  readonly #calls: LinuxSocketCalls;
  readonly #sockets: readonly LinuxUdpSocket[];
  readonly #incoming: NativeMemory;
  readonly #packets: readonly Uint8Array[];
  readonly #entries: NativeMemory;
  readonly #stamps: NativeMemory;
  readonly #outgoing: NativeMemory;
  readonly #sendEntry: NativeMemory;
  readonly #remote: NativeMemory;
  readonly #time: NativeMemory;
  /** Subtracted from the kernel's seconds, so that microseconds keep their fractions. */
  readonly #baseSeconds = Math.floor(Date.now() / 1_000);
  /** The kernel's clock minus ours. */
  readonly #offsetUs: number;

  constructor(calls: LinuxSocketCalls, count: number, remotePort: number) {
    this.#calls = calls;
    this.#incoming = calls.allocate(batchMax * slotBytes);
    this.#packets = Array.from({ length: batchMax }, (_packet, slot) =>
      this.#incoming.bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes),
    );
    this.#stamps = calls.allocate(batchMax * stampMessage.bytes);
    this.#entries = this.#layOutEntries();
    this.#outgoing = calls.allocate(slotBytes);
    this.outgoing = this.#outgoing.bytes;
    this.#remote = calls.allocate(ipv4Form.bytes);
    this.#sendEntry = this.#layOutSendEntry();
    this.#time = calls.allocate(timespec.bytes);
    this.#sockets = Array.from({ length: count }, () => this.#open());
    this.localPorts = this.#sockets.map(({ localAddress }) => localAddress.port);
    this.#offsetUs = this.#measureClockOffset();
    this.#setRemotePort(remotePort);
  }

  send(socket: number, length: number): void {
    const vectorLength = mmsghdr.bytes + iovec.length;
    this.#sendEntry.words[vectorLength >>> 2] = length;
    this.#calls.sendmmsg(this.#sockets[socket]!.fd, this.#sendEntry.address, 1, 0);
  }

  receive(receiver: LoadReceiver): number {
    let total = 0;
    for (let socket = 0; socket < this.#sockets.length; socket++) {
      // One batch each time, so that what keeps coming does not keep the load from being sent.
      const received = this.#receiveBatch(this.#sockets[socket]!.fd);
      for (let slot = 0; slot < received; slot++) {
        receiver(socket, this.#packets[slot]!, this.#packetBytes(slot), this.#arrivedAtUs(slot));
      }
      total += received;
    }
    return total;
  }

  wait(microseconds: number): undefined {
    if (microseconds <= 0) return;
    const seconds = Math.floor(microseconds / 1_000_000);
    this.#time.words[timespec.seconds >>> 2] = seconds;
    this.#time.words[timespec.nanoseconds >>> 2] = (microseconds - seconds * 1_000_000) * 1_000;
    this.#calls.ppoll(0, 0, this.#time.address, 0);
  }

  close(): Promise<void> {
    for (const { fd } of this.#sockets) this.#calls.close(fd);
    return Promise.resolve();
  }

  #open(): LinuxUdpSocket {
    const calls = this.#calls;
    const [socket] = openLinuxUdpSockets(calls, { host, port: 0, sockets: 1, bufferBytes });
    const { words, address } = this.#remote;
    words[0] = 1;
    const { SOL_SOCKET } = linux;
    calls.setsockopt(socket!.fd, SOL_SOCKET, SO_TIMESTAMPNS, address, words.BYTES_PER_ELEMENT);
    return socket!;
  }

  #receiveBatch(fd: number): number {
    const { address, words } = this.#entries;
    const received = this.#calls.recvmmsg(fd, address, batchMax, linux.MSG_DONTWAIT, 0);
    // The kernel has written how much of each control buffer it used.
    for (let slot = 0; slot < received; slot++) {
      words[(slot * mmsghdr.bytes + mmsghdr.header + msghdr.controlLength) >>> 2] =
        stampMessage.bytes;
    }
    return Math.max(0, received);
  }

  #packetBytes(slot: number): number {
    return this.#entries.words[(slot * mmsghdr.bytes + mmsghdr.length) >>> 2]!;
  }

  #arrivedAtUs(slot: number): number {
    return this.#stampUs(slot) - this.#offsetUs;
  }

  #stampUs(slot: number): number {
    const time = slot * stampMessage.bytes + stampMessage.time;
    const { words } = this.#stamps;
    const seconds = (words[(time + timespec.seconds) >>> 2]! >>> 0) - this.#baseSeconds;
    return seconds * 1_000_000 + words[(time + timespec.nanoseconds) >>> 2]! / 1_000;
  }

  /** Sends datagrams to ourselves: the kernel's stamp lies between the two looks at our clock. */
  #measureClockOffset(): number {
    const [socket] = this.#sockets;
    this.#setRemotePort(socket!.localAddress.port);
    let shortestUs = Infinity;
    let offsetUs = 0;
    for (let i = 0; i < clockTries; i++) {
      const beforeUs = nowUs();
      this.send(0, 1);
      const afterUs = nowUs();
      const isReceived = this.#receiveBatch(socket!.fd) > 0;
      if (!isReceived || afterUs - beforeUs >= shortestUs) continue;
      shortestUs = afterUs - beforeUs;
      offsetUs = this.#stampUs(0) - (beforeUs + afterUs) / 2;
    }
    return offsetUs;
  }

  #setRemotePort(port: number): void {
    const packed = makePackedAddress();
    parsePackedAddress({ host, port }, packed);
    ipv4Form.write(this.#remote.words, 0, packed.words, 0);
  }

  #layOutEntries(): NativeMemory {
    const entries = this.#calls.allocate(batchMax * (mmsghdr.bytes + iovec.bytes));
    const { words, address } = entries;
    for (let slot = 0; slot < batchMax; slot++) {
      const vector = batchMax * mmsghdr.bytes + slot * iovec.bytes;
      writePointer(words, vector + iovec.base, this.#incoming.address + slot * slotBytes);
      words[(vector + iovec.length) >>> 2] = slotBytes;
      const header = slot * mmsghdr.bytes + mmsghdr.header;
      writePointer(words, header + msghdr.vectors, address + vector);
      words[(header + msghdr.vectorCount) >>> 2] = 1;
      const stamp = this.#stamps.address + slot * stampMessage.bytes;
      writePointer(words, header + msghdr.control, stamp);
      words[(header + msghdr.controlLength) >>> 2] = stampMessage.bytes;
    }
    return entries;
  }

  #layOutSendEntry(): NativeMemory {
    const entry = this.#calls.allocate(mmsghdr.bytes + iovec.bytes);
    const { words, address } = entry;
    writePointer(words, mmsghdr.bytes + iovec.base, this.#outgoing.address);
    writePointer(words, mmsghdr.header + msghdr.name, this.#remote.address);
    words[(mmsghdr.header + msghdr.nameLength) >>> 2] = ipv4Form.bytes;
    writePointer(words, mmsghdr.header + msghdr.vectors, address + mmsghdr.bytes);
    words[(mmsghdr.header + msghdr.vectorCount) >>> 2] = 1;
    return entry;
  }
}
