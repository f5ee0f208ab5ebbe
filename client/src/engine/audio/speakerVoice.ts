import {
  JitterBuffer,
  PlayoutAction,
  type JitterCounts,
  type JitterLimits,
} from './jitterBuffer.js';
import { OpusDecoder } from './opusCodec.js';
import type { OpusLibrary } from './opusLibrary.js';

/**
 * One remote speaker's way from packets to samples: a jitter buffer and one decoder that lives as
 * long. One thread; to be freed when the speaker leaves. Allocates nothing after construction.
 */
export class SpeakerVoice {
  readonly #jitter: JitterBuffer;
  readonly #decoder: OpusDecoder;
  #undecodable = 0;

  constructor(library: OpusLibrary, limits: JitterLimits) {
    this.#jitter = new JitterBuffer(limits);
    this.#decoder = new OpusDecoder(library);
  }

  /** Whether `play` would give silence until something is pushed. */
  get isIdle(): boolean {
    return this.#jitter.isIdle;
  }

  /** Packets that wait to be played. */
  get buffered(): number {
    return this.#jitter.buffered;
  }

  /** So far. */
  get counts(): Readonly<JitterCounts> {
    return this.#jitter.counts;
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
  ): void {
    this.#jitter.push(step, counter, timestamp, endOfSpurt, payload, payloadAt, payloadBytes);
  }

  /**
   * Plays 20 ms.
   *
   * @param step as for `JitterBuffer.step`
   * @param out 960 samples, 16 bit
   * @returns false for silence: `out` is then untouched
   */
  play(step: number, out: Int16Array): boolean {
    const jitter = this.#jitter;
    switch (jitter.step(step)) {
      case PlayoutAction.Silence:
        return false;
      case PlayoutAction.Frame:
        if (!this.#decoder.decode(jitter.payload, jitter.payloadBytes, out)) this.#standIn(out);
        return true;
      case PlayoutAction.Fec:
        if (!this.#decoder.decodeFec(jitter.payload, jitter.payloadBytes, out)) this.#standIn(out);
        return true;
      case PlayoutAction.Conceal:
        this.#decoder.conceal(out);
        return true;
    }
  }

  free(): void {
    this.#decoder.free();
  }

  #standIn(out: Int16Array): void {
    this.#undecodable++;
    this.#decoder.conceal(out);
  }
}
