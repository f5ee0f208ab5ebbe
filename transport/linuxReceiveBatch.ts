import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { writePointer } from './linuxSocketCalls.js';
import { iovec, mmsghdr, msghdr } from './linuxSocketLayout.js';
import type { SocketAddressForm } from './socketAddressForm.js';

export interface LinuxReceiveOptions {
  /** Of an open socket, which stays its opener's. */
  readonly fd: number;
  /** Of the socket's family. */
  readonly form: SocketAddressForm;
  /** Datagrams taken at once. */
  readonly batchMax: number;
  /** Longer datagrams are seen as one byte longer than this, and are cut there. */
  readonly packetBytesMax: number;
}

/**
 * Takes datagrams of a socket out of the kernel, many in one call. One thread; all memory that the
 * kernel writes is laid out when it is made, and nothing allocates afterwards.
 */
export class LinuxReceiveBatch {
  /** Where each datagram of a batch is received; the same views for every batch. */
  readonly packets: readonly Uint8Array[];
  readonly #calls: LinuxSocketCalls;
  readonly #fd: number;
  readonly #form: SocketAddressForm;
  readonly #batchMax: number;
  readonly #entries: NativeMemory;
  readonly #sources: NativeMemory;
  /** The kernel writes here, known to it by address alone: it must not be collected. */
  readonly #bytes: NativeMemory;

  constructor(calls: LinuxSocketCalls, options: LinuxReceiveOptions) {
    const { fd, form, batchMax, packetBytesMax } = options;
    const slotBytes = packetBytesMax + 1;
    this.#calls = calls;
    this.#fd = fd;
    this.#form = form;
    this.#batchMax = batchMax;
    this.#bytes = calls.allocate(batchMax * slotBytes);
    this.#sources = calls.allocate(batchMax * form.bytes);
    this.#entries = this.#layOutEntries(slotBytes);
    this.packets = Array.from({ length: batchMax }, (_packet, slot) =>
      this.#bytes.bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes),
    );
  }

  /** @param flags of recvmmsg(2). @returns datagrams, 0 … `batchMax`; 0 on failure too */
  receive(flags: number): number {
    // Nothing has to be set again before: sockets of one family give back the address length that
    // they were given, and the kernel leaves the vectors alone.
    const { address } = this.#entries;
    return Math.max(0, this.#calls.recvmmsg(this.#fd, address, this.#batchMax, flags, 0));
  }

  /** Length of a datagram of the last batch. */
  packetBytes(slot: number): number {
    return this.#entries.words[(slot * mmsghdr.bytes + mmsghdr.length) >>> 2]!;
  }

  /** Copies the five words of a datagram's source address. */
  readSource(slot: number, out: Int32Array): void {
    this.#form.read(this.#sources.words, (slot * this.#form.bytes) >>> 2, out);
  }

  #layOutEntries(slotBytes: number): NativeMemory {
    const batchMax = this.#batchMax;
    const entries = this.#calls.allocate(batchMax * (mmsghdr.bytes + iovec.bytes));
    const { words } = entries;
    for (let slot = 0; slot < batchMax; slot++) {
      const vector = batchMax * mmsghdr.bytes + slot * iovec.bytes;
      writePointer(words, vector + iovec.base, this.#bytes.address + slot * slotBytes);
      words[(vector + iovec.length) >>> 2] = slotBytes;
      const header = slot * mmsghdr.bytes + mmsghdr.header;
      const source = this.#sources.address + slot * this.#form.bytes;
      writePointer(words, header + msghdr.name, source);
      words[(header + msghdr.nameLength) >>> 2] = this.#form.bytes;
      writePointer(words, header + msghdr.vectors, entries.address + vector);
      words[(header + msghdr.vectorCount) >>> 2] = 1;
    }
    return entries;
  }
}
