import { frameSamples } from '@rookery/schemas/voicePacket';
import { opusPayloadBytesMax } from './audioLimits.js';
import { carriesFec } from './opusCodec.js';

/** What to play for the next 20 ms. */
export const PlayoutAction = {
  /** Nothing: the speaker is silent, or the buffer fills before a spurt. */
  Silence: 0,
  /** Decode `payload`. */
  Frame: 1,
  /** Decode from `payload`, the packet after the lost one, what it carries of the lost one. */
  Fec: 2,
  /** Let the decoder guess. */
  Conceal: 3,
} as const;
export type PlayoutAction = (typeof PlayoutAction)[keyof typeof PlayoutAction];

/** Bounds of a jitter buffer, in frames of 20 ms. */
export interface JitterLimits {
  /** Delay that is added so that packets up to this late are still in time. */
  readonly depthFrames: number;
  /** Frames held at most; twice the depth at least. */
  readonly capacityFrames: number;
  /** Frames concealed in a row before it is taken for silence. */
  readonly concealFramesMax: number;
}

/** What became of the packets of one speaker, and what was played instead. */
export interface JitterCounts {
  framesPlayed: number;
  framesRecovered: number;
  framesConcealed: number;
  /** Came after its place was played or concealed. */
  packetsLate: number;
  packetsDuplicate: number;
  /** Dropped, oldest first, because more waited than a buffer holds. */
  packetsOverflowed: number;
  /** Empty or longer than any Opus frame that is sent. */
  packetsInvalid: number;
}

interface Slot {
  counter: number;
  timestamp: number;
  endOfSpurt: boolean;
  arrivalStep: number;
  payloadBytes: number;
  readonly payload: Uint8Array;
}

/** Played counters that are remembered to tell a duplicate from a late packet. */
const rememberedCounters = 64;

/** From `#missingBefore`: silence, not loss, is between two frames. */
const silenceBetween = -1;

/**
 * Puts the packets of one speaker back in order and decides, 20 ms at a time, what to play. It has
 * no clock: the caller numbers its steps (one is 20 ms) and passes the number to `push` and `step`.
 *
 *     waiting ── the spurt's first packet is old enough ──► playing ── frame, frame, …
 *        ▲                                                     │
 *        └── the spurt ended, silence lies ahead, or too ──────┘
 *            much in a row had to be concealed
 *
 * Between two frames a gap in the timestamps is loss where as many packets are missing by counter:
 * those frames are recovered or concealed. Where the timestamp went further than that, or back, it
 * was silence (or a new clock): nothing is concealed. The counter also counts pings, so a gap may
 * hold fewer frames than numbers, never more.
 *
 * A spurt starts when its first packet is `depthFrames` old; or when the sender's clock says, where
 * that is within half the depth of it, so that pauses keep their length.
 *
 * Frames are played in the order of their counters, none twice. A spurt whose end was lost looks
 * like loss at first and is concealed for `concealFramesMax` frames at most. The delay does not
 * shrink within a spurt: what a stalled network delivers at once is played to its end. Nothing is
 * allocated after construction.
 */
export class JitterBuffer {
  /** Of the frame to decode after `step` gave Frame or Fec; valid until the next `step`. */
  readonly payload = new Uint8Array(opusPayloadBytesMax);
  payloadBytes = 0;
  readonly counts: JitterCounts = {
    framesPlayed: 0,
    framesRecovered: 0,
    framesConcealed: 0,
    packetsLate: 0,
    packetsDuplicate: 0,
    packetsOverflowed: 0,
    packetsInvalid: 0,
  };

  /** Ordered by counter; the slots that are not in it are in #free. */
  readonly #queue: Slot[] = [];
  readonly #free: Slot[];
  readonly #limits: JitterLimits;
  readonly #played = new Float64Array(rememberedCounters).fill(-1);
  #isPlaying = false;
  /** The frame that was played last; −1 before the first. */
  #lastCounter = -1;
  #lastTimestamp = 0;
  #lastEndedSpurt = false;
  #lastStep = 0;
  /** Frames recovered or concealed since. */
  #covered = 0;

  constructor(limits: JitterLimits) {
    this.#limits = limits;
    this.#free = Array.from({ length: limits.capacityFrames }, emptySlot);
  }

  /** Packets that wait to be played, at most `capacityFrames`. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** Whether `step` would give silence until something is pushed. */
  get isIdle(): boolean {
    return !this.#isPlaying && this.#queue.length === 0;
  }

