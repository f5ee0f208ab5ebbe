import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import { OpusLibrary } from '@rookery/client/engine/audio/opusLibrary';
import { settledAllocations } from '@rookery/client/engine/audio/testing/allocatedBytes';
import { encodeSpeech } from '@rookery/client/engine/audio/testing/encodeSpeech';
import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { VoiceMixer, type MixerSink } from '@rookery/client/engine/audio/voiceMixer';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { frameSamples } from '@rookery/schemas/voicePacket';
import type { AllocationReport, MixNetwork, WorkCost } from './audioMessages.js';
import { measureCost } from './cpuCost.js';

/** Of rough weather: packets come up to so much later, and so many do not. */
const [roughStepsMax, roughLoss] = [6, 0.03];
const [voiceCount, voiceSeconds] = [5, 4];
const stepsPerRepetition = 200;
const stepMs = 10;
const stepsPerFrame = frameSamples / stepSamples;
/** Distance of two speakers in what they say, in frames. */
const framesApart = 37;

const inOneSpurt = { isLast: false, isWhisper: false };
const nobodyListens: MixerSink = { voice: () => undefined, quiet: () => undefined };

/** People who speak at once, from packets to one stereo stream. */
export class MixRig {
  /** How many were heard in the last step. */
  heard = 0;
  readonly #mixer = new VoiceMixer(new OpusLibrary(), nobodyListens);
  readonly #voices: readonly (readonly Uint8Array[])[];
  readonly #out = new Float32Array(2 * stepSamples);
  readonly #random = new SeededRandom(9);
  readonly #network: MixNetwork;
  /** Frame that each speaker sends next, and when it comes. */
  readonly #frames: Int32Array;
  readonly #arrivals: Int32Array;
  #step = 0;

  /** @param voices Opus frames of 20 ms of each; who speaks takes one, not all at one place */
  constructor(voices: readonly (readonly Uint8Array[])[], speakers: number, network: MixNetwork) {
    this.#network = network;
    this.#voices = voices;
    this.#frames = new Int32Array(speakers);
    // Not all send in the same step.
    this.#arrivals = Int32Array.from({ length: speakers }, (_, index) => index % stepsPerFrame);
    for (let index = 0; index < speakers; index++) {
      this.#mixer.addSpeaker(tokenOf(index), `Voice ${index}`);
    }
  }

  /** Takes in what comes within 10 ms, and plays 10 ms. Allocates nothing itself. */
  step(): void {
    for (let index = 0; index < this.#frames.length; index++) {
      while (this.#arrivals[index]! <= this.#step) this.#push(index);
    }
    this.heard = this.#mixer.mix(this.#step++, this.#out);
  }

  #push(index: number): void {
    const frame = this.#frames[index]!++;
    const isRough = this.#network === 'rough';
    const lateSteps = isRough ? this.#random.below(roughStepsMax) : 0;
    const sentStep = (frame + 1) * stepsPerFrame + (index % stepsPerFrame);
    this.#arrivals[index] = sentStep + lateSteps;
    if (isRough && this.#random.chance(roughLoss)) return;
    const voice = this.#voices[index % this.#voices.length]!;
    const payload = voice[(frame + index * framesApart) % voice.length]!;
    const timestamp = (frame * frameSamples) >>> 0;
    const bytes = payload.length;
    const token = tokenOf(index);
    const { isLast, isWhisper } = inOneSpurt;
    this.#mixer.push(
      this.#step,
      token,
      index,
      frame,
      timestamp,
      isLast,
      isWhisper,
      payload,
      0,
      bytes,
    );
  }

  free(): void {
    this.#mixer.free();
  }
}

/** What `speakers` cost who all speak all the time. */
export function mixCost(speakers: number, network: MixNetwork): WorkCost {
  const rig = new MixRig(encodeVoices(voiceCount, voiceSeconds), speakers, network);
  const name = `decode and mix ${speakers}, ${network} network`;
  const cost = measureCost(name, () => rig.step(), stepsPerRepetition, stepMs);
  rig.free();
  return cost;
}

/** What 10 ms of two speakers on a rough network allocate, from packet to mix. */
export function playAllocations(): AllocationReport {
  const rig = new MixRig(encodeVoices(2, voiceSeconds), 2, 'rough');
  const report = settledAllocations(() => rig.step());
  rig.free();
  return report;
}

/** @returns Opus frames of 20 ms of `count` voices */
export function encodeVoices(count: number, seconds: number): Uint8Array[][] {
  return Array.from({ length: count }, (_, seed) =>
    encodeSpeech(speechLike(new SeededRandom(seed), seconds)),
  );
}

function tokenOf(index: number): number {
  return index + 1;
}
