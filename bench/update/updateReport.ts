import { quantile } from '../statistics.js';
import type { ReturnOfCrowd } from '../reconnect/returningCrowd.js';
import type { VoiceOfPair } from '../reconnect/voicePair.js';
import { atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import { benchVersions } from './benchInstallation.js';

/** One update of a server that people are on. */
export interface MeasuredUpdate extends ReturnOfCrowd {
  /** That was published. */
  readonly version: string;
  /** Of `rookery update`. */
  readonly exitCode: number;
  /** Of two more clients, of which one speaks all the time. */
  readonly voice: VoiceOfPair;
  readonly versionAfter: string;
  readonly sessionsAfter: number;
}

const downtimeMsMax = 3_000;
/** The two who speak and hear. */
const pairSessions = 2;

/** Holds the updates against the targets. Pure. */
export function judgeUpdates(updates: readonly MeasuredUpdate[], users: number): Verdict[] {
  return updates.flatMap((update) => {
    const isBroken = update.version === benchVersions.broken;
    const load = `${users} clients, ${isBroken ? 'a broken release' : 'a release'}`;
    const wanted = isBroken
      ? { versionAfter: benchVersions.next, exitCode: 1 }
      : { versionAfter: benchVersions.next, exitCode: 0 };
    const { versionAfter, exitCode, sessionsAfter, backAfterMs } = update;
    const [half, last] = [0.5, 1].map((share) => inSeconds(quantile(backAfterMs, share)));
    return [
      {
        load,
        target: isBroken ? 'undone by itself' : 'installed',
        figure: `version ${versionAfter} runs, exit code ${exitCode}`,
        isMet: versionAfter === wanted.versionAfter && exitCode === wanted.exitCode,
      },
      {
        load,
        target: 'all back in their rooms',
        figure: `${backAfterMs.length}; half after ${half ?? ''}, the last after ${last ?? ''}`,
        isMet: backAfterMs.length === users && sessionsAfter === users + pairSessions,
      },
      downtime(update, load, isBroken),
    ];
  });
}

function downtime({ voice, spanMs }: MeasuredUpdate, load: string, isBroken: boolean): Verdict {
  const figure =
    `${inSeconds(voice.gapMsMax)} for two who talk; ` +
    `${inSeconds(spanMs)} from the first who was lost to the last who was back`;
  if (isBroken) return { load, target: 'downtime of voice', figure, isMet: null };
  const isMet = atMost(Math.max(voice.gapMsMax, spanMs), downtimeMsMax);
  return { load, target: `downtime of voice ≤ ${downtimeMsMax / 1_000} s`, figure, isMet };
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** What people read, in Markdown. Pure. */
export function formatUpdates(verdicts: readonly Verdict[], machine: string): string {
  return [
    formatVerdicts(verdicts),
    '',
    `${machine}. Clients, server and the update share the machine. Two real clients talk and ` +
      'hear; the others come back as clients do and join their rooms. The broken release is told ' +
      'from a slow one when its time to be healthy is over.',
  ].join('\n');
}
