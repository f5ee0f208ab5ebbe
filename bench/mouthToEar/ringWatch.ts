import { RingHeader, ringHeaderBytes } from '@rookery/schemas/ringHeader';
import { OnsetWatch } from './onsetWatch.js';

/**
 * Which index of a device's ring is looked at, and what its samples' time is:
 *
 * - `captured`: put there by a device; the last sample of what it moved is of now
 * - `rendered`: put there by playback; the first sample is of now
 * - `taken`: taken out by a device; the first sample is of now
 */
export type WatchedSide = 'captured' | 'rendered' | 'taken';

/** A ring of interleaved samples at 48 kHz. */
export interface WatchedRing {
  readonly name: string;
  readonly side: WatchedSide;
  readonly buffer: SharedArrayBuffer;
  readonly channels: number;
}

const framesPerMs = 48;

/**
 * Looks into a ring that others fill and empty, without taking anything out, and finds when sound
 * begins there. What is not looked at before the ring has gone round is lost, so look often.
 */
export class RingWatch {
  readonly #ring: WatchedRing;
  readonly #header: RingHeader;
  readonly #samples: Float32Array;
  readonly #onsets = new OnsetWatch();
  #seen: number;

  constructor(ring: WatchedRing) {
    this.#ring = ring;
    this.#header = new RingHeader(ring.buffer);
    this.#samples = new Float32Array(ring.buffer, ringHeaderBytes);
    this.#seen = this.#index;
  }

  /**
   * @param nowMs when this is called, shortly after something was moved
   * @param found is given when each onset was
   */
  look(nowMs: number, found: (atMs: number) => void): void {
    const { channels, side } = this.#ring;
    const [from, to] = [this.#seen, this.#index];
    const moved = (to - from) >>> 0;
    for (let at = 0; at < moved; at += channels) {
      const sample = this.#samples[(from + at) & (this.#samples.length - 1)]!;
      if (!this.#onsets.next(sample)) continue;
      const samplesFromNow = side === 'captured' ? at - moved : at;
      found(nowMs + samplesFromNow / (channels * framesPerMs));
    }
    this.#seen = to;
  }

  get #index(): number {
    return this.#ring.side === 'taken' ? this.#header.readIndex : this.#header.writeIndex;
  }
}
