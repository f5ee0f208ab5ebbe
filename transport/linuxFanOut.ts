import type { FanOut } from './batchSocket.js';
import { nobody, piecesMax, replacedReceiversMax } from './batchSocket.js';
import type { LinuxSocketCalls, NativeMemory } from './linuxSocketCalls.js';
import { writePointer } from './linuxSocketCalls.js';
import { iovec, linux, mmsghdr, msghdr } from './linuxSocketLayout.js';
import type { SocketAddressForm } from './socketAddressForm.js';

/** What the receivers of one socket share. */
export interface SendVectors {
  readonly calls: LinuxSocketCalls;
  readonly fd: number;
  readonly form: SocketAddressForm;
  /** Where the bytes to send lie. */
  readonly outgoing: NativeMemory;
  /** The one vector that all entries point at but those that are replaced. */
  readonly common: NativeMemory;
  /** `piecesMax` vectors for each replaced receiver. */
  readonly pieces: NativeMemory;
}

/** @returns memory for the vectors of one socket's sends */
export function makeSendVectors(
  calls: LinuxSocketCalls,
  fd: number,
  form: SocketAddressForm,
  outgoing: NativeMemory,
): SendVectors {
  const common = calls.allocate(iovec.bytes);
  const pieces = calls.allocate(replacedReceiversMax * piecesMax * iovec.bytes);
  return { calls, fd, form, outgoing, common, pieces };
}

/** Entries that the kernel takes at once (UIO_MAXIOV in linux/uio.h). */
const entriesPerCallMax = 1_024;

/**
 * Receivers laid out as the array that sendmmsg reads: entries, each with its socket address, all
 * pointing at one vector, so that a send writes one pointer and one length whatever their number.
 *
 *     entry 0 ─ name ─► address 0        entry 1 ─ name ─► address 1       …
 *        └───── vectors ──────────┬─────────────┘
 *                           common vector ─► outgoing bytes
 */
export class LinuxFanOut implements FanOut {
  readonly #shared: SendVectors;
  #count = 0;
  #capacity = 0;
  #entries: NativeMemory;
  #addresses: NativeMemory;
  readonly #replaced = new Int32Array(replacedReceiversMax);
  #replacedCount = 0;
  #pieceCount = 0;

  constructor(shared: SendVectors) {
    this.#shared = shared;
    this.#entries = shared.calls.allocate(0);
    this.#addresses = shared.calls.allocate(0);
  }

  get count(): number {
    return this.#count;
  }

  resize(count: number): void {
    if (count > this.#capacity) this.#grow(Math.max(count, 2 * this.#capacity));
    this.#count = count;
  }

  setAddress(index: number, addresses: Int32Array, at: number): void {
    const { form } = this.#shared;
    form.write(this.#addresses.words, (index * form.bytes) >>> 2, addresses, at);
  }

  replace(index: number): void {
    if (this.#replacedCount === replacedReceiversMax) throw new RangeError('too many replaced');
    const { pieces } = this.#shared;
    const first = this.#replacedCount * piecesMax * iovec.bytes;
    this.#replaced[this.#replacedCount++] = index;
    this.#pieceCount = 0;
    this.#setVectors(index, pieces.address + first, 0);
  }

  addPiece(offset: number, length: number): void {
    if (this.#pieceCount === piecesMax) throw new RangeError('too many pieces');
    const { pieces, outgoing } = this.#shared;
    const piece = (this.#replacedCount - 1) * piecesMax + this.#pieceCount++;
    writeVector(pieces.words, piece * iovec.bytes, outgoing.address + offset, length);
    const entry = this.#replaced[this.#replacedCount - 1]! * mmsghdr.bytes;
    const countAt = entry + mmsghdr.header + msghdr.vectorCount;
    this.#entries.words[countAt >>> 2] = this.#pieceCount;
  }

  send(offset: number, length: number, omitted: number): number {
    const { common, outgoing } = this.#shared;
    writeVector(common.words, 0, outgoing.address + offset, length);
    const taken = omitted === nobody ? this.#sendFirst(this.#count) : this.#sendWithout(omitted);
    for (let i = 0; i < this.#replacedCount; i++) {
      this.#setVectors(this.#replaced[i]!, common.address, 1);
    }
    this.#replacedCount = 0;
    return taken;
  }

  /** The last receiver stands in for the omitted one, so that one call is enough. */
  #sendWithout(omitted: number): number {
    const last = this.#count - 1;
    if (omitted !== last) this.#setName(omitted, last);
    const taken = this.#sendFirst(last);
    this.#setName(omitted, omitted);
    return taken;
  }

  /** Goes on behind an entry that the kernel refuses: its buffers are full, or the address bad. */
  #sendFirst(end: number): number {
    const { calls, fd } = this.#shared;
    let taken = 0;
    let next = 0;
    while (next < end) {
      const count = Math.min(end - next, entriesPerCallMax);
      const address = this.#entries.address + next * mmsghdr.bytes;
      const sent = calls.sendmmsg(fd, address, count, linux.MSG_DONTWAIT);
      if (sent > 0) {
        taken += sent;
        next += sent;
      } else if (calls.errno() !== linux.EINTR) {
        next++;
      }
    }
    return taken;
  }

  #grow(capacity: number): void {
    const { calls, form, common } = this.#shared;
    this.#capacity = capacity;
    this.#entries = calls.allocate(capacity * mmsghdr.bytes);
    const known = this.#addresses.words;
    this.#addresses = calls.allocate(capacity * form.bytes);
    this.#addresses.words.set(known);
    for (let index = 0; index < capacity; index++) {
      const header = index * mmsghdr.bytes + mmsghdr.header;
      this.#entries.words[(header + msghdr.nameLength) >>> 2] = form.bytes;
      this.#setName(index, index);
      this.#setVectors(index, common.address, 1);
    }
  }

  /** Lets an entry go to the address of a receiver, its own or another. */
  #setName(index: number, receiver: number): void {
    const name = index * mmsghdr.bytes + mmsghdr.header + msghdr.name;
    const address = this.#addresses.address + receiver * this.#shared.form.bytes;
    writePointer(this.#entries.words, name, address);
  }

  #setVectors(index: number, address: number, count: number): void {
    const header = index * mmsghdr.bytes + mmsghdr.header;
    writePointer(this.#entries.words, header + msghdr.vectors, address);
    this.#entries.words[(header + msghdr.vectorCount) >>> 2] = count;
  }
}

function writeVector(words: Int32Array, at: number, address: number, length: number): void {
  writePointer(words, at + iovec.base, address);
  words[(at + iovec.length) >>> 2] = length;
}
