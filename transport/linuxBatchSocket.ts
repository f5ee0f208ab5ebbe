import type { FanOut, FanOutSocket } from './batchSocket.js';
import { LinuxFanOut, makeSendVectors, type SendVectors } from './linuxFanOut.js';
import { LinuxReceiveBatch } from './linuxReceiveBatch.js';
import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { linux, pollfd, timespec, timeval } from './linuxSocketLayout.js';
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
  readonly #incoming: LinuxReceiveBatch;
  readonly #poll: NativeMemory;
  readonly #time: NativeMemory;
  readonly #event: NativeMemory;
  readonly #send: SendVectors;

  constructor(calls: LinuxSocketCalls, options: LinuxBatchOptions) {
    const { batchMax, packetBytesMax, fd, family } = options;
    this.#calls = calls;
    this.#options = options;
    const form = addressFormOf(family);
    this.#incoming = new LinuxReceiveBatch(calls, { fd, form, batchMax, packetBytesMax });
    this.packets = this.#incoming.packets;
    this.#poll = calls.allocate(2 * pollfd.bytes);
    this.#time = calls.allocate(timespec.bytes);
    this.#event = calls.allocate(eventBytes);
    this.#setTimeout();
    const outgoing = calls.allocate(options.outgoingBytes);
    this.outgoing = outgoing.bytes;
    this.#send = makeSendVectors(calls, fd, form, outgoing);
  }

  openFanOut(): FanOut {
    return new LinuxFanOut(this.#send);
  }

  /** Takes what has arrived, without waiting. @returns datagrams, 0 … `batchMax` */
  receive(): number {
    return this.#incoming.receive(linux.MSG_DONTWAIT);
  }

  /**
   * Takes what has arrived, or waits until something has or the time is up, whoever wakes it. One
   * call into the kernel where `wait` and `receive` are two.
   */
  receiveOrWait(): number {
    return this.#incoming.receive(linux.MSG_WAITFORONE);
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

  /** Length of a datagram of the last batch. */
  packetBytes(slot: number): number {
    return this.#incoming.packetBytes(slot);
  }

  /** Copies the five words of a datagram's source address. */
  readSource(slot: number, out: Int32Array): void {
    this.#incoming.readSource(slot, out);
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
}
