import { stepSamples } from '../audioLimits.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { lengthen, lengthenedSamplesMax, lengthenHistory, shorten } from '../timeStretch.js';

/** It begins with so many steps ready, is made longer below, and shorter from `longSteps` on. */
const startSteps = 2;
const longSteps = 4;
/** What is older is left out: somebody stood still. */
const heldStepsMax = 10;
/** Before it was stretched, in samples: the next time may come so soon. */
const stretchEverySamples = 20 * stepSamples;

/**
 * The own voice on its way back to one's ears: 48 kHz mono from the capture thread, played at the
 * pace of the playing device. The two devices drift apart; what is too much or too little is made
 * shorter or longer like everybody's sound. One thread, the ring's consumer; allocates nothing
 * after construction.
 */
export class OwnVoice {
  readonly #ring: SpscSampleRing;
  readonly #step = new Float32Array(stepSamples);
  readonly #sound: Int16Array;
  #from = lengthenHistory;
  #to = lengthenHistory;
  #isPlaying = false;
  #sinceStretched = 0;
  #gain = 0;

  /** @param ring `SpscSampleRing`; what is in it is old and left out */
  constructor(ring: SharedArrayBuffer) {
    this.#ring = new SpscSampleRing(ring);
    this.#ring.header.release(this.#ring.header.writeIndex);
    const soundSamples = (heldStepsMax + 1) * stepSamples + lengthenedSamplesMax;
    this.#sound = new Int16Array(lengthenHistory + soundSamples);
  }

  /**
   * Adds 10 ms of it to both channels.
   *
   * @param out 480 pairs of left and right
   * @returns false where there is nothing to add
   */
  addTo(out: Float32Array): boolean {
    this.#take();
    const ready = this.#to - this.#from;
    if (!this.#isPlaying && ready < startSteps * stepSamples) return false;
    this.#isPlaying = ready >= stepSamples;
    if (!this.#isPlaying) {
      this.#gain = 0;
      return false;
    }
    this.#sinceStretched += stepSamples;
    if (this.#sinceStretched >= stretchEverySamples) this.#stretch(ready);
    for (let i = 0; i < stepSamples; i++) {
      this.#gain = Math.min(1, this.#gain + 1 / stepSamples);
      const sample = (this.#gain * this.#sound[this.#from + i]!) / 32_768;
      out[2 * i]! += sample;
      out[2 * i + 1]! += sample;
    }
    this.#from += stepSamples;
    return true;
  }

  /** Puts what has come behind what is left. */
  #take(): void {
    const history = this.#from - lengthenHistory;
    this.#sound.copyWithin(0, history, this.#to);
    this.#from -= history;
    this.#to -= history;
    while (this.#ring.pop(this.#step)) {
      if (this.#to - this.#from >= heldStepsMax * stepSamples) continue;
      for (let i = 0; i < stepSamples; i++) {
        const sample = Math.round(this.#step[i]! * 32_768);
        this.#sound[this.#to + i] = Math.max(-32_768, Math.min(32_767, sample));
      }
      this.#to += stepSamples;
    }
  }

  #stretch(ready: number): void {
    if (ready < startSteps * stepSamples) this.#to += lengthen(this.#sound, this.#to);
    else if (ready > longSteps * stepSamples) {
      this.#to -= shorten(this.#sound, this.#from, this.#to, ready - stepSamples);
    } else return;
    this.#sinceStretched = 0;
  }
}
