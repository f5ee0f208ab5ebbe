import { count, milliseconds, percent } from '../relay/relayReport.js';
import { median, quantile } from '../statistics.js';
import { formatTable, formatVerdicts, type Verdict } from '../verdicts.js';
import { floodFigures, floodPacketsPerSecond, type FloodComparison } from './flood.js';
import type { FaultRun, RelayFaults } from './relayFaults.js';
import type { ServerKill } from './serverKill.js';
import { stallMs } from './serverFault.js';

/** All that was tried; null: was not asked for, or not over in time. */
export interface FaultResult {
  readonly crashes: RelayFaults | null;
  readonly stall: RelayFaults | null;
  readonly kills: ServerKill | null;
  readonly floods: FloodComparison | null;
}

/** What must hold under faults. */
export const faultTargets = {
  crashSilenceMsMax: 1_000,
  floodDelayP99UsAboveMax: 2_000,
} as const;

/** The machine must have sent this share of a flood, or it was none. */
const sentShareMin = 0.9;
/** Who was silent for longer than three frames was on the worker that ended. */
const affectedMsMin = 60;

/** Holds the result against the targets. Pure. */
export function judgeFaults({ crashes, floods }: FaultResult): Verdict[] {
  return [
    ...(crashes === null ? [] : judgeCrashes(crashes)),
    ...(floods === null ? [] : judgeFloods(floods)),
  ];
}

function judgeCrashes({ runs, sessionsLost }: RelayFaults): Verdict[] {
  const silencesMs = runs.map(longestSilenceMs);
  const longestMs = Math.max(...silencesMs);
  const boundMs = faultTargets.crashSilenceMsMax;
  return [
    {
      load: `a relay worker is ended, ${runs.length} times`,
      target: `speech goes on within ${boundMs / 1_000} s`,
      figure: `${median(silencesMs).toFixed(0)} ms, at most ${longestMs.toFixed(0)} ms`,
      isMet: longestMs <= boundMs,
    },
    {
      load: 'the same',
      target: 'nobody has to log in again',
      figure: `${sessionsLost} sessions`,
      isMet: sessionsLost === 0,
    },
  ];
}

/** One line for each kind of flood. */
export function judgeFloods(floods: FloodComparison): Verdict[] {
  const boundUs = faultTargets.floodDelayP99UsAboveMax;
  const quiet = floodFigures(floods, 'quiet');
  return (['session', 'garbage'] as const).map((kind) => {
    const { loss, lossAbove, delayP99Us, delayP99UsAbove } = floodFigures(floods, kind);
    const what = kind === 'session' ? 'by a session' : 'of garbage';
    return {
      load: `a flood ${what}, ${floods.speakers} speakers${ofCapacity(floods)}`,
      target: `no more loss, p99 delay by at most ${milliseconds(boundUs)} more`,
      figure:
        `loss ${percent(loss)} (${percent(quiet.loss)} without), p99 ${milliseconds(delayP99Us)} ` +
        `(${milliseconds(quiet.delayP99Us)} without)`,
      // A flood that was not sent harms nobody.
      isMet: floods.sentShare < sentShareMin ? null : lossAbove <= 0 && delayP99UsAbove <= boundUs,
    };
  });
}

function ofCapacity({ capacity }: FloodComparison): string {
  if (capacity === null) return '';
  const { speakers, boundedBy } = capacity;
  return ` of ${boundedBy === 'loss' ? '' : 'at least '}${speakers} that fit`;
}

/** What people read, in Markdown. Pure. */
export function formatFaults(result: FaultResult, machine: string): string {
  return [
    formatVerdicts(judgeFaults(result)),
    '',
    formatTable(['fault', 'what came of it'], rowsOf(result)),
    '',
    `${machine}. A speaker's gap runs from the last frame before a fault that anybody heard to ` +
      `the first one after it. A flood is ${count(floodPacketsPerSecond)} packets a second.`,
  ].join('\n');
}

/** A part of it as soon as it is known, a line each. Pure. */
export function formatFaultPart(part: FaultResult): string {
  const figures = judgeFaults(part).map(({ load, figure }) => `  ${load}: ${figure}\n`);
  return [...figures, ...rowsOf(part).map(([what, came]) => `  ${what}: ${came}\n`)].join('');
}

function rowsOf({ crashes, stall, kills }: FaultResult): string[][] {
  return [
    ...(crashes === null ? [] : crashRows(crashes)),
    ...(stall === null ? [] : stallRows(stall)),
    ...(kills === null ? [] : killRows(kills)),
  ];
}

function crashRows({ runs, sessionsLost }: RelayFaults): string[][] {
  const gapsMs = runs.flatMap(({ silencesMs }) => silencesMs).filter((ms) => ms > affectedMsMin);
  return [
    ['relay worker ended: gaps of its speakers', spreadText(gapsMs)],
    ['relay worker ended: frames lost', lossText(runs)],
    ['relay worker ended: sessions that had to log in again', String(sessionsLost)],
  ];
}

function stallRows({ runs, sessionsLost }: RelayFaults): string[][] {
  const what = `main thread stalled for ${stallMs / 1_000} s`;
  return [
    [`${what}: longest gap`, `${Math.max(...runs.map(longestSilenceMs)).toFixed(0)} ms`],
    [`${what}: frames lost`, lossText(runs)],
    [`${what}: sessions that had to log in again`, String(sessionsLost)],
  ];
}

function killRows({ upAfterMs, backAfterMs }: ServerKill): string[][] {
  const back = backAfterMs.filter((ms) => ms !== null);
  return [
    ['server killed: it lets people in again after', spreadText(upAfterMs)],
    ['server killed: clients back with voice after', spreadText(back)],
    ['server killed: clients that did not come back', String(backAfterMs.length - back.length)],
  ];
}

function longestSilenceMs({ silencesMs }: FaultRun): number {
  return Math.max(...silencesMs);
}

function lossText(runs: readonly FaultRun[]): string {
  const lost = runs.reduce((sum, { framesLost }) => sum + framesLost, 0);
  const expected = runs.reduce((sum, { framesExpected }) => sum + framesExpected, 0);
  const drops = new Map<string, number>();
  for (const [reason, packets] of runs.flatMap((run) => Object.entries(run.drops))) {
    drops.set(reason, (drops.get(reason) ?? 0) + packets);
  }
  const reasons = [...drops].map(([reason, packets]) => `${reason} ${packets}`).join(', ');
  const counted = reasons === '' ? '' : `; counted by the relay: ${reasons}`;
  return `${count(lost)} of ${count(expected)} (${percent(lost / expected)})${counted}`;
}

function spreadText(values: readonly number[]): string {
  if (values.length === 0) return 'none';
  const [p50, p99] = [quantile(values, 0.5), quantile(values, 0.99)];
  const [p50Text, p99Text, maxText] = [p50, p99, Math.max(...values)].map((ms) => ms.toFixed(0));
  return `p50 ${p50Text} ms, p99 ${p99Text} ms, max ${maxText} ms (${values.length})`;
}
