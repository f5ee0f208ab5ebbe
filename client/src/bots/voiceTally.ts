import {
  bundleLengthBytes,
  readBundledLength,
  readCounter,
  readKind,
  readToken,
  sealBytes,
  tokenSlot,
  tokenSlots,
  VoiceKind,
  voiceHeaderBytes,
  voicePacketBytesMax,
} from '@rookery/schemas/voicePacket';
import { DelayHistogram } from './delayHistogram.js';

/** Send times kept of each speaker: 20 s of frames, longer than any is on its way. */
const sendTimes = 1_024;
/** Frames count second by second, as they were sent; more than a test may last. */
const secondsMax = 3_700;
const frameBytesMin = voiceHeaderBytes + sealBytes;

/** What was sent and delivered in seconds that are over. */
export interface TallyTotals {
  readonly expected: number;
  readonly delivered: number;
}

/** @param start and `end` of one frame in the packet, sealed */
export type FrameListener = (packet: Uint8Array, start: number, end: number, row: number) => void;

/**
 * Counts what comes of the speakers of one process, for the second in which it was sent: so that of
 * a second that is over, with some time for what was on its way, it is known what was lost. Frames
 * of others are passed over. Has no socket and no clock; allocates nothing while it counts.
 */
export class VoiceTally {
  readonly delays = new DelayHistogram();
  /** Packets that are none of the protocol. */
  malformed = 0;
  readonly #rowOfSlot = new Int32Array(tokenSlots).fill(-1);
  readonly #tokens: Uint32Array;
  readonly #firstCounter: Float64Array;
  readonly #sentAtUs: Float64Array;
  readonly #expected = new Float64Array(secondsMax);
  readonly #delivered = new Float64Array(secondsMax);
  readonly #startUs: number;

  /**
   * @param tokens of the speakers, one a row
   * @param startUs what is sent from then on counts
   */
  constructor(tokens: readonly number[], startUs: number) {
    this.#startUs = startUs;
    this.#tokens = Uint32Array.from(tokens);
    tokens.forEach((token, row) => (this.#rowOfSlot[tokenSlot(token)] = row));
    this.#firstCounter = new Float64Array(tokens.length).fill(Infinity);
    this.#sentAtUs = new Float64Array(tokens.length * sendTimes);
  }

  /** @param receivers who are to hear this frame */
  noteSent(row: number, counter: number, sentAtUs: number, receivers: number): void {
    this.#sentAtUs[row * sendTimes + (counter % sendTimes)] = sentAtUs;
    const second = this.#secondOf(sentAtUs);
    if (second === -1) return;
    this.#expected[second]! += receivers;
    if (this.#firstCounter[row] === Infinity) this.#firstCounter[row] = counter;
  }

  /** One datagram of kind voice or bundle. @param listener is told of each frame */
  receive(
    packet: Uint8Array,
    length: number,
    arrivedAtUs: number,
    listener: FrameListener | null = null,
  ): void {
    if (length < frameBytesMin || length > voicePacketBytesMax) {
      this.malformed++;
      return;
    }
    if (readKind(packet, 0) !== VoiceKind.Bundle) {
      this.#receiveFrame(packet, 0, length, arrivedAtUs, listener);
      return;
    }
    let at = voiceHeaderBytes;
    let frameBytes = readBundledLength(packet, length, at);
    while (frameBytes !== -1) {
      const start = at + bundleLengthBytes;
      at = start + frameBytes;
      this.#receiveFrame(packet, start, at, arrivedAtUs, listener);
      frameBytes = readBundledLength(packet, length, at);
    }
    if (at !== length) this.malformed++;
  }

  /** Of what was sent before a time, all in whole seconds. */
  totals(beforeUs: number): TallyTotals {
    const seconds = Math.floor((beforeUs - this.#startUs) / 1_000_000);
    const end = Math.max(0, Math.min(seconds, secondsMax));
    const sum = (counts: Float64Array): number =>
      counts.subarray(0, end).reduce((total, count) => total + count, 0);
    return { expected: sum(this.#expected), delivered: sum(this.#delivered) };
  }

  #receiveFrame(
    packet: Uint8Array,
    start: number,
    end: number,
    arrivedAtUs: number,
    listener: FrameListener | null,
  ): void {
    const token = readToken(packet, start);
    const row = this.#rowOfSlot[tokenSlot(token)]!;
    if (row === -1 || this.#tokens[row] !== token) return;
    if (readKind(packet, start) !== VoiceKind.Voice) return;
    const counter = readCounter(packet, start);
    if (counter < this.#firstCounter[row]!) return;
    const sentAtUs = this.#sentAtUs[row * sendTimes + (counter % sendTimes)]!;
    this.#delivered[this.#secondOf(sentAtUs)]!++;
    this.delays.add(arrivedAtUs - sentAtUs);
    listener?.(packet, start, end, row);
  }

  #secondOf(sentAtUs: number): number {
    const second = Math.floor((sentAtUs - this.#startUs) / 1_000_000);
    return second >= 0 && second < secondsMax ? second : -1;
  }
}
