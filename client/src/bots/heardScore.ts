import { frameSamples } from '@rookery/schemas/voicePacket';
import type { StressHeard } from '@rookery/schemas/stressTest';
import { framesOf, payloadOf, type SpokenSound } from './spokenSound.js';

/** As much of an Opus decoder as is used. */
export interface FrameDecoder {
  decode(payload: Uint8Array, payloadBytes: number, out: Int16Array): number;
  conceal(samples: number, out: Int16Array): void;
}

/** Frames after which a decoder that began in the middle sounds as one that did not. */
const settlingFrames = 10;
/** How alike a frame is, −1…1, that sounds as it was spoken. */
const alikeMin = 0.9;
/** Below this root mean square, of 32,768, there is nothing to be heard: −50 dBFS. */
const quiet = 100;
/** By how much a frame may be louder or softer, as a factor: 3 dB. */
const loudnessMax = 1.41;
/** More that are lost in a row are not concealed one by one. */
const concealedMax = 10;

/**
 * Decodes what one speaker says and compares it with what was spoken: how much of it came, in which
 * order, and whether it sounds alike. Has no clock; one thread.
 */
export class HeardScore {
  readonly #sound: SpokenSound;
  readonly #decoder: FrameDecoder;
  readonly #pcm = new Int16Array(3 * frameSamples);
  /** Of the first frame that came: its timestamp, and which frame of the sound it is. */
  #start: { readonly timestamp: number; readonly frame: number } | null = null;
  /** Frames since the start, of the newest one. */
  #newest = -1;
  #settling = settlingFrames;
  #came = 0;
  #alike = 0;
  #different = 0;
  #outOfOrder = 0;

  constructor(sound: SpokenSound, decoder: FrameDecoder) {
    this.#sound = sound;
    this.#decoder = decoder;
  }

  /**
   * @param timestamp of the packet's header
   * @param payload opened
   */
  take(timestamp: number, payload: Uint8Array): void {
    if (this.#start === null) {
      const frame = frameWith(this.#sound, payload);
      // Silence says not which one it is; a sound that is another may come right a frame later.
      if (frame === -1 || this.#sound.levels[frame] === 0) return;
      this.#start = { timestamp, frame };
    }
    // Counts on through the end of its 32 bits.
    const place = ((timestamp - this.#start.timestamp) | 0) / frameSamples;
    if (place <= this.#newest) {
      this.#outOfOrder++;
      return;
    }
    this.#concealTo(place);
    this.#newest = place;
    this.#came++;
    this.#decoder.decode(payload, payload.length, this.#pcm);
    if (this.#settling > 0) {
      this.#settling--;
      this.#alike++;
    } else if (this.#soundsAs((this.#start.frame + place) % framesOf(this.#sound))) this.#alike++;
    else this.#different++;
  }

  /** Of all between the first frame and the last one that came. */
  get result(): Omit<StressHeard, 'listeners' | 'share'> & { readonly alike: number } {
    const missing = this.#newest + 1 - this.#came;
    const outOfOrder = this.#outOfOrder;
    return { alike: this.#alike, missing, outOfOrder, different: this.#different };
  }

  #concealTo(place: number): void {
    const lost = Math.min(place - this.#newest - 1, concealedMax);
    for (let i = 0; i < lost; i++) this.#decoder.conceal(frameSamples, this.#pcm);
    if (lost > 0) this.#settling = settlingFrames;
  }

  #soundsAs(frame: number): boolean {
    const spoken = this.#sound.pcm.subarray(frame * frameSamples, (frame + 1) * frameSamples);
    let [product, heardPower, spokenPower] = [0, 0, 0];
    for (let i = 0; i < frameSamples; i++) {
      const heard = this.#pcm[i]!;
      product += heard * spoken[i]!;
      heardPower += heard * heard;
      spokenPower += spoken[i]! * spoken[i]!;
    }
    const quietPower = quiet * quiet * frameSamples;
    if (spokenPower < quietPower) return heardPower < quietPower * loudnessMax ** 2;
    const loudness = Math.sqrt(heardPower / spokenPower);
    const isAsLoud = loudness < loudnessMax && loudness > 1 / loudnessMax;
    return isAsLoud && product >= alikeMin * Math.sqrt(heardPower * spokenPower);
  }
}

/** All listeners together. */
export function addHeard(
  scores: readonly HeardScore['result'][],
): (StressHeard & { readonly alike: number }) | null {
  if (scores.length === 0) return null;
  const sum = (of: (score: HeardScore['result']) => number): number =>
    scores.reduce((total, score) => total + of(score), 0);
  const [alike, missing] = [sum((score) => score.alike), sum((score) => score.missing)];
  const different = sum((score) => score.different);
  const all = alike + missing + different;
  return {
    listeners: scores.length,
    share: all === 0 ? 0 : alike / all,
    ...{ alike, missing, different, outOfOrder: sum((score) => score.outOfOrder) },
  };
}

/** @returns the frame of exactly these bytes, or −1 */
function frameWith(sound: SpokenSound, payload: Uint8Array): number {
  for (let frame = 0; frame < framesOf(sound); frame++) {
    if (Buffer.compare(payloadOf(sound, frame), payload) === 0) return frame;
  }
  return -1;
}
