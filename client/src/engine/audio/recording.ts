import { join } from 'node:path';
import { frameSamples, sampleRate } from '@rookery/schemas/voicePacket';
import { recorderLimits, stepSamples } from './audioLimits.js';
import type { OpusLibrary } from './opusLibrary.js';
import { makeOutputFolder } from './outputFolder.js';
import { PriorityDucking } from './priorityDucking.js';
import { limitMix } from './softLimiter.js';
import { speakerFileName } from './speakerFileName.js';
import { SpeakerVoice } from './speakerVoice.js';
import { WavWriter } from './wavWriter.js';

/** What was heard of one speaker, from coming to leaving. */
export interface SpeakerSummary {
  readonly displayName: string;
  /** Name of the speaker's own file in the folder for them, or null. */
  readonly fileName: string | null;
  /** Frames that came in time. */
  readonly framesHeard: number;
  /** Lost frames that the next packet brought back (FEC). */
  readonly framesRecovered: number;
  /** Lost frames that were guessed. */
  readonly framesConcealed: number;
  /** Frames that were no Opus; guessed too. */
  readonly framesUndecodable: number;
  readonly packetsLate: number;
  readonly packetsDuplicate: number;
  /** Dropped because more than a second of them waited. */
  readonly packetsOverflowed: number;
  /** Empty or too long. */
  readonly packetsInvalid: number;
}

export interface RecordingSummary {
  /** Length of the recording. */
  readonly seconds: number;
  /** Everybody from whom a packet came, in the order in which they were first heard. */
  readonly speakers: readonly SpeakerSummary[];
  /** Packets of nobody who was added. */
  readonly packetsUnknown: number;
  /** Packets dropped because the decoder thread stood still. */
  readonly packetsDropped: number;
}

/** A tick is what is mixed at a time, a step what a jitter buffer decides at a time. */
const stepsPerTick = frameSamples / stepSamples;

interface Speaker {
  readonly displayName: string;
  /** Made with the first packet: most members of a large room never speak. */
  voice: SpeakerVoice | null;
  file: WavWriter | null;
  fileName: string | null;
  hasPriority: boolean;
  isLeaving: boolean;
}

/**
 * Decodes and mixes the speakers of a room into one WAV file, and each into a file of its own where
 * asked. It has no clock: every call of `tick` is 20 ms on the time line that all files share. A
 * packet stands there where it came; it is written `depthSteps` later, when those that were
 * slower have come too. While somebody with priority is heard the others are quieter in the mix;
 * their own files are as they were sent. Silence is skipped, so who does not speak costs nothing.
 * Writes files: for a worker thread. Every method may throw ClientError 'outputUnwritable'.
 */
export class Recording {
  readonly #library: OpusLibrary;
  readonly #mixFile: WavWriter;
  readonly #folder: string | null;
  readonly #byToken = new Map<number, Speaker>();
  /** All with a voice, also those who are leaving. */
  readonly #voiced = new Set<Speaker>();
  readonly #summaries: SpeakerSummary[] = [];
  readonly #fileNames = new Set<string>();
  /** Of those with priority, to which the others are added in the end. */
  readonly #mix = new Float32Array(frameSamples);
  readonly #others = new Float32Array(frameSamples);
  readonly #ducking = new PriorityDucking();
  readonly #pcm = new Int16Array(frameSamples);
  #ticks = 0;
  #packetsUnknown = 0;

  /** @param perSpeakerFolder is made where it is missing; null for the mix alone */
  constructor(library: OpusLibrary, outPath: string, perSpeakerFolder: string | null) {
    this.#library = library;
    this.#folder = perSpeakerFolder;
    if (perSpeakerFolder !== null) makeOutputFolder(perSpeakerFolder);
    this.#mixFile = new WavWriter(outPath);
  }

  /** Ticks so far; also the number of the next one. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Takes a speaker in; one with the same token leaves. */
  addSpeaker(token: number, displayName: string): void {
    this.removeSpeaker(token);
    const [voice, file, fileName] = [null, null, null];
    const speaker = { displayName, voice, file, fileName, hasPriority: false, isLeaving: false };
    this.#byToken.set(token, speaker);
  }

  /** From the next tick on; nothing happens where there is no such speaker. */
  setPriority(token: number, hasPriority: boolean): void {
    const speaker = this.#byToken.get(token);
    if (speaker) speaker.hasPriority = hasPriority;
  }

