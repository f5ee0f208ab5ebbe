import { liveJitterLimits, stepSamples } from './audioLimits.js';
import type { JitterCounts } from './jitterBuffer.js';
import type { OpusLibrary } from './opusLibrary.js';
import { PriorityDucking } from './priorityDucking.js';
import { limitInPlace } from './softLimiter.js';
import { SpeakerVoice } from './speakerVoice.js';

/** How one speaker is to be heard. */
export interface SpeakerSound {
  /** 0 … 2: of what was sent. */
  readonly gain: number;
  /** −1 (left) … 1 (right). */
  readonly pan: number;
  /** While it is heard all others are quieter. */
  readonly hasPriority: boolean;
  /** Not heard at all, however loud; his decoder goes on. */
  readonly isMuted: boolean;
}

export const usualSound: SpeakerSound = {
  gain: 1,
  pan: 0,
  hasPriority: false,
  isMuted: false,
};

/** Loudest that a listener may make somebody: 200 %. */
export const gainMax = 2;
const centre = Math.SQRT1_2;

interface Speaker {
  readonly token: number;
  sound: SpeakerSound;
  /** Made with the first packet: most members of a large room never speak. It lives as long. */
  voice: SpeakerVoice | null;
  /** Of both channels at the end of the last step. */
  leftGain: number;
  rightGain: number;
  isLeaving: boolean;
}

/**
 * All who are heard, in one stereo stream of steps of 10 ms. It has no clock: the caller numbers
 * the steps. Who is silent costs nothing in a step. Changes of loudness are spread over a step, so
 * that none clicks. One thread; allocates nothing after a speaker's first packet.
 */
export class VoiceMixer {
  readonly #library: OpusLibrary;
  readonly #speakers = new Map<number, Speaker>();
  /** Those of whom something is to be played, also of who is leaving. */
  readonly #sounding: Speaker[] = [];
  readonly #pcm = new Int16Array(stepSamples);
  readonly #ducking = new PriorityDucking();

  constructor(library: OpusLibrary) {
    this.#library = library;
  }

  /** Takes a speaker in; one with the same token leaves. */
  addSpeaker(token: number): void {
    this.removeSpeaker(token);
    const [leftGain, rightGain] = [0, 0];
    const sound = usualSound;
    const speaker = { token, sound, voice: null, leftGain, rightGain, isLeaving: false };
    this.#speakers.set(token, speaker);
  }

  /** Lets a speaker finish what has come and go. */
  removeSpeaker(token: number): void {
    const speaker = this.#speakers.get(token);
    if (!speaker) return;
    this.#speakers.delete(token);
    speaker.isLeaving = true;
    if (!this.#sounding.includes(speaker)) speaker.voice?.free();
  }

  /** From the next step on; nothing happens where there is no such speaker. */
  setSound(token: number, sound: SpeakerSound): void {
    const speaker = this.#speakers.get(token);
    if (speaker) speaker.sound = sound;
  }

  /**
   * As `JitterBuffer.push`.
   *
   * @returns false where there is no such speaker
   */
  push(
    step: number,
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
  ): boolean {
    const speaker = this.#speakers.get(token);
    if (!speaker) return false;
    speaker.voice ??= new SpeakerVoice(this.#library, liveJitterLimits);
    const { voice } = speaker;
    const isQuiet = voice.isIdle && !voice.hasSound;
    voice.push(step, counter, timestamp, endOfSpurt, payload, payloadAt, payloadBytes);
    if (isQuiet && !this.#sounding.includes(speaker)) this.#sounding.push(speaker);
    return true;
  }

  /**
   * Plays 10 ms.
   *
   * @param step rises by one from call to call
   * @param out 480 pairs of left and right, −1…1, overwritten
   * @returns how many were heard
   */
  mix(step: number, out: Float32Array): number {
    out.fill(0);
    const othersGain = this.#duck();
    let heard = 0;
    for (let at = this.#sounding.length - 1; at >= 0; at--) {
      const speaker = this.#sounding[at]!;
      const voice = speaker.voice!;
      if (voice.play(step, this.#pcm, 0)) {
        heard++;
        this.#add(speaker, speaker.sound.hasPriority ? 1 : othersGain, out);
      } else {
        // It begins again from nothing, and so without a click.
        speaker.leftGain = speaker.rightGain = 0;
      }
      if (voice.isIdle && !voice.hasSound) this.#quieten(at);
    }
    if (heard > 0) limitInPlace(out);
    return heard;
  }

  /** @returns what became of a speaker's packets; null before the first one */
  counts(token: number): Readonly<JitterCounts> | null {
    return this.#speakers.get(token)?.voice?.counts ?? null;
  }

  free(): void {
    for (const { voice } of new Set([...this.#speakers.values(), ...this.#sounding])) voice?.free();
    this.#speakers.clear();
    this.#sounding.length = 0;
  }

  /** @returns the loudness of all without priority in this step */
  #duck(): number {
    let isDucked = false;
    for (const { sound } of this.#sounding) {
      if (sound.hasPriority && !sound.isMuted && sound.gain > 0) isDucked = true;
    }
    return this.#ducking.advance(1, isDucked);
  }

  /** Who is silent is not looked at any more. */
  #quieten(at: number): void {
    const speaker = this.#sounding[at]!;
    this.#sounding[at] = this.#sounding[this.#sounding.length - 1]!;
    this.#sounding.length--;
    if (speaker.isLeaving) speaker.voice!.free();
  }

  /** Constant power: 3 dB less in the middle than at one side. */
  #add(speaker: Speaker, duck: number, out: Float32Array): void {
    const { pan, isMuted } = speaker.sound;
    const gain = isMuted ? 0 : speaker.sound.gain;
    const angle = ((pan + 1) * Math.PI) / 4;
    const scale = (gain * duck) / (32_768 * centre);
    const left = Math.cos(angle) * scale;
    const right = Math.sin(angle) * scale;
    const leftStep = (left - speaker.leftGain) / stepSamples;
    const rightStep = (right - speaker.rightGain) / stepSamples;
    let leftGain = speaker.leftGain;
    let rightGain = speaker.rightGain;
    for (let i = 0; i < stepSamples; i++) {
      leftGain += leftStep;
      rightGain += rightStep;
      const sample = this.#pcm[i]!;
      out[2 * i]! += sample * leftGain;
      out[2 * i + 1]! += sample * rightGain;
    }
    speaker.leftGain = left;
    speaker.rightGain = right;
  }
}
