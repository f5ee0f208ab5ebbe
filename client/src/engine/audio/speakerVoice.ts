import { frameSamples } from '@rookery/schemas/voicePacket';
import { frameSamplesMax, stepSamples } from './audioLimits.js';
import {
  JitterBuffer,
  PlayoutAction,
  type JitterCounts,
  type JitterLimits,
} from './jitterBuffer.js';
import { OpusDecoder } from './opusCodec.js';
import type { OpusLibrary } from './opusLibrary.js';

/** A tick is what is mixed at a time, a step what a jitter buffer decides at a time. */
const stepsPerTick = frameSamples / stepSamples;

/**
 * One remote speaker's way from packets to samples: a jitter buffer and one decoder that lives as
 * long. One thread; to be freed when the speaker leaves. Allocates nothing after construction.
 */
export class SpeakerVoice {
  readonly #jitter: JitterBuffer;
  readonly #decoder: OpusDecoder;
  /** What was decoded last, and up to where it has been played. */
  readonly #pcm = new Int16Array(frameSamplesMax);
  #playedTo = 0;
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

  /** Frames that were no Opus and were concealed. */
  get framesUndecodable(): number {
    return this.#undecodable;
  }

  /** As `JitterBuffer.push`, for the tick that is to be played next. */
  push(
    tick: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
  ): void {
    const step = tick * stepsPerTick;
    this.#jitter.push(step, counter, timestamp, endOfSpurt, payload, payloadAt, payloadBytes);
  }

  /**
   * Plays 20 ms.
   *
   * @param tick rises by one from call to call; ticks may be left out while `isIdle`
   * @param out 960 samples, 16 bit
   * @returns false for silence: `out` is then untouched
   */
  play(tick: number, out: Int16Array): boolean {
    let isSilent = true;
    for (let part = 0; part < stepsPerTick; part++) {
      const action = this.#jitter.step(tick * stepsPerTick + part);
      if (action === PlayoutAction.Silence) continue;
      // What was silent up to here stays so in a tick that is not.
      if (isSilent) out.fill(0);
      isSilent = false;
      if (action !== PlayoutAction.Rest) this.#decode(action);
      out.set(this.#pcm.subarray(this.#playedTo, this.#playedTo + stepSamples), part * stepSamples);
      this.#playedTo += stepSamples;
    }
    return !isSilent;
  }

  free(): void {
    this.#decoder.free();
  }

  /** Puts the next sound where `play` takes it from. */
  #decode(action: PlayoutAction): void {
    const jitter = this.#jitter;
    const { payload, payloadBytes, soundSamples } = jitter;
    const pcm = this.#pcm;
    this.#playedTo = 0;
    if (action === PlayoutAction.Conceal) {
      this.#decoder.conceal(soundSamples, pcm);
      return;
    }
    const samples =
      action === PlayoutAction.Frame
        ? this.#decoder.decode(payload, payloadBytes, pcm)
        : this.#decoder.decodeFec(payload, payloadBytes, soundSamples, pcm);
    if (samples === soundSamples) return;
    this.#undecodable++;
    this.#decoder.conceal(soundSamples, pcm);
  }
}
