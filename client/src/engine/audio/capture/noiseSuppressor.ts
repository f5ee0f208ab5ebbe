import { stepSamples } from '../audioLimits.js';
import { abortOf, loadWasm } from '../wasmLibrary.js';

const what = 'the noise suppressor';
/** The network was trained on samples of 16 bit. */
const fullScale = 32_768;

/** RNNoise as the package's WASM build exports it. Pointers are byte offsets into `memory`. */
interface NoiseExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  __wasm_call_ctors(): void;
  malloc(bytes: number): number;
  rnnoise_create(model: number): number;
  rnnoise_destroy(state: number): void;
  /** @returns probability of a voice, 0 … 1 */
  rnnoise_process_frame(state: number, out: number, samples: number): number;
}

/**
 * Takes noise from between and below words, and tells whether somebody speaks: RNNoise. Its sound
 * comes out 10 ms later than it went in. One thread; to be freed when done. `process` allocates
 * nothing.
 */
export class NoiseSuppressor {
  /** Probability that the step given last has a voice, in thousandths. */
  voicePermille = 0;
  readonly #exports: NoiseExports;
  readonly #state: number;
  readonly #pointer: number;
  readonly #samples: Float32Array;

  /** @throws ClientError 'internal' where it cannot be loaded */
  constructor() {
    this.#exports = loadNoise();
    this.#state = this.#exports.rnnoise_create(0);
    this.#pointer = this.#exports.malloc(stepSamples * Float32Array.BYTES_PER_ELEMENT);
    this.#samples = new Float32Array(this.#exports.memory.buffer, this.#pointer, stepSamples);
  }

  /**
   * @param step the next 10 ms, 480 samples, −1…1; stays as it is
   * @param cleaned of the same length, may be the same; what is left without the noise
   */
  process(step: Float32Array, cleaned: Float32Array): void {
    const samples = this.#samples;
    for (let i = 0; i < stepSamples; i++) samples[i] = step[i]! * fullScale;
    const probability = this.#exports.rnnoise_process_frame(
      this.#state,
      this.#pointer,
      this.#pointer,
    );
    // A whole number needs no object of its own on its way.
    this.voicePermille = Math.round(1_000 * probability);
    for (let i = 0; i < stepSamples; i++) cleaned[i] = samples[i]! / fullScale;
  }

  free(): void {
    this.#exports.rnnoise_destroy(this.#state);
  }
}

function loadNoise(): NoiseExports {
  const abort = abortOf(what);
  // Given to the library before it has a memory, and called once it has.
  const copy = (to: number, from: number, bytes: number): void =>
    void heap.copyWithin(to, from, from + bytes);
  const exports = loadWasm({
    file: '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm',
    what,
    imports: {
      // Its memory never grows, so that views of it stay good; it needs far less than it has.
      env: { emscripten_memcpy_big: copy, emscripten_resize_heap: abort, __assert_fail: abort },
    },
  }) as NoiseExports;
  const heap = new Uint8Array(exports.memory.buffer);
  exports.__wasm_call_ctors();
  return exports;
}
