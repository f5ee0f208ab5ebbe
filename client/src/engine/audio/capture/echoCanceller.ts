import { stepSamples } from '../audioLimits.js';
import { abortOf, loadWasm } from '../wasmLibrary.js';
import { sampleRate } from '@rookery/schemas/voicePacket';

const what = 'the echo canceller';
const audioChannels = 1;
/** All the memory that it ever has: 16 MiB, as its package builds it. */
const memoryPages = 256;

/**
 * WebRTC's AEC3 as the package's WASM exports it, under the letters of the pinned version; its own
 * loader names them so. Pointers are byte offsets into the memory.
 */
interface EchoExports {
  /** Runs the constructors of static objects. */
  h(): void;
  /** WebRtcAec3_create */
  i(sampleRate: number, renderChannels: number, captureChannels: number): number;
  /** WebRtcAec3_free */
  j(canceller: number): void;
  /** WebRtcAec3_renderBuffer, _captureBuffer, _renderOutBuffer, _captureOutBuffer */
  n(canceller: number): number;
  o(canceller: number): number;
  q(canceller: number): number;
  /** WebRtcAudioBuffer_channels: a pointer to the pointers of the channels' samples */
  s(buffer: number): number;
  /** WebRtcAudioBuffer_splitIntoFrequencyBands, _mergeFrequencyBands */
  t(buffer: number): void;
  u(buffer: number): void;
  /** WebRtcAudioBuffer_copyIn, _copyOut */
  v(to: number, from: number, sampleRate: number, audioChannels: number): void;
  w(to: number, from: number, sampleRate: number, audioChannels: number): void;
  /** WebRtcAec3_mkRenderBuffer, _mkCaptureBuffer: the buffer into which samples are put */
  x(canceller: number, ...rates: readonly number[]): number;
  y(canceller: number, ...rates: readonly number[]): number;
  /** WebRtcAec3_analyzeRender, _analyzeCapture, _processCapture */
  z(canceller: number): void;
  A(canceller: number): void;
  B(canceller: number, hasLevelChanged: number): void;
}

/**
 * Takes out of the microphone what the loudspeaker plays: WebRTC's AEC3. It finds the delay
 * between the two by itself, up to about half a second, and follows when it changes. One thread;
 * to be freed when done. `hear` and `process` allocate nothing.
 */
export class EchoCanceller {
  readonly #exports: EchoExports;
  readonly #canceller: number;
  readonly #render: Side;
  readonly #capture: Side;
  readonly #out: number;
  readonly #cleaned: Float32Array;

  /** @throws ClientError 'internal' where it cannot be loaded */
  constructor() {
    const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
    const exports = loadEcho(memory);
    const canceller = exports.i(sampleRate, audioChannels, audioChannels);
    // Sample rates and channels of what is put in, of what it works on and of what comes out.
    const rates = [sampleRate, 1, sampleRate, 1, sampleRate, 1];
    const samplesOf = (buffer: number): Float32Array =>
      new Float32Array(
        memory.buffer,
        new Uint32Array(memory.buffer)[exports.s(buffer) >>> 2],
        stepSamples,
      );
    const renderIn = exports.x(canceller, ...rates);
    const captureIn = exports.y(canceller, ...rates);
    this.#exports = exports;
    this.#canceller = canceller;
    this.#render = { input: renderIn, work: exports.n(canceller), samples: samplesOf(renderIn) };
    this.#capture = { input: captureIn, work: exports.o(canceller), samples: samplesOf(captureIn) };
    this.#out = exports.q(canceller);
    this.#cleaned = samplesOf(this.#out);
  }

  /** @param played the next 10 ms of what is played, 480 samples, −1…1 */
  hear(played: Float32Array): void {
    const { input, work, samples } = this.#render;
    samples.set(played);
    this.#exports.v(work, input, sampleRate, audioChannels);
    this.#exports.t(work);
    this.#exports.z(this.#canceller);
  }

  /** @param step the next 10 ms of the microphone, 480 samples; what was cleaned takes its place */
  process(step: Float32Array): void {
    const { input, work, samples } = this.#capture;
    samples.set(step);
    this.#exports.v(work, input, sampleRate, audioChannels);
    this.#exports.t(work);
    this.#exports.A(this.#canceller);
    this.#exports.B(this.#canceller, 0);
    this.#exports.u(work);
    this.#exports.w(this.#out, work, sampleRate, audioChannels);
    step.set(this.#cleaned);
  }

  free(): void {
    this.#exports.j(this.#canceller);
  }
}

/** What is played, or what is captured. */
interface Side {
  readonly input: number;
  readonly work: number;
  /** The samples of `input`. */
  readonly samples: Float32Array;
}

function loadEcho(memory: object): EchoExports {
  const abort = abortOf(what);
  const nothing = (): number => 0;
  // In the order of the letters: throw, abort, fd_write, fd_seek, resize, fd_close.
  const imports = { a: memory, b: abort, c: abort, d: nothing, e: nothing, f: abort, g: nothing };
  const file = '@ennuicastr/webrtcaec3.js/dist/webrtcaec3-0.3.0.wasm';
  const exports = loadWasm({ file, what, imports: { a: imports } }) as EchoExports;
  exports.h();
  return exports;
}
