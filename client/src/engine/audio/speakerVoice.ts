import { frameSamplesMax, stepSamples } from './audioLimits.js';
import {
  JitterBuffer,
  PlayoutAction,
  type JitterCounts,
  type JitterLimits,
} from './jitterBuffer.js';
import { OpusDecoder } from './opusCodec.js';
import type { OpusLibrary } from './opusLibrary.js';
import { lengthen, lengthenedSamplesMax, lengthenHistory, shorten } from './timeStretch.js';

/** What is lengthened twice at most, after what was left over of the sound before. */
const soundSamplesMax = stepSamples + frameSamplesMax + 2 * lengthenedSamplesMax;

/**
 * One remote speaker's way from packets to samples: a jitter buffer, one decoder that lives as
 * long, and the stretching of what was decoded. One thread; to be freed when the speaker leaves.
 * Allocates nothing after construction.
 */
export class SpeakerVoice {
  readonly #jitter: JitterBuffer;
  readonly #decoder: OpusDecoder;
  readonly #decoded = new Int16Array(frameSamplesMax);
  /** What was played last, and from `#from` to `#to` what is to be played. */
  readonly #sound = new Int16Array(lengthenHistory + soundSamplesMax);
  #from = lengthenHistory;
  #to = lengthenHistory;
  #undecodable = 0;

  constructor(library: OpusLibrary, limits: JitterLimits) {
    this.#jitter = new JitterBuffer(limits);
    this.#decoder = new OpusDecoder(library);
  }

  /** Whether `play` would give silence until something is pushed. */
  get isIdle(): boolean {
    return this.#jitter.isIdle;
  }

  /** Whether something of what has come is still to be played. */
  get hasSound(): boolean {
    return this.#jitter.hasSound;
  }

  /** So far. */
  get counts(): Readonly<JitterCounts> {
    return this.#jitter.counts;
  }

  /** How much of what has come is still to be played. */
  get waitingSamples(): number {
    return this.#jitter.waitingSamples;
  }

  /** As `PlayoutDelay` has it; 0 where the delay is fixed. */
  get jitterUs(): number {
    return this.#jitter.delay?.jitterUs ?? 0;
  }

  /** As `PlayoutDelay` has it; 0 where the delay is fixed. */
  get waitedUs(): number {
    return this.#jitter.delay?.waitedUs ?? 0;
  }

  /** Samples by which sound was made longer and shorter, added up, so far. */
  get stretchedSamples(): number {
    return this.#jitter.lengthenedSamples + this.#jitter.shortenedSamples;
  }

  /** Frames that were no Opus and were concealed. */
  get framesUndecodable(): number {
    return this.#undecodable;
  }

  /** As `JitterBuffer.push`. */
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
    this.#jitter.push(
      step,
      counter,
      timestamp,
      endOfSpurt,
      payload,
      payloadAt,
      payloadBytes,
      earlyThousandths,
    );
  }

  /**
   * Plays 10 ms.
   *
   * @param step rises by one from call to call. Steps may be left out: while `isIdle` without a
   * trace, else as time that nobody could play in; what is late by it is made shorter then
   * @param out 480 samples, 16 bit, are put there from `at` on
   * @returns false for silence: nothing is put anywhere then
   */
  play(step: number, out: Int16Array, at: number): boolean {
    const jitter = this.#jitter;
    const action = jitter.step(step);
    const isNew = action !== PlayoutAction.Rest && action !== PlayoutAction.Silence;
    if (isNew) this.#decode(action);
    if (jitter.stretchSamples !== 0) jitter.stretched(this.#stretch(jitter.stretchSamples));
    const samples = Math.min(stepSamples, this.#to - this.#from);
    if (samples === 0) return false;
    for (let i = 0; i < stepSamples; i++) {
      out[at + i] = i < samples ? this.#sound[this.#from + i]! : 0;
    }
    this.#from += samples;
    return true;
  }

  free(): void {
    this.#decoder.free();
  }

  /** @returns by how many samples what is to be played became longer */
  #stretch(wished: number): number {
    const added =
      wished > 0
        ? lengthen(this.#sound, this.#to)
        : // Not its negative: −0 is no small integer, and what it is added to would be an object.
          0 - shorten(this.#sound, this.#from, this.#to, this.#to - this.#from - stepSamples);
    this.#to += added;
    return added;
  }

  /** Puts the next sound behind what is left of the one before. */
  #decode(action: PlayoutAction): void {
    const history = this.#from - lengthenHistory;
    this.#sound.copyWithin(0, history, this.#to);
    this.#from -= history;
    this.#to -= history;
    const { soundSamples } = this.#jitter;
    if (!this.#isDecoded(action)) this.#decoder.conceal(soundSamples, this.#decoded);
    for (let i = 0; i < soundSamples; i++) this.#sound[this.#to + i] = this.#decoded[i]!;
    this.#to += soundSamples;
  }

  /** @returns false where it is to be concealed */
  #isDecoded(action: PlayoutAction): boolean {
    const { payload, payloadBytes, soundSamples } = this.#jitter;
    const pcm = this.#decoded;
    if (action === PlayoutAction.Conceal) return false;
    const samples =
      action === PlayoutAction.Frame
        ? this.#decoder.decode(payload, payloadBytes, pcm)
        : this.#decoder.decodeFec(payload, payloadBytes, soundSamples, pcm);
    if (samples === soundSamples) return true;
    this.#undecodable++;
    return false;
  }
}
