import { sampleRate } from '@rookery/schemas/voicePacket';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { stepSamples } from '../audioLimits.js';
import { streamTable } from '../device/audioDevice.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { StreamResampler } from '../streamResampler.js';
import { captureLimits } from './captureLimits.js';

/** What the capture worker is told of a device's stream. */
export interface InputStream {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bufferFrames: number;
  readonly ring: SharedArrayBuffer;
  readonly table: SharedTableMemory;
}

/** Samples are taken from the ring so many milliseconds at a time, or what is left of that. */
const pieceMs = 10;

/**
 * A device's samples as steps of 10 ms, 48 kHz mono: the consumer of its ring. What waits too long
 * is dropped, the oldest first, and counted. One thread; allocates nothing after construction.
 */
export class InputFeed {
  readonly ring: SpscSampleRing;
  readonly #channels: number;
  readonly #rate: number;
  readonly #bufferFrames: number;
  readonly #overruns: { load(row: number): number };
  readonly #resampler: StreamResampler;
  readonly #pieceFrames: number;
  readonly #piece: Float32Array;
  readonly #mono: Float32Array;
  readonly #converted: Float32Array;
  /** At 48 kHz; its first `#heldSamples` wait. */
  readonly #held: Float32Array;
  #heldSamples = 0;
  #seenOverruns: number;

  /** What waits in the ring already is dropped: it is older than the wish to capture. */
  constructor(stream: InputStream) {
    this.ring = new SpscSampleRing(stream.ring);
    this.#channels = stream.channels;
    this.#rate = stream.sampleRate;
    this.#bufferFrames = stream.bufferFrames;
    this.#overruns = streamTable.attach(stream.table).columns.overruns;
    this.#seenOverruns = this.#overruns.load(0);
    this.#pieceFrames = Math.max(1, Math.ceil((this.#rate * pieceMs) / 1_000));
    this.#piece = new Float32Array(this.#pieceFrames * this.#channels);
    this.#mono = new Float32Array(this.#pieceFrames);
    this.#resampler = new StreamResampler(this.#rate, sampleRate, 1, this.#pieceFrames);
    this.#converted = new Float32Array(this.#resampler.outputFramesMax);
    this.#held = new Float32Array(stepSamples + this.#resampler.outputFramesMax);
    this.#dropFrames(this.#waitingFrames);
  }

  /** Whether the device is gone and all of its samples are taken. */
  get hasEnded(): boolean {
    return this.ring.header.closed && this.#waitingFrames === 0;
  }

  /** How long ago the last sample taken was captured, where the device moved its last just now. */
  get agoMs(): number {
    return (this.#waitingFrames * 1_000) / this.#rate + (this.#heldSamples * 1_000) / sampleRate;
  }

  /**
   * To be called when woken, before the steps are taken.
   *
   * @returns how much was lost since the last time, because this thread or the device was late; in
   *   samples at 48 kHz
   */
  dropBacklog(): number {
    const overruns = this.#overruns.load(0);
    const refused = (overruns - this.#seenOverruns) >>> 0;
    this.#seenOverruns = overruns;
    let lost = refused * this.#bufferFrames;
    const waiting = this.#waitingFrames;
    if (waiting * this.#channels > captureLimits.backlogShareMax * this.ring.capacity) {
      const keptFrames = Math.ceil((captureLimits.backlogMsKept * this.#rate) / 1_000);
      lost += this.#dropFrames(waiting - Math.min(keptFrames, waiting));
    }
    return Math.round((lost * sampleRate) / this.#rate);
  }

  /** Fills `step`, 480 samples. @returns false where not as many have come yet */
  next(step: Float32Array): boolean {
    while (this.#heldSamples < stepSamples) {
      const frames = Math.min(this.#waitingFrames, this.#pieceFrames);
      if (frames === 0) return false;
      this.#take(frames);
    }
    for (let i = 0; i < stepSamples; i++) step[i] = this.#held[i]!;
    this.#held.copyWithin(0, stepSamples, this.#heldSamples);
    this.#heldSamples -= stepSamples;
    return true;
  }

  get #waitingFrames(): number {
    return Math.floor(this.ring.header.used / this.#channels);
  }

  #dropFrames(frames: number): number {
    return this.ring.discard(frames * this.#channels) / this.#channels;
  }

  /** Takes sample frames off the ring, to `#held`. */
  #take(frames: number): void {
    const channels = this.#channels;
    this.ring.pop(this.#piece, frames * channels);
    for (let i = 0; i < frames; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += this.#piece[i * channels + c]!;
      const mono = sum / channels;
      // A driver's broken number would stay in every filter after it.
      this.#mono[i] = Math.abs(mono) <= loudest ? mono : 0;
    }
    const samples = this.#resampler.process(this.#mono, frames, this.#converted);
    for (let i = 0; i < samples; i++) this.#held[this.#heldSamples + i] = this.#converted[i]!;
    this.#heldSamples += samples;
  }
}

/** No device gives more than full scale, but for some that overshoot. */
const loudest = 16;
