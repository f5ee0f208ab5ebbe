import { median } from '../statistics.js';

/** When the sound of a click was where, in milliseconds of one clock; each list in order. */
export interface ClickEvents {
  /** Taken by the device that plays it to the microphone. */
  readonly spoken: readonly number[];
  /** Captured by an input like the speaker's, which belongs to nobody. */
  readonly overheard: readonly number[];
  /** In the capture ring of the one who speaks. */
  readonly captured: readonly number[];
  /** Frames that were sent, in order. */
  readonly frames: readonly SentFrame[];
  /** In the playback ring of the one who listens. */
  readonly rendered: readonly number[];
  /** Taken by the device that plays it to the ear. */
  readonly taken: readonly number[];
  /** Captured from what that device plays. */
  readonly heard: readonly number[];
}

export interface SentFrame {
  /** When its last sample was captured. */
  readonly capturedMs: number;
  readonly sentMs: number;
  /** At the listener; NaN where it did not come. */
  readonly arrivedMs: number;
}

/** Parts of the way from mouth to ear, in order, and the whole, in milliseconds. */
export interface EarStages {
  readonly devices: number;
  readonly capture: number;
  readonly network: number;
  readonly jitterBuffer: number;
  readonly playbackRing: number;
  readonly whole: number;
}

/** What comes later belongs to the next click. */
const underWayMsMax = 600;

/**
 * What each click took. The clicks are played to the microphone and recorded from the ear by
 * devices of the same kind, whose time is not of the way: it is that of `overheard`.
 *
 * @returns nothing for a click that was lost somewhere
 */
export function stagesOf(events: ClickEvents): EarStages[] {
  return events.spoken.flatMap((spokenMs) => {
    const after = (list: readonly number[]): number =>
      list.find((ms) => ms >= spokenMs && ms < spokenMs + underWayMsMax) ?? NaN;
    const capturedMs = after(events.captured);
    const frame = events.frames.find((sent) => sent.capturedMs >= capturedMs);
    const [renderedMs, takenMs] = [after(events.rendered), after(events.taken)];
    const heardMs = after(events.heard);
    const loopMs = after(events.overheard) - spokenMs;
    if (!frame) return [];
    const stages = {
      devices: capturedMs - spokenMs + (heardMs - takenMs) - loopMs,
      capture: frame.sentMs - capturedMs,
      network: frame.arrivedMs - frame.sentMs,
      jitterBuffer: renderedMs - frame.arrivedMs,
      playbackRing: takenMs - renderedMs,
      whole: heardMs - spokenMs - loopMs,
    };
    return Object.values(stages).some(Number.isNaN) ? [] : [stages];
  });
}

/** Of each part by itself. @throws RangeError without clicks */
export function medianStages(clicks: readonly EarStages[]): EarStages {
  const of = (part: keyof EarStages): number => median(clicks.map((click) => click[part]));
  return {
    devices: of('devices'),
    capture: of('capture'),
    network: of('network'),
    jitterBuffer: of('jitterBuffer'),
    playbackRing: of('playbackRing'),
    whole: of('whole'),
  };
}
