import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { recorderLimits, stepSamples } from '../audioLimits.js';
import { tapBodyAt, TapKind, tapRecordBytesMax, writeTapHead } from './voiceTap.js';

const sampleBytes = Int16Array.BYTES_PER_ELEMENT;

/**
 * Copies what is heard into the ring of a tap (`voiceTap.ts`). Of the playback thread, which waits
 * for nobody: what does not fit is left out. Allocates with a speaker's first sound.
 */
export class TapWriter {
  readonly #ring: SpscRecordRing;
  readonly #record = new Uint8Array(tapRecordBytesMax);
  readonly #fields = new DataView(this.#record.buffer);
  readonly #samples = new Int16Array(this.#record.buffer, tapBodyAt);
  readonly #encoder = new TextEncoder();
  /** Names that this tap was told. */
  readonly #named = new Map<number, string>();

  constructor(ring: SharedArrayBuffer) {
    this.#ring = new SpscRecordRing(ring);
  }

  /** @param mix 480 pairs, −1…1 */
  mix(step: number, mix: Float32Array): void {
    writeTapHead(this.#fields, TapKind.Mix, step, 0);
    for (let i = 0; i < mix.length; i++) this.#samples[i] = Math.round(mix[i]! * 32_767);
    this.#push(mix.length * sampleBytes);
  }

  /** @param pcm 480 samples, 16 bit */
  voice(step: number, token: number, displayName: string, pcm: Int16Array): void {
    if (this.#named.get(token) !== displayName) this.#name(step, token, displayName);
    writeTapHead(this.#fields, TapKind.Voice, step, token);
    for (let i = 0; i < stepSamples; i++) this.#samples[i] = pcm[i]!;
    this.#push(stepSamples * sampleBytes);
  }

  /** Wakes who reads, once all of a step is there. */
  wake(): void {
    this.#ring.header.wake();
  }

  #name(step: number, token: number, displayName: string): void {
    writeTapHead(this.#fields, TapKind.Name, step, token);
    const body = this.#record.subarray(tapBodyAt, tapBodyAt + recorderLimits.displayNameBytesMax);
    const { written } = this.#encoder.encodeInto(displayName, body);
    if (this.#push(written)) this.#named.set(token, displayName);
  }

  #push(bodyBytes: number): boolean {
    return this.#ring.push(this.#record, tapBodyAt + bodyBytes, 0);
  }
}
