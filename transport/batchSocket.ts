/**
 * A socket for who sends the same bytes to many: datagrams come in batches, and go out from one
 * memory to receivers that were laid out before. Addresses are those of `packedAddress.ts`.
 *
 * One thread; nothing here allocates but `openFanOut` and a `FanOut` that grows.
 */
export interface FanOutSocket {
  /** All that is sent is taken from here; its user divides it. */
  readonly outgoing: Uint8Array;
  /** A list of receivers, empty at first. */
  openFanOut(): FanOut;
}

/** Receivers in a fixed order, numbered from 0. */
export interface FanOut {
  readonly count: number;
  /** Makes it so many receivers; those that are new must then be given their addresses. */
  resize(count: number): void;
  /** @param addresses holds the receiver's five words from `at` */
  setAddress(index: number, addresses: Int32Array, at: number): void;
  /**
   * At the next `send` alone, this receiver gets other bytes than the rest: the pieces that
   * `addPiece` tells, in their order. At most `replacedReceiversMax` receivers of one `send`.
   */
  replace(index: number): void;
  /** @param offset in `outgoing`; at most `piecesMax` pieces a receiver */
  addPiece(offset: number, length: number): void;
  /**
   * Sends `outgoing[offset .. offset + length)` to all receivers but one, a datagram each. Never
   * waits: what the kernel does not take is lost.
   *
   * @param omitted who gets nothing, or `nobody`
   * @returns how many datagrams were taken
   */
  send(offset: number, length: number, omitted: number): number;
}

/** The number of no receiver. */
export const nobody = -1;

/** Receivers of one `send` that may get other bytes. */
export const replacedReceiversMax = 32;
/** Pieces that make up the datagram of one of them. */
export const piecesMax = 34;