  /**
   * Takes a packet in; what is late, double or too much is dropped and counted.
   *
   * @param step the next step that will be asked for
   * @param counter 48 bits, never used twice by a speaker
   * @param timestamp 48 kHz clock, 32 bits, wrapping
   * @param payload holds `payloadBytes` of one Opus frame from `payloadAt` on; copied
   */
  push(
    step: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
  ): void {
    if (payloadBytes < 1 || payloadBytes > opusPayloadBytesMax) {
      this.counts.packetsInvalid++;
    } else if (this.#holds(counter) || this.#played.includes(counter)) {
      this.counts.packetsDuplicate++;
    } else if (counter < this.#lastCounter || this.#isCovered(timestamp)) {
      this.counts.packetsLate++;
    } else {
      if (this.#free.length === 0) this.#dropOldest();
      const slot = this.#free.pop()!;
      slot.counter = counter;
      slot.timestamp = timestamp;
      slot.endOfSpurt = endOfSpurt;
      slot.arrivalStep = step;
      slot.payloadBytes = payloadBytes;
      for (let i = 0; i < payloadBytes; i++) slot.payload[i] = payload[payloadAt + i]!;
      this.#insert(slot);
    }
  }

  /**
   * Decides what to play for 20 ms.
   *
   * @param step rises by one from call to call; steps may be left out while `isIdle`
   */
  step(step: number): PlayoutAction {
    const head = this.#queue[0];
    if (this.#isPlaying) {
      const missing = head ? this.#missingBefore(head) : Infinity;
      const isSilence = missing === silenceBetween || (!head && this.#lastEndedSpurt);
      if (head && !isSilence && this.#covered >= missing) return this.#play(head, step);
      if (!isSilence && this.#covered < this.#limits.concealFramesMax) {
        return this.#cover(head && this.#covered + 1 === missing ? head : undefined);
      }
      this.#isPlaying = false;
    }
    if (!head || step < this.#startStep(head)) return PlayoutAction.Silence;
    return this.#play(head, step);
  }

  #play(head: Slot, step: number): PlayoutAction {
    this.#copyOut(head);
    this.#queue.shift();
    this.#free.push(head);
    this.#isPlaying = true;
    this.#lastCounter = head.counter;
    this.#lastTimestamp = head.timestamp;
    this.#lastEndedSpurt = head.endOfSpurt;
    this.#lastStep = step;
    this.#covered = 0;
    this.#played[this.counts.framesPlayed++ % rememberedCounters] = head.counter;
    return PlayoutAction.Frame;
  }

  /** Stands in for a lost frame. @param next the packet right after it, if that is here */
  #cover(next: Slot | undefined): PlayoutAction {
    this.#covered++;
    if (next && carriesFec(next.payload, next.payloadBytes)) {
      this.#copyOut(next);
      this.counts.framesRecovered++;
      return PlayoutAction.Fec;
    }
    this.counts.framesConcealed++;
    return PlayoutAction.Conceal;
  }

  /** Frames lost between the one played last and `next`, or `silenceBetween`. */
  #missingBefore(next: Slot): number {
    const advance = (next.timestamp - this.#lastTimestamp) | 0;
    const gapFrames = Math.round(advance / frameSamples) - 1;
    const packetsBetween = next.counter - this.#lastCounter - 1;
    const isLoss = gapFrames <= packetsBetween && !this.#lastEndedSpurt;
    return gapFrames === 0 || (gapFrames > 0 && isLoss) ? gapFrames : silenceBetween;
  }

  /** Whether the place of a frame has been recovered or concealed already. */
  #isCovered(timestamp: number): boolean {
    const advance = (timestamp - this.#lastTimestamp) | 0;
    return advance > 0 && advance <= this.#covered * frameSamples;
  }

  #holds(counter: number): boolean {
    for (const slot of this.#queue) if (slot.counter === counter) return true;
    return false;
  }

  #insert(slot: Slot): void {
    const queue = this.#queue;
    let at = queue.length;
    queue.push(slot);
    for (; at > 0 && queue[at - 1]!.counter > slot.counter; at--) queue[at] = queue[at - 1]!;
    queue[at] = slot;
  }

  /** Far behind, and no end: leaves out what is oldest and starts again at the usual delay. */
  #dropOldest(): void {
    while (this.#queue.length > this.#limits.depthFrames) {
      this.#free.push(this.#queue.shift()!);
      this.counts.packetsOverflowed++;
    }
    this.#isPlaying = false;
  }

  /** When the spurt that begins with `head` starts. */
  #startStep(head: Slot): number {
    let firstArrivalStep = Infinity;
    for (const slot of this.#queue) firstArrivalStep = Math.min(firstArrivalStep, slot.arrivalStep);
    const byArrival = firstArrivalStep + this.#limits.depthFrames;
    const advance = (head.timestamp - this.#lastTimestamp) | 0;
    const byClock = this.#lastStep + Math.round(advance / frameSamples);
    const isNear = Math.abs(byClock - byArrival) <= this.#limits.depthFrames / 2;
    return this.#lastCounter >= 0 && isNear ? byClock : byArrival;
  }

  #copyOut(slot: Slot): void {
    for (let i = 0; i < slot.payloadBytes; i++) this.payload[i] = slot.payload[i]!;
    this.payloadBytes = slot.payloadBytes;
  }
}

function emptySlot(): Slot {
  return {
    counter: 0,
    timestamp: 0,
    endOfSpurt: false,
    arrivalStep: 0,
    payloadBytes: 0,
    payload: new Uint8Array(opusPayloadBytesMax),
  };
}
