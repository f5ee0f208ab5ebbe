import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import type { VoiceState } from '@rookery/client/engine/engineState';
import { figureLimits } from './figureLimits.js';

/** How good the connection is for a talk: bars that are full. 0 while there is none. */
export type QualityBars = 0 | 1 | 2 | 3;

/** What the connection does to voices. */
export interface QualityFigures {
  /** There and back; null while voice is not open. */
  readonly roundTripMs: number | null;
  /** Of what was said to here lately, the share that was lost, 0 … 100; null: nobody spoke. */
  readonly receivedLossPct: number | null;
  /** Of the own voice on its way to others, 0 … 100. */
  readonly sentLossPct: number;
  /** The worst of those who talk; null: nobody does. */
  readonly jitterMs: number | null;
}

export interface VoiceQuality {
  readonly bars: QualityBars;
  /** Which figure is the worst of those that take bars away; null: none does. */
  readonly cause: keyof QualityFigures | null;
}

/**
 * Above the first of a row there is no third bar, above the second only one, and the developer's
 * figures are red. Of a talk nobody notices the way while it takes less than 150 ms from mouth to
 * ear (ITU-T G.114), of which sound itself takes 75; a gap in a hundred frames is heard, and beyond
 * one in twenty words get lost; more jitter than a frame makes the buffer grow.
 */
const limits: Readonly<Record<keyof QualityFigures, readonly [number, number]>> = {
  roundTripMs: [150, figureLimits.pingVoice],
  receivedLossPct: [1, figureLimits.loss],
  sentLossPct: [1, figureLimits.loss],
  jitterMs: [20, figureLimits.jitter],
};

/** Pure. */
export function voiceQuality(
  { phase }: Pick<VoiceState, 'phase'>,
  figures: QualityFigures,
): VoiceQuality {
  if (phase !== 'open') return { bars: 0, cause: null };
  const names = Object.keys(limits) as (keyof QualityFigures)[];
  const levelOf = (name: keyof QualityFigures): number =>
    limits[name].filter((limit) => (figures[name] ?? 0) > limit).length;
  const worst = Math.max(...names.map(levelOf));
  const cause = worst === 0 ? null : (names.find((name) => levelOf(name) === worst) ?? null);
  return { bars: (3 - worst) as QualityBars, cause };
}

/** Steps of 10 ms that were guessed, in frames of 20 ms. */
const framesPerStep = 0.5;

/** Share of a speaker's sound of this session that was guessed: 0 … 100. Pure. */
export function concealedPct({ framesPlayed, framesConcealed }: SpeakerStatistics): number {
  const guessed = framesConcealed * framesPerStep;
  const all = framesPlayed + guessed;
  return all === 0 ? 0 : (100 * guessed) / all;
}
