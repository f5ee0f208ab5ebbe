import { liveJitterLimits, stepSamples } from './audioLimits.js';
import type { JitterCounts } from './jitterBuffer.js';
import type { OpusLibrary } from './opusLibrary.js';
import { soundPluginLimits } from './plugins/soundPluginLimits.js';
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

/** Somebody from whom a packet came. */
export interface Talker {
  readonly token: number;
  readonly displayName: string;
  /** Where the caller counts what became of his packets; not any more once he leaves. */
  readonly row: number;
  readonly isLeaving: boolean;
  readonly voice: SpeakerVoice;
  /** Whether the last packet was whispered. */
  readonly isWhispering: boolean;
  /** Whether the last step had sound of his. */
  readonly isHeard: boolean;
  /** Mean square of that, 1 being full scale: as it was sent. */
  readonly power: number;
}

/** Where what the mixer does along the way goes. */
export interface MixerSink {
  /** A speaker's 10 ms, as decoded; valid during the call. Muted ones too. */
  voice(step: number, talker: Talker, pcm: Int16Array): void;
  /** He has fallen silent, and costs nothing from now on. */
  quiet(talker: Talker): void;
}

/** As plugins know somebody: his sound of this step, which they may change. */
export interface HeardTalker extends Pick<Talker, 'isHeard'> {
  /** Nobody else's while he is heard without a pause; `noSlot` where too many are. */
  readonly slot: number;
  /** 480 samples, −1…1. */
  readonly pcm: Float32Array;
}

/** Of whom plugins hear nothing. */
export const noSlot = -1;

/** What is done to each one's sound before it is mixed. */
export interface HeardEffects {
  /** @param talkers all who are not silent; of those who are heard in this step the sound counts */
  change(talkers: readonly HeardTalker[]): void;
}

/** Somebody who was added, whether he has spoken or not. */
interface Member {
  readonly displayName: string;
  sound: SpeakerSound;
}

/** A class: of a plain object V8 would box each fraction that is stored. */
class Speaker implements Talker, HeardTalker {
  readonly token: number;
  readonly displayName: string;
  /** Made with the first packet: most members of a large room never speak. It lives as long. */
  readonly voice: SpeakerVoice;
  readonly pcm = new Float32Array(stepSamples);
  sound: SpeakerSound;
  row = 0;
  slot = noSlot;
  isWhispering = false;
  isHeard = false;
  power = 0;
  /** Of both channels at the end of the last step. */
  leftGain = 0;
  rightGain = 0;
  isSounding = false;
  isLeaving = false;

  constructor(token: number, { displayName, sound }: Member, voice: SpeakerVoice) {
    this.token = token;
    this.displayName = displayName;
    this.sound = sound;
    this.voice = voice;
  }
}

/**
 * All who are heard, in one stereo stream of steps of 10 ms. It has no clock: the caller numbers
 * the steps. Who is silent costs nothing in a step. Changes of loudness are spread over a step, so
 * that none clicks. One thread; allocates nothing after a speaker's first packet.
 */
export class VoiceMixer {
  readonly #library: OpusLibrary;
  readonly #sink: MixerSink;
  readonly #effects: HeardEffects | null;
  readonly #members = new Map<number, Member>();
  /** Those of them from whom a packet came. */
  readonly #speakers = new Map<number, Speaker>();
  /** Those of whom something is to be played, also of who is leaving. */
  readonly #sounding: Speaker[] = [];
  readonly #pcm = new Int16Array(stepSamples);
  readonly #ducking = new PriorityDucking();
  #isDeafened = false;
  /** A bit for each slot. */
  #takenSlots = 0;

  constructor(library: OpusLibrary, sink: MixerSink, effects: HeardEffects | null = null) {
    this.#library = library;
    this.#sink = sink;
    this.#effects = effects;
  }

  /** Takes a speaker in; one with the same token leaves. */
  addSpeaker(token: number, displayName: string): void {
    this.removeSpeaker(token);
    this.#members.set(token, { displayName, sound: usualSound });
  }

  /** Lets a speaker finish what has come and go. @returns who he was, if he has ever spoken */
  removeSpeaker(token: number): Talker | null {
    this.#members.delete(token);
    const speaker = this.#speakers.get(token);
    if (!speaker) return null;
    this.#speakers.delete(token);
    speaker.isLeaving = true;
    if (!speaker.isSounding) speaker.voice.free();
    return speaker;
  }

  /** From the next step on; nothing happens where there is no such speaker. */
  setSound(token: number, sound: SpeakerSound): void {
    const member = this.#members.get(token);
    if (!member) return;
    member.sound = sound;
    const speaker = this.#speakers.get(token);
    if (speaker) speaker.sound = sound;
  }

  /** From the next step on nobody is heard, or all are again; all else goes on. */
  setDeafened(isDeafened: boolean): void {
    this.#isDeafened = isDeafened;
  }

  /**
   * As `JitterBuffer.push`.
   *
   * @param row given back in `Talker`
   * @returns false where there is no such speaker
   */
  push(
    step: number,
    token: number,
    row: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    isWhisper: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
    earlyThousandths = 0,
  ): boolean {
    const speaker = this.#speakers.get(token) ?? this.#meet(token);
    if (speaker === null) return false;
    speaker.row = row;
    speaker.isWhispering = isWhisper;
    speaker.voice.push(
      step,
      counter,
      timestamp,
      endOfSpurt,
      payload,
      payloadAt,
      payloadBytes,
      earlyThousandths,
    );
    if (!speaker.isSounding) {
      this.#sounding.push(speaker);
      speaker.slot = this.#takeSlot();
    }
    speaker.isSounding = true;
    return true;
  }

