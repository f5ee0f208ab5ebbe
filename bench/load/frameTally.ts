import { openFrame } from '@rookery/schemas/voiceCrypto';
import {
  bundleLengthBytes,
  readBundledLength,
  readCounter,
  readEpoch,
  readKind,
  readToken,
  sealBytes,
  tokenSlot,
  tokenSlots,
  VoiceKind,
  voiceHeaderBytes,
  voicePacketBytesMax,
} from '@rookery/schemas/voicePacket';
import { DelayHistogram } from '@rookery/client/bots/delayHistogram';
import { writePayload } from './framePayload.js';
import type { LoadPlan } from './loadPlan.js';
import type { LoadRoom, LoadSession } from './loadMessages.js';

/** Send times kept per speaker: 20 s of frames, longer than any of them is on its way. */
const sendTimes = 1_024;
/** Every so many delivered frames one is opened; a prime, so that it falls on every receiver. */
const verifyEvery = 127;
const frameBytesMin = voiceHeaderBytes + sealBytes;

export interface TallyOptions {
  readonly sessions: readonly LoadSession[];
  readonly rooms: readonly LoadRoom[];
  readonly plan: LoadPlan;
  readonly sockets: number;
  readonly payloadBytes: number;
}

/** What was delivered of the frames of the window. */
export interface TallyTotals {
  readonly framesExpected: number;
  readonly framesDelivered: number;
  readonly framesSurplus: number;
}

/**
 * Takes apart what the sockets receive, and counts each frame for the socket that got it and the
 * speaker who sent it. Only frames sent between openWindow() and closeWindow() count, however late
 * they come. Has no socket and no clock; allocates only in what it opens to verify.
 */
export class FrameTally {
  readonly delays = new DelayHistogram();
  packetsDelivered = 0;
  bundlesDelivered = 0;
  framesVerified = 0;
  framesFalse = 0;
  packetsMalformed = 0;
  readonly #options: TallyOptions;
  /** Row of the plan of the speaker in a slot, or −1. */
  readonly #rowOfSlot = new Int32Array(tokenSlots).fill(-1);
  readonly #counts: Uint32Array;
  readonly #framesInWindow: Float64Array;
  /** The window by each speaker's counters: from this one … */
  readonly #firstCounter: Float64Array;
  /** … to before this one. */
  readonly #endCounter: Float64Array;
  readonly #nextCounter: Float64Array;
  readonly #sentAtUs: Float64Array;
  /** When a frame of the window last came from each speaker, and the longest wait for the next. */
  readonly #heardAtUs: Float64Array;
  readonly #silencesUs: Float64Array;
  readonly #opened = new Uint8Array(voicePacketBytesMax);
  readonly #payload: Uint8Array;
  #isWindowOpen = false;
  #untilVerified = verifyEvery;

  constructor(options: TallyOptions) {
    const { plan, sessions, payloadBytes } = options;
    this.#options = options;
    const speakers = plan.speakers.length;
    plan.speakers.forEach((session, row) => {
      this.#rowOfSlot[tokenSlot(sessions[session]!.token)] = row;
    });
    this.#counts = new Uint32Array(plan.copies.length);
    this.#framesInWindow = new Float64Array(speakers);
    this.#firstCounter = new Float64Array(speakers).fill(Infinity);
    this.#endCounter = new Float64Array(speakers).fill(Infinity);
    this.#nextCounter = new Float64Array(speakers);
    this.#sentAtUs = new Float64Array(speakers * sendTimes);
    this.#heardAtUs = new Float64Array(speakers).fill(NaN);
    this.#silencesUs = new Float64Array(speakers);
    this.#payload = new Uint8Array(payloadBytes);
  }

  /** Frames sent from now on count. */
  openWindow(): void {
    this.#firstCounter.set(this.#nextCounter);
    this.#isWindowOpen = true;
  }

  /** Frames sent from now on do not count. */
  closeWindow(): void {
    this.#endCounter.set(this.#nextCounter);
    this.#isWindowOpen = false;
  }

