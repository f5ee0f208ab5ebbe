import type { FanOut, FanOutSocket } from './batchSocket.js';
import { LinuxFanOut, makeSendVectors, type SendVectors } from './linuxFanOut.js';
import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { writePointer } from './linuxSocketCalls.js';
import { iovec, linux, mmsghdr, msghdr, pollfd, timespec, timeval } from './linuxSocketLayout.js';
import type { SocketAddressForm } from './socketAddressForm.js';
import { addressFormOf } from './socketAddressForm.js';

export interface LinuxBatchOptions {
  /** Of an open socket, which stays its opener's. */
  readonly fd: number;
  /** AF_INET or AF_INET6. */
  readonly family: number;
  /** An eventfd: writing to it from any thread ends a wait. */
  readonly wakeFd: number;
  /** Datagrams taken at once. */
  readonly batchMax: number;
  /** Longer datagrams are seen as one byte longer than this, and are cut there. */
  readonly packetBytesMax: number;
  /** Longest wait of `receiveOrWait`, ms. */
  readonly waitMsMax: number;
  /** Length of `outgoing`. */
  readonly outgoingBytes: number;
}

/** Bytes that one eventfd is read by (eventfd(2)). */
const eventBytes = 8;
/** Where the two descriptors that are waited for stand in their array. */
const socketPoll = 0;
const wakePoll = pollfd.bytes;

/**
 * One thread's use of a Linux socket in batches. It blocks in `wait` alone; all memory that the
 * kernel reads and writes is laid out when it is made, and nothing allocates afterwards.
 */
export class LinuxBatchSocket implements FanOutSocket {
  readonly outgoing: Uint8Array;
  /** Where each datagram of a batch is received; the same views for every batch. */
  readonly packets: readonly Uint8Array[];
  readonly #calls: LinuxSocketCalls;
  readonly #options: LinuxBatchOptions;
  readonly #form: SocketAddressForm;
  readonly #entries: NativeMemory;
  readonly #sources: NativeMemory;
  readonly #poll: NativeMemory;
  readonly #time: NativeMemory;
  readonly #event: NativeMemory;
  readonly #send: SendVectors;
  /** The kernel writes here, known to it by address alone: it must not be collected. */
  readonly #incoming: NativeMemory;

  constructor(calls: LinuxSocketCalls, options: LinuxBatchOptions) {
    const { batchMax, packetBytesMax, fd, family } = options;
    this.#calls = calls;
    this.#options = options;
    this.#form = addressFormOf(family);
    const slotBytes = packetBytesMax + 1;
    this.#incoming = calls.allocate(batchMax * slotBytes);
    this.#sources = calls.allocate(batchMax * this.#form.bytes);
    this.#entries = this.#layOutEntries(slotBytes);
    this.packets = Array.from({ length: batchMax }, (_packet, slot) =>
      this.#incoming.bytes.subarray(slot * slotBytes, (slot + 1) * slotBytes),
    );
    this.#poll = calls.allocate(2 * pollfd.bytes);
    this.#time = calls.allocate(timespec.bytes);
    this.#event = calls.allocate(eventBytes);
    this.#setTimeout();
    const outgoing = calls.allocate(options.outgoingBytes);
    this.outgoing = outgoing.bytes;
    this.#send = makeSendVectors(calls, fd, this.#form, outgoing);
  }

  openFanOut(): FanOut {
    return new LinuxFanOut(this.#send);
  }

  /** Takes what has arrived, without waiting. @returns datagrams, 0 … `batchMax` */
  receive(): number {
    return this.#receive(linux.MSG_DONTWAIT);
  }

  /**
   * Takes what has arrived, or waits until something has or the time is up, whoever wakes it. One
   * call into the kernel where `wait` and `receive` are two.
   */
  receiveOrWait(): number {
    return this.#receive(linux.MSG_WAITFORONE);
  }

  /** Blocks until the time is up, whatever comes. */
  pause(milliseconds: number): void {
    this.#setTime(milliseconds);
    this.#calls.ppoll(0, 0, this.#time.address, 0);
  }

  #setTime(milliseconds: number): void {
    const { words } = this.#time;
    const seconds = Math.floor(milliseconds / 1_000);
    words[timespec.seconds >>> 2] = seconds;
    words[timespec.nanoseconds >>> 2] = (milliseconds - seconds * 1_000) * 1_000_000;
  }

  #receive(flags: number): number {
    const { fd, batchMax } = this.#options;
    // Nothing has to be set again before: sockets of one family give back the address length that
    // they were given, and the kernel leaves the vectors alone.
    const { address } = this.#entries;
    return Math.max(0, this.#calls.recvmmsg(fd, address, batchMax, flags, 0));
  }

  /** Length of a datagram of the last batch. */
  packetBytes(slot: number): number {
    return this.#entries.words[(slot * mmsghdr.bytes + mmsghdr.length) >>> 2]!;
  }

  /** Copies the five words of a datagram's source address. */
  readSource(slot: number, out: Int32Array): void {
    this.#form.read(this.#sources.words, (slot * this.#form.bytes) >>> 2, out);
  }

  /** Blocks until a datagram is there, somebody wakes it, or the time is up. */
  wait(milliseconds: number): void {
    const { fd, wakeFd } = this.#options;
    const { words } = this.#poll;
    words[(socketPoll + pollfd.fd) >>> 2] = fd;
    words[(wakePoll + pollfd.fd) >>> 2] = wakeFd;
    // Events asked for and returned share a word; this also clears what was returned.
    words[(socketPoll + pollfd.events) >>> 2] = linux.POLLIN;
    words[(wakePoll + pollfd.events) >>> 2] = linux.POLLIN;
    this.#setTime(milliseconds);
    const ready = this.#calls.ppoll(this.#poll.address, 2, this.#time.address, 0);
    if (ready > 0 && words[(wakePoll + pollfd.events) >>> 2] !== linux.POLLIN) {
      this.#calls.read(wakeFd, this.#event.address, eventBytes);
    }
  }

  #setTimeout(): void {
    const { fd, waitMsMax } = this.#options;
    const time = this.#calls.allocate(timeval.bytes);
    time.words[timeval.seconds >>> 2] = Math.floor(waitMsMax / 1_000);
    time.words[timeval.microseconds >>> 2] = Math.round((waitMsMax % 1_000) * 1_000);
    const { SOL_SOCKET, SO_RCVTIMEO } = linux;
    this.#calls.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time.address, timeval.bytes);
  }

  #layOutEntries(slotBytes: number): NativeMemory {
    const { batchMax } = this.#options;
    const entries = this.#calls.allocate(batchMax * (mmsghdr.bytes + iovec.bytes));
    const { words } = entries;
    for (let slot = 0; slot < batchMax; slot++) {
      const vector = batchMax * mmsghdr.bytes + slot * iovec.bytes;
      writePointer(words, vector + iovec.base, this.#incoming.address + slot * slotBytes);
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
