import type { SpeakerStatistics } from '@rookery/client/engine/audioState';
import type { VoiceState } from '@rookery/client/engine/engineState';

/** How good the connection is for a talk: bars that are full. 0 while there is none. */
export type QualityBars = 0 | 1 | 2 | 3;

/** What the connection does to voices. */
export interface VoiceQuality {
  readonly bars: QualityBars;
  /** null while voice is not open. */
  readonly roundTripMs: number | null;
  /** Of those who were heard lately, the mean of how much was lost: 0 … 100; null: of nobody. */
  readonly lossPct: number | null;
  /** The worst of them; null: of nobody. */
  readonly jitterMs: number | null;
  /** What others miss of the own voice, 0 … 100. */
  readonly reportedLossPct: number;
}

/**
 * Above the first of a row there is no third bar, above the second only one. A talk gets hard
 * beyond 150 ms one way, and impossible beyond 400 (ITU-T G.114), of which sound itself takes 100;
 * gaps are heard from 1 % on, and words get lost from 5 %.
 */
const limits = { roundTripMs: [150, 400], lossPct: [2, 8], jitterMs: [30, 80] } as const;

/** Steps of 10 ms that were guessed, in frames of 20 ms. */
const framesPerStep = 0.5;

/** Share of a speaker's sound that was lost or late, and guessed: 0 … 100. Pure. */
export function concealedPct({ framesPlayed, framesConcealed }: SpeakerStatistics): number {
  const guessed = framesConcealed * framesPerStep;
  const all = framesPlayed + guessed;
  return all === 0 ? 0 : (100 * guessed) / all;
}

/**
 * @param speakers who was heard lately, with counts of that time
 * @param reportedLossPct of the own voice, 0 … 100
 */
export function voiceQuality(
  voice: VoiceState,
  speakers: Iterable<SpeakerStatistics>,
  reportedLossPct: number,
): VoiceQuality {
  const heard = [...speakers].filter(({ framesPlayed }) => framesPlayed > 0);
  const losses = heard.map(concealedPct);
  const lossPct =
    losses.length === 0 ? null : losses.reduce((sum, each) => sum + each, 0) / losses.length;
  const jitterMs = heard.length === 0 ? null : Math.max(...heard.map((each) => each.jitterMs));
  const roundTripMs = voice.phase === 'open' ? voice.roundTripMs : null;
  const figures = { roundTripMs, lossPct, jitterMs };
  return { bars: barsOf(voice, { ...figures, reportedLossPct }), ...figures, reportedLossPct };
}

function barsOf(voice: VoiceState, figures: Omit<VoiceQuality, 'bars'>): QualityBars {
  if (voice.phase !== 'open') return 0;
  const lost = Math.max(figures.lossPct ?? 0, figures.reportedLossPct);
  const measured = [
    { value: figures.roundTripMs ?? 0, limit: limits.roundTripMs },
    { value: lost, limit: limits.lossPct },
    { value: figures.jitterMs ?? 0, limit: limits.jitterMs },
  ];
  if (measured.some(({ value, limit }) => value > limit[1])) return 1;
  return measured.some(({ value, limit }) => value > limit[0]) ? 2 : 3;
}
