import { defineTable } from '@rookery/schemas/sharedTable';
import { captureLimits } from './captureLimits.js';
import type { CaptureSettings, TransmitMode } from './captureThread.js';

/** As numbers of the table: the index. */
const modes: readonly TransmitMode[] = ['pushToTalk', 'voiceActivated', 'continuous'];
/** Fractions are held in so many parts. */
const parts = 10_000;

/**
 * One row: what the capture worker is to do from its next step on. Settings as `CaptureSettings`
 * has them, fractions in parts of 10,000.
 *
 * | column      | meaning                                                                  |
 * |-------------|--------------------------------------------------------------------------|
 * | revision    | how often the settings were written, modulo 2^32                         |
 * | isKeyDown   | 1: the key of push to talk is down                                       |
 * | keyPresses  | how often it went down, modulo 2^32: also for less than a step           |
 * | isMonitored | 1: the voice is copied to `ownVoice`                                     |
 * | isDumping   | 1: microphone and voice are copied to the dumper                         |
 * | messages    | how many messages were sent: devices and plugins, modulo 2^32            |
 * | isClosing   | 1: the worker is to end                                                  |
 */
export const captureWishes = defineTable({
  name: 'captureWishes',
  columns: {
    mode: { type: 'u32', writer: 'engine' },
    isMuted: { type: 'u32', writer: 'engine' },
    isHighPassOn: { type: 'u32', writer: 'engine' },
    isEchoCancellerOn: { type: 'u32', writer: 'engine' },
    isNoiseSuppressorOn: { type: 'u32', writer: 'engine' },
    isGainControlOn: { type: 'u32', writer: 'engine' },
    startsAbove: { type: 'u32', writer: 'engine' },
    stopsBelow: { type: 'u32', writer: 'engine' },
    holdMs: { type: 'u32', writer: 'engine' },
    releaseMs: { type: 'u32', writer: 'engine' },
    inputGain: { type: 'u32', writer: 'engine' },
    revision: { type: 'u32', writer: 'engine' },
    isKeyDown: { type: 'u32', writer: 'engine' },
    keyPresses: { type: 'u32', writer: 'engine' },
    isMonitored: { type: 'u32', writer: 'engine' },
    isDumping: { type: 'u32', writer: 'engine' },
    messages: { type: 'u32', writer: 'engine' },
    isClosing: { type: 'u32', writer: 'engine' },
  },
});

/** The row as either thread sees it. */
export type CaptureWishes = ReturnType<typeof captureWishes.attach>;

const between = (value: number, lowest: number, highest: number): number =>
  Math.min(Math.max(value, lowest), highest);

/** Writes the settings down; what is out of bounds is taken for the next that is not. */
export function writeSettings({ columns }: CaptureWishes, settings: CaptureSettings): void {
  const { inputGainMax, holdMsMax, releaseMsMax } = captureLimits;
  columns.mode.store(0, modes.indexOf(settings.mode));
  columns.isMuted.store(0, Number(settings.isMuted));
  columns.isHighPassOn.store(0, Number(settings.isHighPassOn));
  columns.isEchoCancellerOn.store(0, Number(settings.isEchoCancellerOn));
  columns.isNoiseSuppressorOn.store(0, Number(settings.isNoiseSuppressorOn));
  columns.isGainControlOn.store(0, Number(settings.isGainControlOn));
  const startsAbove = between(settings.startsAbove, 0, 1);
  columns.startsAbove.store(0, Math.round(startsAbove * parts));
  columns.stopsBelow.store(0, Math.round(between(settings.stopsBelow, 0, startsAbove) * parts));
  columns.holdMs.store(0, Math.round(between(settings.holdMs, 0, holdMsMax)));
  columns.releaseMs.store(0, Math.round(between(settings.releaseMs, 0, releaseMsMax)));
  columns.inputGain.store(0, Math.round(between(settings.inputGain, 0, inputGainMax) * parts));
  columns.revision.add(0, 1);
}

/** The worker's copy of the settings. */
export type MutableSettings = {
  -readonly [Field in Exclude<keyof CaptureSettings, 'isDtxOn'>]: CaptureSettings[Field];
};

/** Reads the settings back, into an object that is kept. Allocates nothing. */
export function readSettings({ columns }: CaptureWishes, out: MutableSettings): void {
  out.mode = modes[columns.mode.load(0)]!;
  out.isMuted = columns.isMuted.load(0) === 1;
  out.isHighPassOn = columns.isHighPassOn.load(0) === 1;
  out.isEchoCancellerOn = columns.isEchoCancellerOn.load(0) === 1;
  out.isNoiseSuppressorOn = columns.isNoiseSuppressorOn.load(0) === 1;
  out.isGainControlOn = columns.isGainControlOn.load(0) === 1;
  out.startsAbove = columns.startsAbove.load(0) / parts;
  out.stopsBelow = columns.stopsBelow.load(0) / parts;
  out.holdMs = columns.holdMs.load(0);
  out.releaseMs = columns.releaseMs.load(0);
  out.inputGain = columns.inputGain.load(0) / parts;
}
