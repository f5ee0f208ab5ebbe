import { frameSamplesMax, stepSamples } from '../audioLimits.js';
import { captureLimits, stepsPerSecond } from './captureLimits.js';

const stepMs = 1_000 / stepsPerSecond;
const historySteps = (captureLimits.preRollMs * stepsPerSecond) / 1_000;

/** Below this power nobody hears a step: −60 dB of full scale. */
const audiblePower = 1e-6;

/** Takes the frames of spurts, in order. */
export interface FrameSink {
  /**
   * @param pcm the frame, 480 to 2,880 samples; valid during the call, and may be overwritten
   * @param timestamp of its first sample, on the clock of captured samples, wrapped at 2^32
   * @param endOfSpurt whether this is the spurt's last frame
   * @param agoMs how much before this moment its last sample was captured, beyond what the newest
   *   step is old
   */
  takeFrame(pcm: Float32Array, timestamp: number, endOfSpurt: boolean, agoMs: number): void;
}

/**
 * Makes frames of the steps that a gate lets through, and puts before a spurt what was just before
 * it. It counts the samples that were captured: that is the clock of all timestamps.
 *
 *     gate    ░░░░░░████████████░░░░░░░░░
 *     spurt   ░░▒▒▒▒████████████▒▒░░░░░░░    pre-roll before, the last frame filled up after
 *
 * A spurt goes on to the end of a frame; once the gate is closed its sound fades out within a step.
 * One thread; allocates nothing.
 */
export class SpurtFramer {
  readonly #sink: FrameSink;
  readonly #longest = new Float32Array(frameSamplesMax);
  #frame = this.#longest;
  /** Samples of the frame that are filled. */
  #filled = 0;
  /** The last steps outside of spurts, a ring. */
  readonly #history = Array.from({ length: historySteps }, () => new Float32Array(stepSamples));
  #remembered = 0;
  #next = 0;
  /** A step that fades out, or silence. */
  readonly #tail = new Float32Array(stepSamples);
  #wishedSamples = frameSamplesMax;
  #position = 0;
  #phase: 'closed' | 'open' | 'closing' = 'closed';

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Whether a spurt has begun and its last frame is still to come. */
  get isOpen(): boolean {
    return this.#phase !== 'closed';
  }

  /** From the next frame on: 480, 960, 1,920 or 2,880. Where it changes, that frame allocates. */
  setFrameSamples(frameSamples: number): void {
    this.#wishedSamples = frameSamples;
  }

  /**
   * @param step the next 10 ms that were captured
   * @param isOpen whether the gate lets it through
   * @param preRollSteps how many steps before it belong to a spurt that begins with it
   */
  step(step: Float32Array, isOpen: boolean, preRollSteps: number): void {
    if (isOpen) {
      if (this.#phase === 'closed') this.#begin(preRollSteps);
      this.#phase = 'open';
      this.#position += stepSamples;
      this.#append(step, 0);
    } else if (this.#phase === 'closed') {
      this.#remember(step);
      this.#position += stepSamples;
    } else {
      this.#fadeOut(step);
      this.#position += stepSamples;
      this.#append(this.#tail, 0);
    }
  }

  /**
   * What was captured is nobody's to hear, from this step on: instead of `step` where it is muted.
   * A spurt ends in silence, and no later one begins with what was before.
   */
  stepMuted(): void {
    this.#remembered = 0;
    this.#position += stepSamples;
    if (this.#phase === 'closed') return;
    this.#phase = 'closing';
    this.#tail.fill(0);
    this.#append(this.#tail, 0);
  }

  /** Nothing before counts as what was just before a spurt. */
  forget(): void {
    this.#remembered = 0;
  }

  /** So many samples were captured and are lost. */
  skip(samples: number): void {
    this.#remembered = 0;
    const missing = this.#filled === 0 ? 0 : this.#frame.length - this.#filled;
    // A frame is of one piece: what it lacks is silence.
    this.#tail.fill(0);
    for (let filled = 0; filled < missing; filled += stepSamples) {
      this.#position += stepSamples;
      this.#append(this.#tail, 0);
    }
    this.#position += Math.max(0, samples - missing);
  }

  /** Ends a spurt at once: nothing more is captured for now. */
  finish(): void {
    this.#remembered = 0;
    while (this.#phase !== 'closed') this.stepMuted();
  }

  #begin(preRollSteps: number): void {
    const steps = this.#audibleSteps(Math.min(preRollSteps, this.#remembered));
    const now = this.#position;
    for (let ago = steps; ago > 0; ago--) {
      this.#position = now - (ago - 1) * stepSamples;
      this.#append(this.#before(ago), ago * stepMs);
    }
    this.#remembered = 0;
  }

  /**
   * How many of the last `steps` go before a spurt: from a little before the first that can be
   * heard. Each one is late when it is sent, and listeners wait for the latest.
   */
  #audibleSteps(steps: number): number {
    for (let ago = steps; ago > 0; ago--) {
      if (isAudible(this.#before(ago))) return Math.min(steps, ago + captureLimits.softSteps);
    }
    return Math.min(steps, captureLimits.softSteps);
  }

  /** What was captured so many steps before the next one. */
  #before(ago: number): Float32Array {
    return this.#history[(this.#next - ago + historySteps) % historySteps]!;
  }

  /** Puts a step that ends at `#position` into the frame; gives the frame on once it is full. */
  #append(step: Float32Array, agoMs: number): void {
    if (this.#filled === 0 && this.#frame.length !== this.#wishedSamples) {
      this.#frame = this.#longest.subarray(0, this.#wishedSamples);
    }
    this.#frame.set(step, this.#filled);
    this.#filled += stepSamples;
    if (this.#filled < this.#frame.length) return;
    this.#filled = 0;
    const timestamp = (this.#position - this.#frame.length) >>> 0;
    const isLast = this.#phase === 'closing';
    this.#sink.takeFrame(this.#frame, timestamp, isLast, agoMs);
    if (isLast) this.#phase = 'closed';
  }

  /** The first step after the gate closed goes from its sound to silence; silence follows. */
  #fadeOut(step: Float32Array): void {
    const isFirst = this.#phase === 'open';
    this.#phase = 'closing';
    for (let i = 0; i < stepSamples; i++) {
      this.#tail[i] = isFirst ? step[i]! * (1 - (i + 1) / stepSamples) : 0;
    }
  }

  #remember(step: Float32Array): void {
    this.#history[this.#next]!.set(step);
    this.#next = (this.#next + 1) % historySteps;
    this.#remembered = Math.min(this.#remembered + 1, historySteps);
  }
}

function isAudible(step: Float32Array): boolean {
  let power = 0;
  for (let i = 0; i < stepSamples; i++) power += step[i]! * step[i]!;
  return power / stepSamples > audiblePower;
}
