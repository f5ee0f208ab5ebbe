import { ClientError } from '../clientError.js';
import { abortOf, loadWasm } from './wasmLibrary.js';

const codecName = 'the sound codec';

/** libopus as the package's WASM build exports it. Pointers are byte offsets into `memory`. */
export interface OpusExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  opus_encoder_get_size(audioChannels: number): number;
  opus_encoder_init(encoder: number, rate: number, audioChannels: number, use: number): number;
  opus_encode(
    encoder: number,
    pcm: number,
    samples: number,
    out: number,
    outBytesMax: number,
  ): number;
  opus_encoder_ctl_set(encoder: number, request: number, value: number): number;
  opus_decoder_get_size(audioChannels: number): number;
  opus_decoder_init(decoder: number, rate: number, audioChannels: number): number;
  opus_decode(
    decoder: number,
    payload: number,
    payloadBytes: number,
    pcm: number,
    samplesMax: number,
    useFec: number,
  ): number;
}

/**
 * Memory of one libopus. Each thread loads its own (the package's native build shares one static
 * buffer between threads, this one shares nothing), and all its encoders and decoders live in it.
 */
export class OpusLibrary {
  readonly exports: OpusExports;
  #bytes: Uint8Array;
  #samples: Int16Array;

  /** @throws ClientError 'internal' where the library cannot be loaded */
  constructor() {
    this.exports = instantiate();
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.#samples = new Int16Array(this.exports.memory.buffer);
  }

  /** All of the library's memory as bytes. To be asked for anew after every call into it. */
  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  /** All of the library's memory as 16-bit samples: element = pointer / 2. */
  get samples(): Int16Array {
    this.#refresh();
    return this.#samples;
  }

  /** @throws ClientError 'internal' where the library's memory is used up */
  allocate(bytes: number): number {
    const pointer = this.exports.malloc(bytes);
    if (pointer === 0) throw new ClientError('internal', 'the sound codec is out of memory');
    return pointer;
  }

  /** WebAssembly replaces the buffer when its memory grows; views of the old one are then empty. */
  #refresh(): void {
    if (this.#bytes.buffer === this.exports.memory.buffer) return;
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
    this.#samples = new Int16Array(this.exports.memory.buffer);
  }
}

function instantiate(): OpusExports {
  const nothing = (): number => 0;
  const abort = abortOf(codecName);
  const exports = loadWasm({
    file: '@evan/opus/wasm/simd.wasm',
    what: codecName,
    imports: {
      // libopus opens no file and asks no time; these stand in for its C library's.
      wasi_snapshot_preview1: {
        proc_exit: abort,
        fd_close: nothing,
        fd_write: nothing,
        fd_seek: nothing,
      },
      env: { emscripten_notify_memory_growth: nothing },
    },
  }) as OpusExports;
  exports._initialize();
  return exports;
}
