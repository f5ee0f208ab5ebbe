import { stepSamples } from '../audioLimits.js';
import { capturePoints, type CapturePoint, type CaptureTable } from './captureTable.js';
import type { CaptureSettings } from './captureThread.js';
import { EchoCanceller } from './echoCanceller.js';
import { GainControl } from './gainControl.js';
import { HighPass } from './highPass.js';
import { LevelMeters } from './levelMeters.js';
import { NoiseSuppressor } from './noiseSuppressor.js';
import { PeakLimiter } from './peakLimiter.js';
import { StageSwitch } from './stageSwitch.js';

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
 * Each stage can be switched while it runs. A stage that is off costs nothing, but the noise
 * suppressor, which is asked for the probability of a voice wherever that is needed. One thread; to
 * be freed when done. `process` and `hear` allocate nothing.
 */
export class CaptureChain {
  /** Probability in thousandths that the step processed last is speech; 1,000 if nobody asks. */
  voicePermille = 0;
  readonly #highPass = new HighPass();
  readonly #echoCanceller = new EchoCanceller();
  readonly #noiseSuppressor = new NoiseSuppressor();
  readonly #gainControl = new GainControl();
  readonly #limiter = new PeakLimiter();
  readonly #meters: LevelMeters;
  readonly #highPassSwitch = new StageSwitch();
  readonly #echoSwitch = new StageSwitch();
  readonly #noiseSwitch = new StageSwitch();
  readonly #gainSwitch = new StageSwitch();
  readonly #cleaned = new Float32Array(stepSamples);
  #inputGain = 1;

  /** @param columns where levels are put. @throws ClientError 'internal' where a part is missing */
  constructor(columns: CaptureTable['columns']) {
    this.#meters = new LevelMeters(columns);
  }

  /** What gain control does to the sound now, in hundredths of a dB. */
  get controlledGain(): number {
    return this.#gainControl.gainHundredths;
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
    if (!this.#highPassSwitch.begin(step, isOn)) return;
    this.#highPass.process(step);
    this.#highPassSwitch.end(step);
  }

  #cancelEcho(step: Float32Array, isOn: boolean): void {
    if (!this.#echoSwitch.begin(step, isOn)) return;
    this.#echoCanceller.process(step);
    this.#echoSwitch.end(step);
  }

  #suppressNoise(step: Float32Array, isOn: boolean, isVoiceAsked: boolean): void {
    const isHeard = this.#noiseSwitch.begin(step, isOn);
    this.voicePermille = 1_000;
    if (!isHeard && !isVoiceAsked) return;
    this.#noiseSuppressor.process(step, this.#cleaned);
    this.voicePermille = this.#noiseSuppressor.voicePermille;
    if (!isHeard) return;
    step.set(this.#cleaned);
    this.#noiseSwitch.end(step);
  }

  #controlGain(step: Float32Array, isOn: boolean): void {
    if (!this.#gainSwitch.begin(step, isOn)) return;
    this.#gainControl.process(step, this.voicePermille);
    this.#gainSwitch.end(step);
  }
}
