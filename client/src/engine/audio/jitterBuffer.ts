import assert from 'node:assert/strict';
import { frameSamplesMax, opusPayloadBytesMax, stepSamples } from './audioLimits.js';
import { carriesFec, packetSamples } from './opusPacket.js';
import { PlayoutDelay } from './playoutDelay.js';
import { PacketQueue, type WaitingPacket } from './packetQueue.js';

/** What to play next. */
export const PlayoutAction = {
  /** Nothing: the speaker is silent, or the buffer fills before a spurt. */
  Silence: 0,
  /** Decode `payload`. */
  Frame: 1,
  /** Decode from `payload`, the packet after the lost one, `soundSamples` of the lost one. */
  Fec: 2,
  /** Let the decoder guess `soundSamples` of it. */
  Conceal: 3,
  /** Go on with what was decoded in a step before. */
  Rest: 4,
} as const;
export type PlayoutAction = (typeof PlayoutAction)[keyof typeof PlayoutAction];

/** Bounds of a jitter buffer. A step is 10 ms, the shortest frame. */
export interface JitterLimits {
  /** Delay that is added so that packets up to this late are still in time. */
  readonly depthSteps: number;
  /**
   * Adaptive: the delay follows the spread, `depthSteps` at most, and changes by stretching
   * sound; whoever plays must heed `stretchSamples`. Fixed otherwise.
   */
  readonly delay?: 'fixed' | 'adaptive';
  /** Frames held at most: of the shortest, twice the depth at least. */
  readonly capacityFrames: number;
  /** What is concealed in a row before it is taken for silence. */
  readonly concealStepsMax: number;
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
  /** Not of the size, or of the duration, of any Opus frame that is sent. */
  packetsInvalid: number;
}

/** Played counters that are remembered to tell a duplicate from a late packet. */
const rememberedCounters = 64;

/** From how much too much delay on frames are made shorter, and hurriedly so, in steps. */
const [hastenFromSteps, hurrySteps] = [0.02, 4];

/** By how much a frame is made longer at most where the next is overdue. */
const overdueSlowedStepsMax = 2;

/** From `#missingBefore`: silence, not loss, is between two frames. */
const silenceBetween = -1;

/**
 * Puts the packets of one speaker back in order and decides, 10 ms at a time, what to play. It has
 * no clock: the caller numbers its steps (one is 10 ms) and passes the number to `push` and `step`.
 * Frames say by themselves how long they are, 10 to 60 ms, and may change that any time.
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
 * A spurt starts when its first packet is `depthSteps` old; or when the sender's clock says, where
 * that is within half the depth of it, so that pauses keep their length.
 *
 * Frames are played in the order of their counters, none twice. A spurt whose end was lost looks
 * like loss at first and is concealed for `concealStepsMax` at most. The delay does not
 * shrink within a spurt: what a stalled network delivers at once is played to its end. Nothing is
 * allocated after construction.
 */
export class JitterBuffer {
  /** Of the frame to decode after `step` gave Frame or Fec; valid until the next `step`. */
  readonly payload = new Uint8Array(opusPayloadBytesMax);
  payloadBytes = 0;
  /** How much sound the last action but Silence and Rest stands for. */
  soundSamples = 0;
  /**
   * How much longer (a step) or shorter (minus a step) what is still to be played of the decoded
   * sound should last, from the step on that `step` just decided. Given anew by each `step`;
   * `stretched` tells what came of it.
   */
  stretchSamples = 0;
  readonly counts: JitterCounts = {
    framesPlayed: 0,
    framesRecovered: 0,
    framesConcealed: 0,
    packetsLate: 0,
    packetsDuplicate: 0,
    packetsOverflowed: 0,
    packetsInvalid: 0,
  };

  /** Samples by which sound was made longer, and shorter, so far. */
  lengthenedSamples = 0;
  shortenedSamples = 0;

