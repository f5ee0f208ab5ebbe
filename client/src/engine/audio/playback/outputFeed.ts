import { sampleRate } from '@rookery/schemas/voicePacket';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { stepSamples } from '../audioLimits.js';
import { streamTable } from '../device/audioDevice.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { StreamResampler } from '../streamResampler.js';

/** What of a `DeviceStream` crosses to the playback thread. */
export interface OutputStream {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bufferFrames: number;
  readonly ring: SharedArrayBuffer;
  readonly table: SharedTableMemory;
}

const stepMs = 10;
/** What is kept ready grows by this with an underrun, and shrinks so where it is not needed. */
const targetStepMs = 10;
/** Above the smallest target. Who needs more stands still, and that no ring can hide. */
const targetGrowthMsMax = 100;
/** Underruns of one stall make it grow once. */
const growEveryMs = 500;
/** So long nothing may have been wanting, with so much to spare, before it shrinks. */
const [shrinkAfterMs, spareMs] = [30_000, targetStepMs];
/** A device that takes nothing for so long plays nothing. */
const stalledAfterMs = 250;

/**
 * Keeps a device's ring filled: resamples steps of 48 kHz stereo to the device's rate and channels,
 * and says when the next one is wanted. It holds as little ready as the device and this thread can
 * do with: a device buffer at first (drivers hold some of their own), more once it was too little,
 * less when half a minute has shown that less is enough. It has no clock; one thread, the ring's
 * producer; allocates nothing after construction.
 */
export class OutputFeed {
  readonly #ring: SpscSampleRing;
  readonly #underrunsOf: () => number;
  readonly #shortfallsOf: () => number;
  readonly #channels: number;
  readonly #framesPerMs: number;
  readonly #resampler: StreamResampler;
  readonly #stereo: Float32Array;
  readonly #out: Float32Array;
  /** What the device takes at a time. */
  readonly bufferMs: number;
  readonly #targetMsMin: number;
  readonly #targetMsMax: number;
  #targetMs: number;
  #lastTaken: number;
  #lastTakenMs = Number.NaN;
  #underruns: number;
  #shortfalls: number;
  #grownMs = -Infinity;
  /** The least that was ready since `#windowMs`. */
  #leastMs = Infinity;
  #windowMs = Number.NaN;

  constructor(stream: OutputStream) {
    const { channels, bufferFrames } = stream;
    this.#ring = new SpscSampleRing(stream.ring);
    const { underruns, shortfalls } = streamTable.attach(stream.table).columns;
    this.#underrunsOf = () => underruns.load(0);
    this.#shortfallsOf = () => shortfalls.load(0);
    // What the device wanted before there was anything is nobody's fault.
    this.#underruns = underruns.load(0);
    this.#shortfalls = shortfalls.load(0);
    this.#channels = channels;
    this.#framesPerMs = stream.sampleRate / 1_000;
    this.#resampler = new StreamResampler(sampleRate, stream.sampleRate, 2, stepSamples);
    this.#stereo = new Float32Array(2 * this.#resampler.outputFramesMax);
    this.#out = new Float32Array(channels * this.#resampler.outputFramesMax);
    this.bufferMs = bufferFrames / this.#framesPerMs;
    const framesFitting = (this.#ring.header.used + this.#ring.free) / channels;
    const holdsMs = framesFitting / this.#framesPerMs - stepMs;
    this.#targetMsMin = Math.min(this.bufferMs, holdsMs);
    this.#targetMsMax = Math.min(this.bufferMs + targetGrowthMsMax, holdsMs);
    this.#targetMs = this.#targetMsMin;
    this.#lastTaken = this.#ring.header.readIndex;
    this.#fillWithSilence();
  }

  /** Whether the stream has ended. */
  get isOver(): boolean {
    return this.#ring.header.closed;
  }

  /** Whether a step is wanted. */
  get isHungry(): boolean {
    return this.heldMs < this.#targetMs - 1e-6;
  }

  /** How much is kept ready. */
  get targetMs(): number {
    return this.#targetMs;
  }

  /** How much more is ready than is left of the target by a device that has taken a buffer. */
  get aheadMs(): number {
    return this.heldMs - (this.#targetMs - this.bufferMs);
  }

  /** How much is ready. */
  get heldMs(): number {
    return this.#ring.header.used / (this.#channels * this.#framesPerMs);
  }

  /** What a thread that waits for the device to take something sleeps on. */
  get header(): SpscSampleRing['header'] {
    return this.#ring.header;
  }

  /** Whether the device takes nothing, though there is something. */
  isStalled(nowMs: number): boolean {
    return nowMs - this.#lastTakenMs > stalledAfterMs;
  }

  /**
   * To be called before steps are made, whether the device has taken something or not.
   *
   * @returns device buffers that found no sound since the last call
   */
  observe(nowMs: number): number {
    const taken = this.#ring.header.readIndex;
    if (taken !== this.#lastTaken || Number.isNaN(this.#lastTakenMs)) {
      this.#lastTaken = taken;
      this.#lastTakenMs = nowMs;
    }
    const underruns = this.#underrunsOf();
    const missed = (underruns - this.#underruns) >>> 0;
    this.#underruns = underruns;
    // Where the device itself was late, more that is ready would not have helped.
    const shortfalls = this.#shortfallsOf();
    const wasShort = shortfalls !== this.#shortfalls;
    this.#shortfalls = shortfalls;
    if (wasShort) this.#grow(nowMs);
    else this.#shrinkWhereSpare(nowMs);
    return missed;
  }

  /** Takes one step. @param stereo 480 pairs of left and right at 48 kHz */
  feed(stereo: Float32Array): void {
    const frames = this.#resampler.process(stereo, stepSamples, this.#stereo);
    this.#spread(frames);
    this.#ring.push(this.#out, frames * this.#channels);
  }

  /**
   * Up to the target, so that neither the device nor a voice that talks already finds it empty; and
   * what of the first step is still in the filter.
   */
  #fillWithSilence(): void {
    const readyMs = this.#targetMs - this.heldMs;
    const filterMs = this.#resampler.delayFrames / (sampleRate / 1_000);
    const frames = Math.max(0, Math.round((readyMs + filterMs) * this.#framesPerMs));
    const silence = new Float32Array(frames * this.#channels);
    this.#ring.push(silence);
  }

  /** Left and right to the first two channels, or their mean to the only one; others are silent. */
  #spread(frames: number): void {
    const channels = this.#channels;
    for (let i = 0; i < frames; i++) {
      const left = this.#stereo[2 * i]!;
      const right = this.#stereo[2 * i + 1]!;
      if (channels === 1) {
        this.#out[i] = (left + right) / 2;
      } else {
        this.#out[i * channels] = left;
        this.#out[i * channels + 1] = right;
      }
    }
  }

  #grow(nowMs: number): void {
    this.#leastMs = Infinity;
    this.#windowMs = nowMs;
    if (nowMs - this.#grownMs < growEveryMs) return;
    this.#grownMs = nowMs;
    this.#targetMs = Math.min(this.#targetMsMax, this.#targetMs + targetStepMs);
  }

  #shrinkWhereSpare(nowMs: number): void {
    if (Number.isNaN(this.#windowMs)) this.#windowMs = nowMs;
    this.#leastMs = Math.min(this.#leastMs, this.heldMs);
    if (nowMs - this.#windowMs < shrinkAfterMs) return;
    if (this.#leastMs >= spareMs) {
      this.#targetMs = Math.max(this.#targetMsMin, this.#targetMs - targetStepMs);
    }
    this.#leastMs = Infinity;
    this.#windowMs = nowMs;
  }
}
