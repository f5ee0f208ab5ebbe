import { stepSamples } from './audioLimits.js';

/**
 * Sound made longer or shorter without another pitch: a piece of about 10 ms is left out or said
 * twice, as long as whole periods of the voice are, and faded over where it was cut (WSOLA:
 * Verhelst and Roelands, ICASSP 1993). 48 kHz, 16 bit, in place; pure, allocates nothing.
 */

/** Lengths of the piece: 5 to 15 ms hold a period of 67 Hz and up. */
const [pieceMin, pieceMax] = [240, 720];
/** What is compared, and faded over. */
export const fadeSamples = 240;
/** Sound before the end that `lengthen` looks back on. */
export const lengthenHistory = pieceMax + fadeSamples;
/** `lengthen` adds no more. */
export const lengthenedSamplesMax = pieceMax;
/** The search looks at each fourth lag of each fourth sample first. */
const coarse = 4;
/** Below it nothing is heard of a cut: −50 dB of full scale, as a sum of squares. */
const quietEnergy = fadeSamples * (32_768 * 10 ** (-50 / 20)) ** 2;
/** Two places less alike than this are left as they are. */
const likenessMin = 0.4;
/** Of two pieces that fit as well as this, the one nearer to 10 ms is taken. */
const asGood = 0.97;

/**
 * Leaves a piece out right at the beginning.
 *
 * @param from where the sound begins in `pcm`
 * @param to where it ends; it ends earlier by what is returned
 * @param removedMax samples that may be left out
 * @returns samples left out; 0 where no piece fits
 */
export function shorten(pcm: Int16Array, from: number, to: number, removedMax: number): number {
  const lagMax = Math.min(pieceMax, removedMax, to - from - fadeSamples);
  const lag = bestLag(pcm, from, 1, lagMax);
  if (lag === 0) return 0;
  fade(pcm, from, from + lag, from + lag);
  pcm.copyWithin(from, from + lag, to);
  return lag;
}

/**
 * Says the end again.
 *
 * @param to where the sound ends in `pcm`; it ends later by what is returned, which is at most
 * `lengthenedSamplesMax`. `lengthenHistory` samples before it belong to it, or were played before.
 * @returns samples added; 0 where no piece fits
 */
export function lengthen(pcm: Int16Array, to: number): number {
  const at = to - fadeSamples;
  const lag = bestLag(pcm, at, -1, pieceMax);
  if (lag === 0) return 0;
  pcm.copyWithin(to, to - lag, to);
  fade(pcm, at, at - lag, at);
  return lag;
}

/** Fades from what is at `from` over to what is at `over`; the result is put at `target`. */
function fade(pcm: Int16Array, from: number, over: number, target: number): void {
  for (let i = 0; i < fadeSamples; i++) {
    const share = (i + 0.5) / fadeSamples;
    pcm[target + i] = Math.round(pcm[from + i]! * (1 - share) + pcm[over + i]! * share);
  }
}

/**
 * @param direction 1: later places are compared with that at `at`; −1: earlier ones
 * @returns how far away the place is that is most like it; 0 where none is like it
 */
function bestLag(pcm: Int16Array, at: number, direction: 1 | -1, lagMax: number): number {
  if (lagMax < pieceMin) return 0;
  if (energy(pcm, at, 1) < quietEnergy) return Math.min(stepSamples, lagMax);
  // Not in one array: what stands beside a fraction becomes one, and an object for each frame.
  let best = 0;
  let bestLikeness = -1;
  for (let lag = pieceMin; lag <= lagMax; lag += coarse) {
    const likeness = likenessOf(pcm, at, at + direction * lag, coarse);
    const isNearer = Math.abs(lag - stepSamples) < Math.abs(best - stepSamples);
    if (likeness > (isNearer ? bestLikeness * asGood : bestLikeness / asGood)) {
      best = lag;
      bestLikeness = likeness;
    }
  }
  const [first, last] = [Math.max(pieceMin, best - coarse), Math.min(lagMax, best + coarse)];
  bestLikeness = likenessMin;
  best = 0;
  for (let lag = first; lag <= last; lag++) {
    const likeness = likenessOf(pcm, at, at + direction * lag, 1);
    if (likeness > bestLikeness) {
      best = lag;
      bestLikeness = likeness;
    }
  }
  return best;
}

/** Normalised cross-correlation of two places, −1 to 1. */
function likenessOf(pcm: Int16Array, a: number, b: number, step: number): number {
  let dot = 0;
  for (let i = 0; i < fadeSamples; i += step) dot += pcm[a + i]! * pcm[b + i]!;
  return dot / (Math.sqrt(energy(pcm, a, step) * energy(pcm, b, step)) || 1);
}

function energy(pcm: Int16Array, at: number, step: number): number {
  let sum = 0;
  for (let i = 0; i < fadeSamples; i += step) sum += pcm[at + i]! ** 2;
  return sum;
}
