import { stepSamples } from './audioLimits.js';
import type { WaitingPacket } from './packetQueue.js';

const usPerStep = 10_000;
/** Sound of one bucket, in steps of 10 ms: 0.2 s. */
const bucketSteps = 20;
/** What is remembered: 20 s of sound. */
const bucketCount = 100;
/** For how long a delay is kept ready for after a single peak: 2 s. */
const recentBuckets = 10;
/** Buckets this close belong to one peak. */
const onePeakBuckets = 3;
/**
 * Above the worst that is expected, in steps: what a stall takes before it is heard. The more the
 * lateness spreads, the less is needed: there is room then above most packets.
 */
const [marginSteps, marginLessBySpread] = [1.2, 0.8];
/** As above, where the delay waits for the packet that carries what was lost. */
const fecMarginSteps = 0.05;
/** Before the spread is known, in steps, and over how many steps of sound it is given up. */
const [startSlackSteps, startSteps] = [5, 60];
/** A sender's clock that jumps by more was started anew. */
const restartSteps = 300;
/** How fast the usual lateness follows. */
const usualGain = 1 / 16;
/** How fast the mean of what was waited for follows; that of the jitter as RFC 3550 has it. */
const meanGain = 1 / 16;
/** Of the loss score; one loss keeps FEC waited for over some 14 s of frames of 20 ms. */
const [lossFade, lossScoreMin] = [1 - 1 / 500, 0.25];

/**
 * How late to play one speaker's frames, from how late they came. Lateness is arrival minus the
 * sender's timestamp, in steps of 10 ms from an arbitrary origin, so that drift is only a lateness
 * that moves.
 *
 * What came in the last 2 s is kept ready for. Older lateness counts as far as it came back: the
 * second highest of the last 20 s, so that a single stall is soon forgotten, and one that
 * repeats is not. Where packets are lost, and carry what was lost, frames wait for the next one.
 * Allocates nothing after construction.
 */
export class PlayoutDelay {
  readonly #highest = new Float64Array(bucketCount).fill(-Infinity);
  readonly #depthSteps: number;
  /** Buckets closed since the last restart. */
  #closed = 0;
  #current = -Infinity;
  #currentSteps = 0;
  #recent = -Infinity;
  #repeated = -Infinity;
  #usual = 0;
  #heardSteps = 0;
  #lossScore = 0;
  #jitter = 0;
  #lastLateness = 0;
  #waited = 0;
  #fecSteps = 0;
  /** Kept: a fraction that a function returns is an object, and it is asked for each step. */
  #target = 0;
  /** A timestamp and its place on the sender's unwrapped clock, in steps. */
  #timestamp = 0;
  #mediaStep = 0;

  /** @param depthSteps bound of what is added to the usual lateness */
  constructor(depthSteps: number) {
    this.#depthSteps = depthSteps;
  }

  /** The lateness that hardly any packet exceeds by much, in steps. */
  get usualSteps(): number {
    return this.#usual;
  }

  /** At which lateness to play, in steps. */
  get targetSteps(): number {
    return this.#target;
  }

  /** By how much the lateness changes from packet to packet, mean (RFC 3550 section 6.4.1). */
  get jitterUs(): number {
    return Math.round(this.#jitter * usPerStep) | 0;
  }

  /** How long packets waited for their turn, mean of the last ones. */
  get waitedUs(): number {
    return Math.max(0, Math.round(this.#waited * usPerStep)) | 0;
  }

  /** Whether packets are lost, rather than late. */
  get isLossy(): boolean {
    return this.#lossScore > lossScoreMin;
  }

  /** Where a timestamp near the last one observed stands on the sender's clock, in steps. */
  mediaStepOf(timestamp: number): number {
    return this.#mediaStep + ((timestamp - this.#timestamp) | 0) / stepSamples;
  }

  /**
   * Takes the arrival of a packet in, also of one too late to be played.
   *
   * @param step when it arrived; fractions count
   * @param steps its duration
   * @param fecSteps how much of the frame before it carries; 0 for none
   * @param earlyThousandths how much of a step before `step` it arrived
   */
  observe(
    step: number,
    timestamp: number,
    steps: number,
    fecSteps: number,
    earlyThousandths = 0,
  ): void {
    this.#mediaStep = this.mediaStepOf(timestamp);
    this.#timestamp = timestamp;
    const lateness = step - earlyThousandths / 1_000 - this.#mediaStep;
    if (this.#heardSteps === 0 || Math.abs(lateness - this.#usual) > restartSteps) {
      this.#restart(lateness);
    }
    this.#jitter += (Math.abs(lateness - this.#lastLateness) - this.#jitter) * meanGain;
    this.#lastLateness = lateness;
    this.#heardSteps += steps;
    this.#fecSteps = fecSteps > 0 ? fecSteps : this.#fecSteps * lossFade;
    if (this.#fecSteps < steps / 2) this.#fecSteps = 0;
    this.#lossScore *= lossFade;
    this.#current = Math.max(this.#current, lateness);
    this.#recent = Math.max(this.#recent, lateness);
    this.#currentSteps += steps;
    if (this.#currentSteps >= bucketSteps) this.#closeBucket();
    this.#aim();
  }

  /** @param packets that did not come in time; negative: they came after all */
  noteMissing(packets: number): void {
    this.#lossScore = Math.max(0, this.#lossScore + packets);
    this.#aim();
  }

  /** To be called after every change. */
  #aim(): void {
    const worst = Math.max(this.#recent, this.#repeated);
    const isFecWaitedFor = this.isLossy && this.#fecSteps > 0;
    const settled = isFecWaitedFor
      ? Math.max(worst, this.#usual + this.#fecSteps) + fecMarginSteps
      : worst + Math.max(0, marginSteps - marginLessBySpread * (worst - this.#usual));
    const unknown = Math.max(0, 1 - this.#heardSteps / startSteps);
    const target = Math.max(settled, worst + startSlackSteps * unknown);
    this.#target = Math.min(target, this.#usual + this.#depthSteps);
  }

  /** A packet's turn has come. */
  noteTurn(step: number, packet: WaitingPacket): void {
    this.#waited += (step - packet.arrivalStep - this.#waited) * meanGain;
  }

  #restart(lateness: number): void {
    this.#highest.fill(-Infinity);
    this.#closed = 0;
    this.#current = this.#recent = lateness;
    this.#repeated = -Infinity;
    this.#currentSteps = 0;
    this.#usual = this.#lastLateness = lateness;
    this.#heardSteps = 0;
  }

  #closeBucket(): void {
    const highest = this.#highest;
    highest[this.#closed++ % bucketCount] = this.#current;
    this.#usual += (this.#current - this.#usual) * usualGain;
    this.#current = -Infinity;
    this.#currentSteps = 0;
    let peakAge = 0;
    this.#recent = -Infinity;
    const ages = Math.min(this.#closed, bucketCount);
    for (let age = 0; age < ages; age++) {
      const lateness = this.#aged(age);
      if (age < recentBuckets) this.#recent = Math.max(this.#recent, lateness);
      if (lateness > this.#aged(peakAge)) peakAge = age;
    }
    this.#repeated = -Infinity;
    for (let age = 0; age < ages; age++) {
      const isApart = Math.abs(age - peakAge) > onePeakBuckets;
      if (isApart) this.#repeated = Math.max(this.#repeated, this.#aged(age));
    }
  }

  #aged(buckets: number): number {
    return this.#highest[(this.#closed - 1 - buckets + bucketCount) % bucketCount]!;
  }
}
