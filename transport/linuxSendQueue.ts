import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { writePointer } from './linuxSocketCalls.js';
import { iovec, linux, mmsghdr, msghdr } from './linuxSocketLayout.js';
import { makePackedAddress, parsePackedAddress } from './packedAddress.js';
import type { SocketAddressForm } from './socketAddressForm.js';
import type { UdpAddress } from './udpSocket.js';

/** Datagrams that go out in one call. */
const slots = 32;

/**
 * Gathers datagrams, each with its own bytes and receiver, and hands them to the kernel in one
 * call. One thread; all that the kernel reads is laid out when it is made.
 */
export class LinuxSendQueue {
  /** What the kernel has taken, and what it has not. */
  readonly counters = { packetsOut: 0, bytesOut: 0, sendFailures: 0 };
  readonly #calls: LinuxSocketCalls;
  readonly #fd: number;
  readonly #form: SocketAddressForm;
  readonly #slotBytes: number;
  readonly #bytes: NativeMemory;
  readonly #entries: NativeMemory;
  readonly #vectors: NativeMemory;
  readonly #addresses: NativeMemory;
  readonly #packed = makePackedAddress();
  #count = 0;

  /** @param packetBytesMax of the longest datagram */
  constructor(
    calls: LinuxSocketCalls,
    fd: number,
    form: SocketAddressForm,
    packetBytesMax: number,
  ) {
    this.#calls = calls;
    this.#fd = fd;
    this.#form = form;
    this.#slotBytes = packetBytesMax;
    this.#bytes = calls.allocate(slots * packetBytesMax);
    this.#entries = calls.allocate(slots * mmsghdr.bytes);
    this.#vectors = calls.allocate(slots * iovec.bytes);
    this.#addresses = calls.allocate(slots * form.bytes);
    for (let slot = 0; slot < slots; slot++) this.#layOut(slot);
  }

  /** Takes a copy of `packet[offset .. offset + length)`; sends all where the queue is full. */
  push(packet: Uint8Array, offset: number, length: number, to: UdpAddress): void {
    if (length > this.#slotBytes || !parsePackedAddress(to, this.#packed)) {
      this.counters.sendFailures++;
      return;
    }
    const slot = this.#count++;
    const at = slot * this.#slotBytes;
    this.#bytes.bytes.set(packet.subarray(offset, offset + length), at);
    this.#vectors.words[(slot * iovec.bytes + iovec.length) >>> 2] = length;
    const addressWord = (slot * this.#form.bytes) >>> 2;
    this.#form.write(this.#addresses.words, addressWord, this.#packed.words, 0);
    if (this.#count === slots) this.flush();
  }

  /** Sends all that was gathered. Never waits: what the kernel does not take is lost. */
  flush(): void {
    let next = 0;
    while (next < this.#count) {
      const address = this.#entries.address + next * mmsghdr.bytes;
      const count = this.#count - next;
      const sent = this.#calls.sendmmsg(this.#fd, address, count, linux.MSG_DONTWAIT);
      if (sent > 0) {
        this.#countSent(next, next + sent);
        next += sent;
      } else if (this.#calls.errno() !== linux.EINTR) {
        this.counters.sendFailures++;
        next++;
      }
    }
    this.#count = 0;
  }

  #countSent(first: number, end: number): void {
    this.counters.packetsOut += end - first;
    for (let slot = first; slot < end; slot++) {
      this.counters.bytesOut += this.#vectors.words[(slot * iovec.bytes + iovec.length) >>> 2]!;
    }
  }

  #layOut(slot: number): void {
    const header = slot * mmsghdr.bytes + mmsghdr.header;
    const { words } = this.#entries;
    writePointer(words, header + msghdr.name, this.#addresses.address + slot * this.#form.bytes);
    words[(header + msghdr.nameLength) >>> 2] = this.#form.bytes;
    const vector = slot * iovec.bytes;
    writePointer(words, header + msghdr.vectors, this.#vectors.address + vector);
    words[(header + msghdr.vectorCount) >>> 2] = 1;
    const bytes = this.#bytes.address + slot * this.#slotBytes;
    writePointer(this.#vectors.words, vector + iovec.base, bytes);
  }
}
