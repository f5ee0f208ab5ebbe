import { captureLimits, stepsPerSecond } from './captureLimits.js';
import type { CaptureSettings } from './captureThread.js';

/** What the gate follows. */
export type GateSettings = Pick<
  CaptureSettings,
  'mode' | 'isMuted' | 'startsAbove' | 'stopsBelow' | 'holdMs' | 'releaseMs'
>;

/** Below this nothing is speech, whatever it sounds like: somebody in the next room. */
const speechDbMin = -65;

/**
 * Decides, 10 ms at a time, whether what is captured is sent. No clock: a call is a step.
 *
 *     voice activated: open from `startsAbove` on until it was below `stopsBelow` for `holdMs`
 *     push to talk:    open while the key is down and for `releaseMs` after it
 *     continuous:      open
 *     muted:           closed, at once, and nothing of before counts afterwards
 *
 * Allocates nothing.
 */
export class VoiceGate {
  #mode: GateSettings['mode'] | null = null;
  #isSpeech = false;
  /** How many steps more it stays open. */
  #openSteps = 0;

  /**
   * @param voicePermille probability that the step is speech, in thousandths
   * @param levelDb its RMS in dB of full scale, whole ones
   * @param isKeyDown whether the key was down at any moment of it
   * @returns whether the step is sent
   */
  step(
    settings: GateSettings,
    voicePermille: number,
    levelDb: number,
    isKeyDown: boolean,
  ): boolean {
    if (settings.isMuted || settings.mode !== this.#mode) {
      this.#mode = settings.mode;
      this.#isSpeech = false;
      this.#openSteps = 0;
    }
    if (settings.isMuted) return false;
    switch (settings.mode) {
      case 'continuous':
        return true;
      case 'pushToTalk':
        return this.#holds(isKeyDown, settings.releaseMs);
      case 'voiceActivated': {
        const from = this.#isSpeech ? settings.stopsBelow : settings.startsAbove;
        this.#isSpeech = voicePermille >= 1_000 * from && levelDb >= speechDbMin;
        return this.#holds(this.#isSpeech, settings.holdMs);
      }
    }
  }

  /** Open while `isActive` and `ms` after it. */
  #holds(isActive: boolean, ms: number): boolean {
    if (isActive) this.#openSteps = Math.ceil((ms * stepsPerSecond) / 1_000);
    else if (this.#openSteps > 0) this.#openSteps--;
    else return false;
    return true;
  }
}

/** How many steps before the one that opens it a gate of this mode lets through. */
export function preRollSteps(mode: GateSettings['mode']): number {
  // Who presses a key has not said before it what others may hear.
  return mode === 'voiceActivated' ? (captureLimits.preRollMs * stepsPerSecond) / 1_000 : 0;
}
