import type { SpeakerSound } from '../voiceMixer.js';

/** Where somebody stands, in metres, as the listener who looks along z sees it. */
export interface Position {
  /** To the right. */
  readonly x: number;
  /** Up. */
  readonly y: number;
  /** Ahead. */
  readonly z: number;
}

/** Up to here nobody is quieter for being away. */
const nearMetres = 1;
/** From here on nobody is heard. */
const farMetres = 50;
/** Nobody is on one side alone: with one's own ears one hears everybody with both. */
const panMax = 0.8;

/**
 * Where and how loud somebody is heard who stands at `position`: half as loud at twice the distance
 * (the inverse distance law), from 40 m on less than that, and nothing from 50 m on. Nearer than a
 * metre the side counts for less, so that nobody jumps from ear to ear by walking past. Pure.
 *
 * @param sound volume, mute and priority are kept; its own pan counts for nothing
 * @param position null: nowhere, and so in the middle and as loud as ever
 */
export function soundAt(sound: SpeakerSound, position: Position | null): SpeakerSound {
  if (position === null) return sound;
  const { x, y, z } = position;
  const metres = Math.hypot(x, y, z);
  if (!Number.isFinite(metres)) return sound;
  const pan = (panMax * x) / Math.max(nearMetres, metres);
  return { ...sound, gain: sound.gain * gainAt(metres), pan };
}

function gainAt(metres: number): number {
  const fadeFrom = 0.8 * farMetres;
  const fade = (farMetres - metres) / (farMetres - fadeFrom);
  return Math.min(1, nearMetres / metres) * Math.max(0, Math.min(1, fade));
}
