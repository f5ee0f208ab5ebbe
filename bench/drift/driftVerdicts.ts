import {
  driftBounds,
  type Drift,
  type DriftHeard,
} from '@rookery/client/engine/audio/playback/testing/driftListener';
import type { Verdict } from '../verdicts.js';

/** What was asked of two clocks, and what was heard of them. */
export interface DriftRow {
  readonly drift: Drift;
  readonly heard: DriftHeard;
}

/** One verdict for each pair of clocks. Pure. */
export function driftVerdicts(rows: readonly DriftRow[], seconds: number): Verdict[] {
  return rows.map(({ drift, heard }) => {
    const { underruns, lateSteps, concealed, late } = heard;
    const jumps = jumpsOf(heard);
    const counts = `${underruns} underruns, ${jumps.length === 0 ? 'no jump' : jumps.join(', ')}`;
    const lost = `${concealed + late} frames concealed or late`;
    const delay = `delay at most ${heard.delayMsMax.toFixed(0)} ms`;
    return {
      load: clocksOf(drift),
      target: `${secondsText(seconds)}: 0 underruns, 0 audible jumps`,
      figure: `${counts}, ${lost}, ${stretchOf(heard, seconds)}, ${delay}`,
      isMet: underruns + lateSteps + concealed + late === 0 && jumps.length === 0,
    };
  });
}

function clocksOf({ senderPpm, devicePpm, sampleRate }: Drift): string {
  const ppm = (value: number): string => `${value > 0 ? '+' : ''}${value} ppm`;
  return `sender ${ppm(senderPpm)}, device ${ppm(devicePpm)} at ${sampleRate / 1_000} kHz`;
}

function jumpsOf({ steepest, loudest, quietest }: DriftHeard): string[] {
  return [
    ...(steepest < driftBounds.steepestMax ? [] : [`a step of ${steepest.toFixed(1)} times`]),
    ...(loudest < driftBounds.loudestMax ? [] : [`${loudest.toFixed(1)} times as loud`]),
    ...(quietest > driftBounds.quietestMin ? [] : [`${quietest.toFixed(1)} times as loud`]),
  ];
}

function stretchOf({ samplesStretched }: DriftHeard, seconds: number): string {
  return `${((1e6 * samplesStretched) / (48_000 * seconds)).toFixed(0)} ppm stretched`;
}

function secondsText(seconds: number): string {
  return seconds === 3_600 ? '1 h' : `${seconds} s`;
}