  /**
   * Plays 10 ms.
   *
   * @param step rises by one from call to call, or by more where time passed unplayed
   * @param out 480 pairs of left and right, overwritten, −1…1
   * @returns how many talk
   */
  mix(step: number, out: Float32Array): number {
    out.fill(0);
    const othersGain = this.#duck();
    let heard = 0;
    for (let at = this.#sounding.length - 1; at >= 0; at--) {
      const speaker = this.#sounding[at]!;
      speaker.isHeard = speaker.voice.play(step, this.#pcm, 0);
      if (!speaker.isHeard) continue;
      heard++;
      this.#measure(speaker);
      this.#sink.voice(step, speaker, this.#pcm);
    }
    if (heard > 0) this.#effects?.change(this.#sounding);
    for (let at = this.#sounding.length - 1; at >= 0; at--) {
      const speaker = this.#sounding[at]!;
      const { voice } = speaker;
      if (speaker.isHeard) this.#add(speaker, speaker.sound.hasPriority ? 1 : othersGain, out);
      // It begins again from nothing, and so without a click.
      else speaker.leftGain = speaker.rightGain = speaker.power = 0;
      if (voice.isIdle && !voice.hasSound) this.#quieten(at);
    }
    if (heard > 0) limitInPlace(out);
    return heard;
  }

  /** Those who are not silent, in no order. Valid until something else is called. */
  get sounding(): readonly Talker[] {
    return this.#sounding;
  }

  /** @returns what became of a speaker's packets; null before the first one */
  counts(token: number): Readonly<JitterCounts> | null {
    return this.#speakers.get(token)?.voice.counts ?? null;
  }

  free(): void {
    for (const { voice } of new Set([...this.#speakers.values(), ...this.#sounding])) voice.free();
    this.#members.clear();
    this.#speakers.clear();
    this.#sounding.length = 0;
  }

  /** The first packet of somebody. @returns null where he was not added */
  #meet(token: number): Speaker | null {
    const member = this.#members.get(token);
    if (!member) return null;
    const voice = new SpeakerVoice(this.#library, liveJitterLimits);
    const speaker = new Speaker(token, member, voice);
    this.#speakers.set(token, speaker);
    return speaker;
  }

  /** @returns the loudness of all without priority in this step */
  #duck(): number {
    let isDucked = false;
    for (let at = 0; at < this.#sounding.length; at++) {
      const { hasPriority, isMuted, gain } = this.#sounding[at]!.sound;
      if (hasPriority && !isMuted && gain > 0) isDucked = true;
    }
    return this.#ducking.advance(1, isDucked);
  }

  /** Who is silent is not looked at any more. */
  #quieten(at: number): void {
    const speaker = this.#sounding[at]!;
    this.#sounding[at] = this.#sounding[this.#sounding.length - 1]!;
    this.#sounding.length--;
    speaker.isSounding = speaker.isHeard = false;
    if (speaker.slot !== noSlot) this.#takenSlots &= ~(1 << speaker.slot);
    speaker.slot = noSlot;
    this.#sink.quiet(speaker);
    if (speaker.isLeaving) speaker.voice.free();
  }

  /** The lowest that is free, so that who falls silent for a moment has the same one again. */
  #takeSlot(): number {
    for (let slot = 0; slot < soundPluginLimits.slotsMax; slot++) {
      if ((this.#takenSlots & (1 << slot)) !== 0) continue;
      this.#takenSlots |= 1 << slot;
      return slot;
    }
    return noSlot;
  }

  /** Takes what was decoded for the speaker's sound of this step. */
  #measure(speaker: Speaker): void {
    let power = 0;
    for (let i = 0; i < stepSamples; i++) {
      const sample = this.#pcm[i]! / 32_768;
      speaker.pcm[i] = sample;
      power += sample ** 2;
    }
    speaker.power = power / stepSamples;
  }

  /** Constant power: 3 dB less in the middle than at one side. */
  #add(speaker: Speaker, duck: number, out: Float32Array): void {
    const { pan, isMuted } = speaker.sound;
    const gain = isMuted || this.#isDeafened ? 0 : speaker.sound.gain;
    const angle = ((pan + 1) * Math.PI) / 4;
    const scale = (gain * duck) / centre;
    const left = Math.cos(angle) * scale;
    const right = Math.sin(angle) * scale;
    const leftStep = (left - speaker.leftGain) / stepSamples;
    const rightStep = (right - speaker.rightGain) / stepSamples;
    let leftGain = speaker.leftGain;
    let rightGain = speaker.rightGain;
    for (let i = 0; i < stepSamples; i++) {
      leftGain += leftStep;
      rightGain += rightStep;
      const sample = speaker.pcm[i]!;
      out[2 * i]! += sample * leftGain;
      out[2 * i + 1]! += sample * rightGain;
    }
    speaker.leftGain = left;
    speaker.rightGain = right;
  }
}
