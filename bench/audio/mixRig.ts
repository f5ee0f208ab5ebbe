import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import {
  SteppedOutput,
  SteppedPlayback,
} from '@rookery/client/engine/audio/playback/testing/steppedPlayback';
import { encodeSpeech } from '@rookery/client/engine/audio/testing/encodeSpeech';
import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { MixNetwork } from './audioMessages.js';

/** Of rough weather: packets come up to so much later, and so many do not. */
const [roughMsMax, roughLoss] = [50, 0.03];
const frameMs = 20;
/** Distance of two speakers in what they say, in frames, and in when they send. */
const [framesApart, sendApartMs] = [37, 7];
const format = { sampleRate: 48_000, channels: 2, bufferFrames: stepSamples };

/** People who speak at once, from packets to the ring of a device: the playback thread's work. */
export class MixRig {
  readonly #playback = new SteppedPlayback();
  readonly #output = new SteppedOutput(format);
  readonly #voices: readonly (readonly Uint8Array[])[];
  /** How late the packets are, −1 for lost, again and again: made before, for the heap's sake. */
  readonly #latenessMs: Int32Array;
  #packets = 0;
  /** Frame that each speaker sends next, and when it comes. */
  readonly #frames: Int32Array;
  readonly #comesMs: Int32Array;
  #nowMs = 0;

  /** @param voices Opus frames of 20 ms of each; who speaks takes one, not all at one place */
  constructor(voices: readonly (readonly Uint8Array[])[], speakers: number, network: MixNetwork) {
    this.#voices = voices;
    this.#latenessMs = latenesses(network);
    this.#frames = new Int32Array(speakers);
    this.#comesMs = Int32Array.from({ length: speakers }, (_, index) => firstMs(index));
    for (let index = 0; index < speakers; index++) this.#playback.addSpeaker(tokenOf(index));
    this.#playback.command({ kind: 'attach', output: this.#output.stream });
    this.#playback.loop.turn(this.#nowMs);
  }

  /** How many are heard. */
  get talking(): number {
    return this.#playback.table.columns.speakersTalking.load(0);
  }

  /** Takes in what comes within 10 ms, and plays 10 ms. Allocates nothing itself. */
  step(): void {
    for (let index = 0; index < this.#frames.length; index++) {
      while (this.#comesMs[index]! <= this.#nowMs) this.#push(index);
    }
    this.#output.take();
    this.#playback.loop.turn(this.#nowMs);
    this.#nowMs += this.#output.bufferMs;
  }

  free(): void {
    this.#playback.free();
  }

  #push(index: number): void {
    const comesMs = this.#comesMs[index]!;
    const frame = this.#frames[index]!++;
    const lateMs = this.#latenessMs[this.#packets++ % this.#latenessMs.length]!;
    this.#comesMs[index] = firstMs(index) + (frame + 1) * frameMs + Math.max(0, lateMs);
    if (lateMs < 0) return;
    const voice = this.#voices[index % this.#voices.length]!;
    const payload = voice[(frame + index * framesApart) % voice.length]!;
    this.#playback.push(tokenOf(index), frame, false, payload, comesMs);
  }
}

/** @returns Opus frames of 20 ms of `count` voices */
export function encodeVoices(count: number, seconds: number): Uint8Array[][] {
  return Array.from({ length: count }, (_, seed) =>
    encodeSpeech(speechLike(new SeededRandom(seed), seconds)),
  );
}

function latenesses(network: MixNetwork): Int32Array {
  if (network === 'calm') return Int32Array.of(0);
  const random = new SeededRandom(9);
  return Int32Array.from({ length: 5_003 }, () =>
    random.chance(roughLoss) ? -1 : random.below(roughMsMax),
  );
}

/** Not all send at the same moment. */
function firstMs(index: number): number {
  return (index * sendApartMs) % frameMs;
}

function tokenOf(index: number): number {
  return index + 1;
}
