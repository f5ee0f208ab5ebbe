import { sampleRate } from '@rookery/schemas/voicePacket';
import { ClientError } from '../clientError.js';
import { wavLimits } from './audioLimits.js';
import { mixToMono, MonoResampler } from './monoResampler.js';
import type { WavSound } from './wav.js';

/** Converted in one go: 40 ms of sound, which takes 2 to 8 ms at most. */
const pieceSeconds = 0.04;
/** How far conversion runs ahead of what is read, in samples: a second. */
const aheadSamples = sampleRate;

/**
 * A WAV sound as mono at 48 kHz, converted little by little while it is read, so that a long file
 * starts at once and its thread stays free for the network. One thread; to be closed when done.
 */
export class SpeechSource {
  readonly #sound: WavSound;
  readonly #resampler: MonoResampler;
  readonly #mono: Float32Array;
  #taken = 0;
  #converted = 0;

  private constructor(sound: WavSound, resampler: MonoResampler, samples: number) {
    this.#sound = sound;
    this.#resampler = resampler;
    this.#mono = new Float32Array(samples);
  }

  /**
   * @param name what the error calls the sound
   * @throws ClientError 'unreadableWav' where it lasts longer than an hour
   */
  static async open(sound: WavSound, name: string): Promise<SpeechSource> {
    const sampleFrames = sound.samples.length / sound.audioChannels;
    if (sampleFrames / sound.sampleRate > wavLimits.speechSecondsMax) {
      const fault = `it lasts longer than ${wavLimits.speechSecondsMax / 60} minutes`;
      throw new ClientError('unreadableWav', `cannot read "${name}": ${fault}`);
    }
    const samples = Math.round((sampleFrames * sampleRate) / sound.sampleRate);
    return new SpeechSource(sound, await MonoResampler.open(sound.sampleRate), samples);
  }

  /** Length at 48 kHz, in samples. */
  get samples(): number {
    return this.#mono.length;
  }

  /** Fills `out` from sample `position` on; with silence where the sound has ended. */
  read(position: number, out: Float32Array): void {
    while (this.#converted < Math.min(position + out.length, this.samples)) this.#convertPiece();
    const part = this.#mono.subarray(position, position + out.length);
    out.set(part);
    out.fill(0, part.length);
  }

  /** As `read`, going round: what follows the end is the start again. */
  readLoop(position: number, out: Float32Array): void {
    for (let done = 0; done < out.length;) {
      const at = (position + done) % this.samples;
      const part = out.subarray(done, done + this.samples - at);
      this.read(at, part);
      done += part.length;
    }
  }

  /** Converts one piece if less than a second is ready after `position`. */
  prepare(position: number): void {
    if (this.#converted < Math.min(position + aheadSamples, this.samples)) this.#convertPiece();
  }

  close(): void {
    this.#resampler.close();
  }

  #convertPiece(): void {
    const { samples, audioChannels, sampleRate: rate } = this.#sound;
    const sampleFrames = Math.round(rate * pieceSeconds);
    const piece = mixToMono(samples, audioChannels, this.#taken, sampleFrames);
    this.#taken += piece.length;
    this.#append(this.#resampler.push(piece));
    if (this.#taken === samples.length / audioChannels) this.#append(this.#resampler.flush());
  }

  #append(converted: Float32Array): void {
    this.#mono.set(converted, this.#converted);
    this.#converted += converted.length;
  }
}
