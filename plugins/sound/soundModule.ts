import { PluginError } from '../errors.js';
import { examineModule } from '../examineModule.js';
import { pluginLimits } from '../limits.js';
import type { PluginManifest } from '../manifest.js';
import type { SoundUse } from './soundUse.js';

/** Samples of the buffer that a plugin hands over: 20 ms, 48 kHz, mono. */
export const soundBufferSamples = 960;

/** What a module that changes sound exports. docs/plugins.md tells it to authors. */
interface SoundExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Where its buffer lies: `soundBufferSamples` float32, aligned. Asked once. */
  soundBuffer(): number;
  /** Changes the first `samples` of the buffer in place: 960, or 480. */
  processVoice?(samples: number): void;
  /** The same of somebody who is heard. */
  processSpeaker?(slot: number, samples: number): void;
  /** A step of 10 ms begins, in which so many are heard. Need not be there. */
  beginStep?(speakers: number): void;
  /** A key bound to an action of the manifest, counted from 0, went down (1) or up (0). */
  onKey?(key: number, isDown: number): void;
}

/** The export that is called with sound. */
const processOf: Readonly<Record<SoundUse, string>> = {
  capture: 'processVoice',
  perSpeaker: 'processSpeaker',
};

/**
 * A module that changes sound, in this thread, with memory of its own and nothing else. A call that
 * never ends ends with its thread alone, so it runs in one that can be given up. `beginStep` and
 * `process` allocate nothing, and throw what WebAssembly throws where the plugin breaks down.
 */
export class SoundModule {
  readonly #exports: SoundExports;
  readonly #use: SoundUse;
  readonly #bufferAt: number;
  #pcm: Float32Array;

  /**
   * Runs what the module does at its start, too: that may never end.
   *
   * @param wasm that `checkSoundModule` found well
   * @throws PluginError `badModule`
   */
  constructor(wasm: Uint8Array, use: SoundUse) {
    this.#exports = soundExports(wasm, use);
    this.#use = use;
    this.#bufferAt = this.#exports.soundBuffer() >>> 0;
    this.#pcm = this.#viewBuffer();
  }

  /** The plugin's buffer, 960 samples. Another one after a call in which its memory grew. */
  get pcm(): Float32Array {
    if (this.#pcm.buffer !== this.#exports.memory.buffer) this.#pcm = this.#viewBuffer();
    return this.#pcm;
  }

  /** @param speakers who are heard in the step */
  beginStep(speakers: number): void {
    this.#exports.beginStep?.(speakers);
  }

  /** @param key which of the manifest's */
  key(key: number, isDown: boolean): void {
    this.#exports.onKey?.(key, Number(isDown));
  }

  /** Changes `pcm` in place. @param slot whose sound it is, where it is not the own one */
  process(slot: number, samples: number): void {
    if (this.#use === 'capture') this.#exports.processVoice!(samples);
    else this.#exports.processSpeaker!(slot, samples);
  }

  #viewBuffer(): Float32Array {
    try {
      const { buffer } = this.#exports.memory;
      return new Float32Array(buffer, this.#bufferAt, soundBufferSamples);
    } catch (cause) {
      throw badModule('its buffer does not lie in its memory', cause);
    }
  }
}

/**
 * Decides whether a module may change sound: it imports nothing at all, what it can take of memory
 * is declared and bounded, and it has what is called. It is not compiled for that.
 *
 * @param keys as of its manifest
 * @throws PluginError `badModule`
 */
export function checkSoundModule(
  wasm: Uint8Array,
  use: SoundUse,
  keys: PluginManifest['keys'],
): void {
  const ofKeys = keys.length === 0 ? [] : ['onKey'];
  const shape = examineModule(wasm, pluginLimits, ['soundBuffer', processOf[use], ...ofKeys]);
  const [wanted] = shape.imports;
  if (wanted !== undefined) throw badModule(`it imports "${wanted.module}" "${wanted.name}"`);
  const hasMemory = shape.exports.some(({ name, kind }) => name === 'memory' && kind === 'memory');
  if (!hasMemory) throw badModule('it exports no memory');
}

function soundExports(wasm: Uint8Array, use: SoundUse): SoundExports {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {});
    const { memory, soundBuffer, beginStep, onKey, processVoice, processSpeaker } =
      exports as Required<SoundExports>;
    if (use === 'capture') return { memory, soundBuffer, onKey, processVoice };
    return { memory, soundBuffer, beginStep, onKey, processSpeaker };
  } catch (cause) {
    throw badModule(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function badModule(why: string, cause?: unknown): PluginError {
  const message = `the plugin cannot change sound: ${why}. Its author can mend it.`;
  return new PluginError('badModule', message, { cause });
}