  readonly #queue: PacketQueue;
  readonly #limits: JitterLimits;
  /** Of what comes and is played; null where the delay is fixed. */
  readonly delay: PlayoutDelay | null;
  readonly #played = new Float64Array(rememberedCounters).fill(-1);
  #isPlaying = false;
  /** The frame that was played last; −1 before the first. */
  #lastCounter = -1;
  #lastTimestamp = 0;
  #lastEndedSpurt = false;
  #lastStep = 0;
  /** Its duration, in steps. */
  #lastSteps = 0;
  /** Steps recovered or concealed since. */
  #covered = 0;
  /** How much of what was decoded is left after the last step. */
  #restSamples = 0;
  /** By how many steps what was decoded last was made longer already. */
  #slowedSteps = 0;
  /** Frames played since one was made shorter. */
  #sinceHastened = 0;

  constructor(limits: JitterLimits) {
    this.#limits = limits;
    this.delay = limits.delay === 'adaptive' ? new PlayoutDelay(limits.depthSteps) : null;
    this.#queue = new PacketQueue(limits.capacityFrames);
  }

  /** Packets that wait to be played, at most `capacityFrames`. */
  get buffered(): number {
    return this.#queue.length;
  }

  /** How much of what has come is still to be played. */
  get waitingSamples(): number {
    return this.#queue.steps * stepSamples + this.#restSamples;
  }

