import type { FanOut, FanOutSocket } from './batchSocket.js';
import { nobody } from './batchSocket.js';
import { formatPackedAddress, makePackedAddress, packedAddressWords } from './packedAddress.js';
import type { UdpAddress, UdpSocket } from './udpSocket.js';

/**
 * The same interface as a batch socket's, on one that sends packet by packet: it runs wherever
 * that one does, and each receiver costs a call. One thread.
 */
export class PortableBatchSocket implements FanOutSocket {
  readonly outgoing: Uint8Array;
  readonly #socket: Pick<UdpSocket, 'send'>;

  constructor(socket: Pick<UdpSocket, 'send'>, outgoingBytes: number) {
    this.#socket = socket;
    this.outgoing = new Uint8Array(outgoingBytes);
  }

  openFanOut(): FanOut {
    return new PortableFanOut(this.#socket, this.outgoing);
  }
}

class PortableFanOut implements FanOut {
  count = 0;
  readonly #socket: Pick<UdpSocket, 'send'>;
  readonly #outgoing: Uint8Array;
  /** By receiver, in the form that the socket takes. */
  readonly #addresses: (UdpAddress | null)[] = [];
  readonly #packed = makePackedAddress();
  /** The bytes of receivers that get others than the rest, by index. */
  readonly #replaced = new Map<number, Uint8Array[]>();
  #pieces: Uint8Array[] = [];

  constructor(socket: Pick<UdpSocket, 'send'>, outgoing: Uint8Array) {
    this.#socket = socket;
    this.#outgoing = outgoing;
  }

  resize(count: number): void {
    this.count = count;
  }

  setAddress(index: number, addresses: Int32Array, at: number): void {
    const { words } = this.#packed;
    for (let i = 0; i < packedAddressWords; i++) words[i] = addresses[at + i]!;
    this.#addresses[index] = formatPackedAddress(this.#packed);
  }

  replace(index: number): void {
    this.#pieces = [];
    this.#replaced.set(index, this.#pieces);
  }

  addPiece(offset: number, length: number): void {
    this.#pieces.push(this.#outgoing.subarray(offset, offset + length));
  }

  /** Every datagram counts as taken: the socket counts those that were not, later. */
  send(offset: number, length: number, omitted: number): number {
    for (let index = 0; index < this.count; index++) {
      const to = this.#addresses[index] ?? null;
      if (to === null || index === omitted) continue;
      const pieces = this.#replaced.get(index);
      if (pieces === undefined) {
        this.#socket.send(this.#outgoing, offset, length, to);
      } else {
        const packet = Buffer.concat(pieces);
        this.#socket.send(packet, 0, packet.length, to);
      }
    }
    this.#replaced.clear();
    return omitted === nobody ? this.count : this.count - 1;
  }
}