  /** Lets a speaker finish what has come and go. */
  removeSpeaker(token: number): void {
    const speaker = this.#byToken.get(token);
    if (!speaker) return;
    speaker.isLeaving = true;
    this.#byToken.delete(token);
  }

  /** As `JitterBuffer.push`, for the next tick. */
  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    payloadAt: number,
    payloadBytes: number,
  ): void {
    const speaker = this.#byToken.get(token);
    if (!speaker) {
      this.#packetsUnknown++;
      return;
    }
    if (!speaker.voice) {
      speaker.voice = new SpeakerVoice(this.#library, recorderLimits.jitter);
      this.#voiced.add(speaker);
    }
    const { voice } = speaker;
    const step = this.#ticks * stepsPerTick;
    voice.push(step, counter, timestamp, endOfSpurt, payload, payloadAt, payloadBytes);
  }

  /** Lets 20 ms pass. */
  tick(): void {
    const at = this.#ticks * frameSamples - recorderLimits.jitter.depthSteps * stepSamples;
    let isSilent = true;
    let isPriorityHeard = false;
    this.#mix.fill(0);
    this.#others.fill(0);
    for (const speaker of this.#voiced) {
      if (speaker.voice!.isIdle) {
        if (speaker.isLeaving) this.#retire(speaker, at);
      } else if (this.#play(speaker.voice!)) {
        const mix = speaker.hasPriority ? this.#mix : this.#others;
        for (let i = 0; i < frameSamples; i++) mix[i]! += this.#pcm[i]! / 32_768;
        isPriorityHeard ||= speaker.hasPriority;
        this.#writeOwnFile(speaker, at);
        isSilent = false;
      }
    }
    this.#addOthers(isPriorityHeard);
    if (!isSilent) {
      limitMix(this.#mix, this.#pcm);
      this.#mixFile.skipTo(at);
      this.#mixFile.write(this.#pcm);
    }
    this.#ticks++;
  }

  /** Ends all files when what has come is written. @param packetsDropped is passed on */
  close(packetsDropped: number): RecordingSummary {
    // The tick that has begun counts.
    const ended = (this.#ticks + 1) * frameSamples;
    while (this.#hasSound()) this.tick();
    const end = Math.max(ended, this.#mixFile.samples);
    for (const speaker of this.#voiced) this.#retire(speaker, end);
    this.#mixFile.skipTo(end);
    this.#mixFile.close();
    return {
      seconds: end / sampleRate,
      speakers: this.#summaries,
      packetsUnknown: this.#packetsUnknown,
      packetsDropped,
    };
  }

  /** @returns false for silence: what is in `#pcm` has no meaning then */
  #play(voice: SpeakerVoice): boolean {
    this.#pcm.fill(0);
    let isSilent = true;
    for (let part = 0; part < stepsPerTick; part++) {
      const step = this.#ticks * stepsPerTick + part;
      if (voice.play(step, this.#pcm, part * stepSamples)) isSilent = false;
    }
    return !isSilent;
  }

  /** Their loudness goes from what it was to what it is to be, so that nothing clicks. */
  #addOthers(isPriorityHeard: boolean): void {
    const from = this.#ducking.gain;
    const to = this.#ducking.advance(stepsPerTick, isPriorityHeard);
    const gainPerSample = (to - from) / frameSamples;
    for (let i = 0; i < frameSamples; i++) {
      this.#mix[i]! += this.#others[i]! * (from + (i + 1) * gainPerSample);
    }
  }

  #hasSound(): boolean {
    for (const { voice } of this.#voiced) if (voice!.hasSound) return true;
    return false;
  }

  #writeOwnFile(speaker: Speaker, at: number): void {
    if (this.#folder === null) return;
    if (!speaker.file) {
      speaker.fileName = speakerFileName(speaker.displayName, this.#fileNames);
      speaker.file = new WavWriter(join(this.#folder, speaker.fileName));
    }
    speaker.file.skipTo(at);
    speaker.file.write(this.#pcm);
  }

  #retire(speaker: Speaker, end: number): void {
    const voice = speaker.voice!;
    this.#voiced.delete(speaker);
    voice.free();
    this.#summaries.push(summarise(speaker, voice));
    speaker.file?.skipTo(end);
    speaker.file?.close();
  }
}

function summarise({ displayName, fileName }: Speaker, voice: SpeakerVoice): SpeakerSummary {
  const { framesPlayed, ...counts } = voice.counts;
  const { framesUndecodable } = voice;
  return { displayName, fileName, framesHeard: framesPlayed, framesUndecodable, ...counts };
}
