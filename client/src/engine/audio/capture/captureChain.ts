import { stepSamples } from '../audioLimits.js';
import { capturePoints, type CapturePoint, type CaptureTable } from './captureTable.js';
import type { CaptureSettings } from './captureThread.js';
import { EchoCanceller } from './echoCanceller.js';
import { GainControl } from './gainControl.js';
import { HighPass } from './highPass.js';
import { LevelMeters } from './levelMeters.js';
import { NoiseSuppressor } from './noiseSuppressor.js';
import { PeakLimiter } from './peakLimiter.js';

/** What of the settings the chain heeds. */
export type ChainSettings = Pick<
  CaptureSettings,
  | 'mode'
  | 'inputGain'
  | 'isHighPassOn'
  | 'isEchoCancellerOn'
  | 'isNoiseSuppressorOn'
  | 'isGainControlOn'
>;

const pointOf = (point: CapturePoint): number => capturePoints.indexOf(point);
const points = {
  microphone: pointOf('microphone'),
  inputGain: pointOf('inputGain'),
  highPass: pointOf('highPass'),
  echoCanceller: pointOf('echoCanceller'),
  noiseSuppressor: pointOf('noiseSuppressor'),
  gainControl: pointOf('gainControl'),
  limiter: pointOf('limiter'),
} as const;

/**
 * What makes of the microphone's sound somebody's voice, 10 ms at a time:
 *
 *     input gain → high-pass → echo canceller → noise suppressor → gain control → limiter
 *
 * Each stage can be switched while it runs: over one step sound goes from what it was without to
 * what it is with it. A stage that is off costs nothing, but the noise suppressor, which is asked
 * for the probability of a voice wherever that is needed. One thread; to be freed when done.
 * `process` and `hear` allocate nothing.
 */
export class CaptureChain {
  /** That the step processed last is speech, 0 … 1; 1 where nobody asks. */
  voiceProbability = 0;
  readonly #highPass = new HighPass();
  readonly #echoCanceller = new EchoCanceller();
  readonly #noiseSuppressor = new NoiseSuppressor();
  readonly #gainControl = new GainControl();
  readonly #limiter = new PeakLimiter();
  readonly #meters: LevelMeters;
  readonly #without = new Float32Array(stepSamples);
  readonly #with = new Float32Array(stepSamples);
  #inputGain = 1;
  #wasHighPassOn = false;
  #wasEchoCancellerOn = false;
  #wasNoiseSuppressorOn = false;
  #wasGainControlOn = false;

  /** @param columns where levels are put. @throws ClientError 'internal' where a part is missing */
  constructor(columns: CaptureTable['columns']) {
    this.#meters = new LevelMeters(columns);
  }

  /** What gain control does to the sound now, in dB. */
  get controlledGainDb(): number {
    return this.#gainControl.gainDb;
  }

  /** @param played the next 10 ms of what is played; to be left out while the canceller is off */
  hear(played: Float32Array): void {
    this.#echoCanceller.hear(played);
  }

  /** @param step the next 10 ms of the microphone, 480 samples; the voice takes their place */
  process(step: Float32Array, settings: ChainSettings): void {
    this.#meters.take(points.microphone, step);
    this.#amplify(step, settings.inputGain);
    this.#meters.take(points.inputGain, step);
    this.#filter(step, settings.isHighPassOn);
    this.#meters.take(points.highPass, step);
    this.#cancelEcho(step, settings.isEchoCancellerOn);
    this.#meters.take(points.echoCanceller, step);
    const isVoiceAsked = settings.mode === 'voiceActivated' || settings.isGainControlOn;
    this.#suppressNoise(step, settings.isNoiseSuppressorOn, isVoiceAsked);
    this.#meters.take(points.noiseSuppressor, step);
    this.#controlGain(step, settings.isGainControlOn);
    this.#meters.take(points.gainControl, step);
    this.#limiter.process(step);
    this.#meters.take(points.limiter, step);
    this.#meters.endStep();
  }

  free(): void {
    this.#echoCanceller.free();
    this.#noiseSuppressor.free();
  }

  #amplify(step: Float32Array, gain: number): void {
    const before = this.#inputGain;
    this.#inputGain = gain;
    if (before === 1 && gain === 1) return;
    const slope = (gain - before) / stepSamples;
    for (let i = 0; i < stepSamples; i++) step[i] = step[i]! * (before + slope * (i + 1));
  }

  #filter(step: Float32Array, isOn: boolean): void {
    if (!isOn && !this.#wasHighPassOn) return;
    this.#without.set(step);
    this.#highPass.process(step);
    this.#blend(step, this.#wasHighPassOn, isOn);
    this.#wasHighPassOn = isOn;
  }

  #cancelEcho(step: Float32Array, isOn: boolean): void {
    if (!isOn && !this.#wasEchoCancellerOn) return;
    this.#without.set(step);
    this.#echoCanceller.process(step);
    this.#blend(step, this.#wasEchoCancellerOn, isOn);
    this.#wasEchoCancellerOn = isOn;
  }

  #suppressNoise(step: Float32Array, isOn: boolean, isVoiceAsked: boolean): void {
    const isHeard = isOn || this.#wasNoiseSuppressorOn;
    this.voiceProbability = 1;
    if (!isHeard && !isVoiceAsked) return;
    this.#noiseSuppressor.process(step, this.#with);
    this.voiceProbability = this.#noiseSuppressor.voiceProbability;
    if (!isHeard) return;
    this.#without.set(step);
    step.set(this.#with);
    this.#blend(step, this.#wasNoiseSuppressorOn, isOn);
    this.#wasNoiseSuppressorOn = isOn;
  }

  #controlGain(step: Float32Array, isOn: boolean): void {
    if (!isOn && !this.#wasGainControlOn) return;
    this.#without.set(step);
    this.#gainControl.process(step, this.voiceProbability);
    this.#blend(step, this.#wasGainControlOn, isOn);
    this.#wasGainControlOn = isOn;
  }

  /** Where a stage was switched: from what is `#without` it to `step`, or back. */
  #blend(step: Float32Array, wasOn: boolean, isOn: boolean): void {
    if (wasOn === isOn) return;
    for (let i = 0; i < stepSamples; i++) {
      const share = (i + 1) / stepSamples;
      const processed = isOn ? share : 1 - share;
      step[i] = this.#without[i]! + processed * (step[i]! - this.#without[i]!);
    }
  }
}
