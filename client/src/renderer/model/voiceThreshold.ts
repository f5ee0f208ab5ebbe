/** From which voice probability on one is heard, and below which no longer; both 0 … 1. */
export interface VoiceThreshold {
  readonly startsAbove: number;
  readonly stopsBelow: number;
}

/** A word that goes on is let through by less than one that begins. */
const stopsShare = 0.7;

/** Nearer to an end than this a threshold lets everything through, or nothing. */
const startsMin = 0.15;
const startsMax = 0.85;

/** Speech must be so much more likely speech than what is there without it. */
const distanceMin = 0.15;

/** @param startsAbove 0 … 1 @returns both ends of a gate that opens there. Pure. */
export function thresholdAt(startsAbove: number): VoiceThreshold {
  return { startsAbove, stopsBelow: Math.round(startsAbove * stopsShare * 100) / 100 };
}

/**
 * Finds a threshold that what was measured in silence stays below, and speech is above.
 *
 * @param quiet voice probabilities, 0 … 1, while nobody spoke: noise, keys, fans
 * @param speech those while somebody spoke, with the pauses between words among them
 * @returns null where the two cannot be told apart: a key to talk is better there. Pure.
 */
export function suggestThreshold(
  quiet: readonly number[],
  speech: readonly number[],
): VoiceThreshold | null {
  if (quiet.length === 0 || speech.length === 0) return null;
  // Single clicks do not count; half of what one says while speaking is pauses.
  const floor = quantile(quiet, 0.9);
  const voice = quantile(speech, 0.7);
  if (voice - floor < distanceMin) return null;
  // Nearer to the noise: a cut word annoys more than a breath that is heard.
  const between = floor + (voice - floor) * 0.45;
  return thresholdAt(Math.round(Math.min(startsMax, Math.max(startsMin, between)) * 100) / 100);
}

/** @param share 0 … 1: how much of the values lies below */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