  /** @param row of the plan: whose frame is being sent */
  noteSent(row: number, counter: number, sentAtUs: number): void {
    this.#sentAtUs[row * sendTimes + (counter % sendTimes)] = sentAtUs;
    this.#nextCounter[row] = counter + 1;
    if (this.#isWindowOpen) this.#framesInWindow[row]!++;
  }

  /** One datagram of kind voice or bundle. */
  receive(socket: number, packet: Uint8Array, length: number, arrivedAtUs: number): void {
    if (length < frameBytesMin || length > voicePacketBytesMax) {
      this.packetsMalformed++;
      return;
    }
    if (readKind(packet, 0) === VoiceKind.Bundle) {
      this.#receiveBundle(socket, packet, length, arrivedAtUs);
    } else if (this.#receiveFrame(socket, packet, 0, length, arrivedAtUs)) {
      this.packetsDelivered++;
    }
  }

  get framesSent(): number {
    return this.#framesInWindow.reduce((sum, frames) => sum + frames, 0);
  }

  /** For each speaker the longest time in which nothing of it came to anybody, microseconds. */
  silencesUs(): number[] {
    return Array.from(this.#silencesUs);
  }

  totals(): TallyTotals {
    const { plan, sockets } = this.#options;
    let framesExpected = 0;
    let framesDelivered = 0;
    let framesSurplus = 0;
    this.#counts.forEach((count, index) => {
      const expected = plan.copies[index]! * this.#framesInWindow[Math.floor(index / sockets)]!;
      framesExpected += expected;
      framesDelivered += Math.min(count, expected);
      framesSurplus += Math.max(count - expected, 0);
    });
    return { framesExpected, framesDelivered, framesSurplus };
  }

  #receiveBundle(socket: number, packet: Uint8Array, length: number, arrivedAtUs: number): void {
    let at = voiceHeaderBytes;
    let counted = 0;
    let frameBytes = readBundledLength(packet, length, at);
    while (frameBytes !== -1) {
      const start = at + bundleLengthBytes;
      at = start + frameBytes;
      if (this.#receiveFrame(socket, packet, start, at, arrivedAtUs)) counted++;
      frameBytes = readBundledLength(packet, length, at);
    }
    if (at !== length) this.packetsMalformed++;
    if (counted === 0) return;
    this.packetsDelivered++;
    this.bundlesDelivered++;
  }

  /** @returns whether it is a frame of the window */
  #receiveFrame(
    socket: number,
    packet: Uint8Array,
    start: number,
    end: number,
    arrivedAtUs: number,
  ): boolean {
    const { plan, sessions, sockets } = this.#options;
    const token = readToken(packet, start);
    const row = this.#rowOfSlot[tokenSlot(token)]!;
    const isFrame = row !== -1 && readKind(packet, start) === VoiceKind.Voice;
    if (!isFrame || sessions[plan.speakers[row]!]!.token !== token) {
      this.packetsMalformed++;
      return false;
    }
    const counter = readCounter(packet, start);
    if (counter < this.#firstCounter[row]! || counter >= this.#endCounter[row]!) return false;
    this.#counts[row * sockets + socket]!++;
    this.#noteHeard(row, arrivedAtUs);
    this.delays.add(arrivedAtUs - this.#sentAtUs[row * sendTimes + (counter % sendTimes)]!);
    if (--this.#untilVerified === 0) {
      this.#untilVerified = verifyEvery;
      this.#verify(row, packet.subarray(start, end), counter);
    }
    return true;
  }

  #noteHeard(row: number, arrivedAtUs: number): void {
    const silenceUs = arrivedAtUs - this.#heardAtUs[row]!;
    // What another socket got earlier may be read later.
    if (silenceUs < 0) return;
    if (silenceUs > this.#silencesUs[row]!) this.#silencesUs[row] = silenceUs;
    this.#heardAtUs[row] = arrivedAtUs;
  }

  #verify(row: number, frame: Uint8Array, counter: number): void {
    const { plan, sessions, rooms } = this.#options;
    const session = sessions[plan.speakers[row]!]!;
    const { key, epoch } = rooms[session.room]!;
    writePayload(this.#payload, session.token, counter);
    const payloadBytes = openFrame(frame, frame.length, key, this.#opened);
    const isTrue =
      readEpoch(frame, 0) === epoch &&
      payloadBytes === this.#payload.length &&
      Buffer.compare(this.#payload, this.#opened.subarray(0, payloadBytes)) === 0;
    this.framesVerified++;
    if (!isTrue) this.framesFalse++;
  }
}
