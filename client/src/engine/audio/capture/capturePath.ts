import { stepSamples } from '../audioLimits.js';
import type { SoundPluginMemory } from '../plugins/soundPluginTable.js';
import { VoicePlugins } from '../plugins/voicePlugins.js';
import type { SpscSampleRing } from '../spscSampleRing.js';
import { CaptureChain } from './captureChain.js';
import { captureLimits, stepsPerSecond } from './captureLimits.js';
import { quietestDb, type CaptureTable } from './captureTable.js';
import { readSettings, type CaptureWishes, type MutableSettings } from './captureWishes.js';
import { usualCapture } from './captureThread.js';
import type { FrameWriter } from './frameWriter.js';
import { SpurtFramer } from './spurtFramer.js';
import { preRollSteps, VoiceGate } from './voiceGate.js';

/** Where copies of the sound go. Each is pushed 480 samples at a time. */
export interface CaptureTaps {
  readonly ownVoice: SpscSampleRing;
  readonly dumpRaw: SpscSampleRing;
  readonly dumpProcessed: SpscSampleRing;
}

/** Far-end steps taken at most before one of the microphone: the rest of a burst comes later. */
const farEndStepsMax = 20;
/** From here on, of full scale, a microphone clips. */
const clippingLevel = 0.999;

/**
 * From a step of the microphone to frames: chain, gate, framer, plugins, encoder. It has no clock
 * and nothing of threads but the tables and rings it is given. `step` allocates nothing.
 */
export class CapturePath {
  readonly #chain: CaptureChain;
  readonly #gate = new VoiceGate();
  readonly #plugins: VoicePlugins;
  readonly #framer: SpurtFramer;
  readonly #writer: FrameWriter;
  readonly #wishes: CaptureWishes;
  readonly #columns: CaptureTable['columns'];
  readonly #farEnd: SpscSampleRing;
  readonly #taps: CaptureTaps;
  readonly #settings: MutableSettings = { ...usualCapture };
  readonly #played = new Float32Array(stepSamples);
  #mode: MutableSettings['mode'] | null = null;
  #revision = -1;
  #keyPresses: number;
  #clippingSteps = 0;

  constructor(parts: {
    readonly writer: FrameWriter;
    readonly wishes: CaptureWishes;
    readonly table: CaptureTable;
    readonly farEnd: SpscSampleRing;
    readonly taps: CaptureTaps;
  }) {
    this.#columns = parts.table.columns;
    this.#chain = new CaptureChain(this.#columns);
    this.#writer = parts.writer;
    this.#plugins = new VoicePlugins(parts.writer);
    this.#framer = new SpurtFramer(this.#plugins);
    this.#wishes = parts.wishes;
    this.#farEnd = parts.farEnd;
    this.#taps = parts.taps;
    this.#keyPresses = parts.wishes.columns.keyPresses.load(0);
  }

  /** A device begins to capture: what was played until now is not what it hears. */
  begin(): void {
    this.#farEnd.discard(this.#farEnd.capacity);
  }

  /** As `CaptureThread` has it. */
  setPlugins(plugins: readonly SoundPluginMemory[]): void {
    this.#plugins.use(plugins);
  }

  /** @param step 10 ms of the microphone, 480 samples; overwritten */
  step(step: Float32Array): void {
    const wishes = this.#wishes.columns;
    const settings = this.#settings;
    this.#followSettings();
    const isDumping = wishes.isDumping.load(0) === 1;
    if (isDumping) this.#taps.dumpRaw.push(step);
    this.#noteClipping(step);
    this.#hearFarEnd(settings.isEchoCancellerOn);
    this.#chain.process(step, settings);
    if (isDumping) this.#taps.dumpProcessed.push(step);
    if (wishes.isMonitored.load(0) === 1) this.#taps.ownVoice.push(step);
    this.#transmit(step);
    this.#report();
  }

  /** @param samples that were captured and lost before the next step */
  skip(samples: number): void {
    if (samples === 0) return;
    this.#columns.samplesLost.add(0, samples);
    this.#framer.skip(samples);
  }

  /** Nothing is captured for now: an open spurt ends. */
  finish(): void {
    this.#framer.finish();
    this.#writer.payOff();
    this.#columns.isTransmitting.store(0, 0);
  }

  free(): void {
    this.#chain.free();
  }

  #followSettings(): void {
    const revision = this.#wishes.columns.revision.load(0);
    if (revision === this.#revision) return;
    // Read first: what is written meanwhile is read again.
    this.#revision = revision;
    readSettings(this.#wishes, this.#settings);
  }

  #transmit(step: Float32Array): void {
    const settings = this.#settings;
    this.#framer.setFrameSamples(this.#writer.frameSamples);
    if (settings.mode !== this.#mode) this.#framer.forget();
    this.#mode = settings.mode;
    const { voicePermille } = this.#chain;
    const isKeyDown = this.#wasKeyDown();
    const isOpen = this.#gate.step(settings, voicePermille, rmsDb(step), isKeyDown);
    if (settings.isMuted) this.#framer.stepMuted();
    else this.#framer.step(step, isOpen, preRollSteps(settings.mode));
    this.#writer.payOff();
  }

  /** Since the last step, at any moment. */
  #wasKeyDown(): boolean {
    const { isKeyDown, keyPresses } = this.#wishes.columns;
    const presses = keyPresses.load(0);
    const wasPressed = presses !== this.#keyPresses;
    this.#keyPresses = presses;
    return wasPressed || isKeyDown.load(0) === 1;
  }

  /** What is played must reach the canceller before the microphone hears it. */
  #hearFarEnd(isWanted: boolean): void {
    for (let steps = 0; steps < farEndStepsMax && this.#farEnd.pop(this.#played); steps++) {
      if (!isWanted) continue;
      this.#chain.hear(this.#played);
      this.#columns.farEndSteps.add(0, 1);
    }
  }

  #noteClipping(step: Float32Array): void {
    for (let i = 0; i < step.length; i++) {
      if (Math.abs(step[i]!) < clippingLevel) continue;
      this.#clippingSteps = (captureLimits.clippingShownMs * stepsPerSecond) / 1_000;
      return;
    }
    if (this.#clippingSteps > 0) this.#clippingSteps--;
  }

  #report(): void {
    const columns = this.#columns;
    columns.voiceProbability.store(0, this.#chain.voicePermille);
    columns.gainControlled.store(0, this.#chain.controlledGain);
    columns.isTransmitting.store(0, this.#framer.isOpen ? 1 : 0);
    columns.isClipping.store(0, this.#clippingSteps > 0 ? 1 : 0);
    columns.steps.add(0, 1);
  }
}

/** RMS in whole dB of full scale. */
function rmsDb(step: Float32Array): number {
  let power = 0;
  for (let i = 0; i < step.length; i++) power += step[i]! * step[i]!;
  return Math.round(Math.max(quietestDb, 10 * Math.log10(power / step.length)));
}