  /** Whether something of what has come is still to be played. */
  get hasSound(): boolean {
    return this.#queue.length > 0 || this.#restSamples > 0;
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
   * @param earlyThousandths how much of a step before `step` it came: a fraction would be an object
   */
  push(
    step: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
    earlyThousandths = 0,
  ): void {
    const samples = packetSamples(payload, payloadAt, payloadBytes);
    const steps = samples / stepSamples;
    const isFrame = samples > 0 && samples <= frameSamplesMax && Number.isInteger(steps);
    if (!isFrame || payloadBytes > opusPayloadBytesMax) {
      this.counts.packetsInvalid++;
    } else if (this.#queue.holds(counter) || this.#played.includes(counter)) {
      this.counts.packetsDuplicate++;
    } else if (counter <= this.#lastCounter || this.#isCovered(timestamp, steps)) {
      this.counts.packetsLate++;
      this.delay?.observe(step, timestamp, steps, 0, earlyThousandths);
      this.delay?.noteMissing(-1);
    } else {
      const hasFec = carriesFec(payload, payloadAt, payloadBytes);
      this.delay?.observe(step, timestamp, steps, hasFec ? steps : 0, earlyThousandths);
      if (this.#queue.isFull) this.#dropOldest();
      const slot = this.#queue.insert(counter);
      slot.timestamp = timestamp;
      slot.endOfSpurt = endOfSpurt;
      slot.arrivalStep = step - earlyThousandths / 1_000;
      slot.steps = steps;
      slot.payloadBytes = payloadBytes;
      for (let i = 0; i < payloadBytes; i++) slot.payload[i] = payload[payloadAt + i]!;
    }
  }

  /**
   * Decides what to play for 10 ms.
   *
   * @param step rises by one from call to call; where some are left out, what is played is late
   */
  step(step: number): PlayoutAction {
    this.stretchSamples = 0;
    const action = this.#decide(step);
    if (action === PlayoutAction.Silence) this.#restSamples = 0;
    else if (this.#restSamples < stepSamples && this.stretchSamples === 0) {
      this.#slowWhereEarly(step + 1);
    }
    return action;
  }

  /**
   * To be called after `step` where `stretchSamples` is not 0: sound was made longer or shorter.
   *
   * @param samples by how many; negative for shorter, by no more than the last step left over
   */
  stretched(samples: number): void {
    this.#restSamples += samples;
    if (samples > 0) this.lengthenedSamples += samples;
    else this.shortenedSamples -= samples;
    assert(this.#restSamples >= 0, 'the sound of the step itself stays');
  }

  #decide(step: number): PlayoutAction {
    if (this.#restSamples >= stepSamples) {
      this.#restSamples -= stepSamples;
      return PlayoutAction.Rest;
    }
    const { head } = this.#queue;
    if (this.#isPlaying) {
      const missing = head ? this.#missingBefore(head) : Infinity;
      const isSilence = missing === silenceBetween || (!head && this.#lastEndedSpurt);
      if (head && !isSilence && this.#covered >= missing) return this.#play(head, step);
      if (!isSilence && this.#covered < this.#limits.concealStepsMax) {
        return this.#cover(missing, head);
      }
      this.#isPlaying = false;
    }
    if (!head || step < this.#startStep(head)) return PlayoutAction.Silence;
    return this.#play(head, step);
  }

  #play(head: WaitingPacket, step: number): PlayoutAction {
    this.#copyOut(head);
    if (this.#isPlaying) this.delay?.noteMissing(this.#missingPackets(head));
    this.#queue.removeHead();
    this.#isPlaying = true;
    this.delay?.noteTurn(step, head);
    this.#lastCounter = head.counter;
    this.#lastTimestamp = head.timestamp;
    this.#lastEndedSpurt = head.endOfSpurt;
    this.#lastStep = step;
    this.#lastSteps = head.steps;
    this.#covered = 0;
    this.#sound(head.steps);
    this.#hastenWhereLate(head, step);
    this.#played[this.counts.framesPlayed++ % rememberedCounters] = head.counter;
    return PlayoutAction.Frame;
  }

  /**
   * Stands in for a lost frame.
   *
   * @param gap steps up to `next` from the frame played last
   * @param next the packet that follows the loss, if it is here; it carries what is as long as it
   */
  #cover(gap: number, next: WaitingPacket | undefined): PlayoutAction {
    const missing = gap - this.#covered;
    // A delay that adapts may grow by what was concealed of the frame that is now recovered.
    const isNext = next && (this.delay ? missing <= next.steps : missing === next.steps);
    if (isNext && next.steps <= gap && carriesFec(next.payload, 0, next.payloadBytes)) {
      this.#copyOut(next);
      this.#covered = gap;
      if (this.delay) this.#takeForPlayed(next);
      this.#sound(next.steps);
      this.counts.framesRecovered++;
      return PlayoutAction.Fec;
    }
    const unrecoverable = next && missing > next.steps ? missing - next.steps : missing;
    const left = this.#limits.concealStepsMax - this.#covered;
    // What is missing may come any moment, and is then still played.
    const steps = this.delay ? 1 : Math.min(this.#lastSteps, unrecoverable, left);
    this.#covered += steps;
    this.#sound(steps);
    this.counts.framesConcealed++;
    return PlayoutAction.Conceal;
  }

  /** What `next` brought back is not to be played again, should it come after all. */
  #takeForPlayed(next: WaitingPacket): void {
    this.delay?.noteMissing(this.#missingPackets(next));
    this.#lastCounter = next.counter - 1;
    this.#lastTimestamp = next.timestamp - next.steps * stepSamples;
    this.#lastSteps = next.steps;
    this.#covered = 0;
  }

  /** Makes the frame that begins in `step` shorter where the delay is larger than it need be. */
  #hastenWhereLate(frame: WaitingPacket, step: number): void {
    this.#sinceHastened++;
    if (this.delay === null || frame.steps === 1) return;
    const soundBefore = this.#restSamples + stepSamples - this.soundSamples;
    const startStep = step + soundBefore / stepSamples;
    const lateness = startStep - this.delay.mediaStepOf(frame.timestamp);
    const excess = lateness - 1 - this.delay.targetSteps;
    const framesApart = excess > hurrySteps ? 2 : 4;
    if (excess < hastenFromSteps || this.#sinceHastened < framesApart) return;
    this.#sinceHastened = 0;
    this.stretchSamples = -stepSamples;
  }

  /**
   * In the last step of what was decoded: makes it longer where the next frame would be played
   * earlier than it should, or is missing though it should be here.
   *
   * @param nextStep the step after this one
   */
  #slowWhereEarly(nextStep: number): void {
    if (this.delay === null || this.#lastEndedSpurt || this.#covered > 0) return;
    const { head } = this.#queue;
    const gap = head ? this.#missingBefore(head) : Infinity;
    if (gap === silenceBetween) return;
    const { targetSteps, usualSteps, isLossy } = this.delay;
    const startStep = nextStep + this.#restSamples / stepSamples;
    const lateness = startStep - this.delay.mediaStepOf(this.#lastTimestamp) - this.#lastSteps;
    const isOverdue = gap > 0 && !isLossy && lateness > usualSteps;
    if (lateness >= targetSteps && !isOverdue) return;
    if (this.#slowedSteps >= (isOverdue ? overdueSlowedStepsMax : 1)) return;
    this.#slowedSteps++;
    this.stretchSamples = stepSamples;
  }

  /** Packets that are lost or late before `next`, as its timestamp tells. */
  #missingPackets(next: WaitingPacket): number {
    const gap = this.#missingBefore(next);
    return gap > 0 ? gap / next.steps : 0;
  }

  /** What is played now lasts so long. */
  #sound(steps: number): void {
    this.soundSamples = steps * stepSamples;
    this.#restSamples += this.soundSamples - stepSamples;
    this.#slowedSteps = 0;
  }

  /** Steps lost between the frame played last and `next`, or `silenceBetween`. */
  #missingBefore(next: WaitingPacket): number {
    const advance = (next.timestamp - this.#lastTimestamp) | 0;
    // A clock may slip by less than half a frame.
    const unit = next.steps === this.#lastSteps ? next.steps : 1;
    const gap = Math.round((advance / stepSamples - this.#lastSteps) / unit) * unit;
    const packetsBetween = next.counter - this.#lastCounter - 1;
    const lostMax = packetsBetween * Math.max(next.steps, this.#lastSteps);
    const isLoss = gap <= lostMax && !this.#lastEndedSpurt;
    return gap === 0 || (gap > 0 && isLoss) ? gap : silenceBetween;
  }

  /** Whether the place of a whole frame has been recovered or concealed already. */
  #isCovered(timestamp: number, steps: number): boolean {
    const advance = (timestamp - this.#lastTimestamp) | 0;
    const covered = this.#lastSteps + this.#covered - steps;
    return (
      this.delay === null && this.#covered > 0 && advance > 0 && advance <= covered * stepSamples
    );
  }

  /** Far behind, and no end: leaves out what is oldest and starts again at the usual delay. */
  #dropOldest(): void {
    while (this.#queue.steps > this.#limits.depthSteps) {
      this.#queue.removeHead();
      this.counts.packetsOverflowed++;
    }
    this.#isPlaying = false;
  }

  /** When the spurt that begins with `head` starts. */
  #startStep(head: WaitingPacket): number {
    const byArrival = this.#queue.firstArrivalStep + this.#limits.depthSteps;
    if (this.delay) {
      const byDelay = this.delay.mediaStepOf(head.timestamp) + this.delay.targetSteps;
      return Math.min(byArrival, byDelay);
    }
    const advance = (head.timestamp - this.#lastTimestamp) | 0;
    const byClock = this.#lastStep + Math.round(advance / stepSamples);
    const isNear = Math.abs(byClock - byArrival) <= this.#limits.depthSteps / 2;
    return this.#lastCounter >= 0 && isNear ? byClock : byArrival;
  }

  #copyOut(slot: WaitingPacket): void {
    for (let i = 0; i < slot.payloadBytes; i++) this.payload[i] = slot.payload[i]!;
    this.payloadBytes = slot.payloadBytes;
  }
}
