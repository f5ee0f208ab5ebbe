import { median } from '../statistics.js';
import { atMost, type Verdict } from '../verdicts.js';

/** What a server used in a stretch of time. */
export interface Cost {
  readonly seconds: number;
  /** CPU seconds of the server in each second: of its main thread, and of all its threads. */
  readonly mainThread: number;
  readonly allThreads: number;
}

/** One after the other, so that what else changes meanwhile is in all three. */
export interface LookRound {
  /** Nobody looks. */
  readonly alone: Cost;
  /** The metrics are scraped again and again. */
  readonly scraped: Cost;
  readonly scrapes: number;
  /** A console is open, whose plots move. */
  readonly watched: Cost;
}

export interface OperatorMeasured {
  /** Sessions on the server. */
  readonly sessions: number;
  readonly speakers: number;
  readonly rounds: readonly LookRound[];
  /** Of the frames that were to be delivered meanwhile. */
  readonly lossPct: number;
  readonly expected: number;
}

const consoleShareMax = 0.02;
const scrapeMsMax = 10;
/** Per cent; what is allowed to be lost without anybody looking. */
const lossPctMax = 0.1;

/** How the targets came out: medians over the rounds. Pure. */
export function operatorVerdicts(measured: OperatorMeasured): Verdict[] {
  const { sessions, speakers, rounds, lossPct, expected } = measured;
  const load = `${sessions} sessions, ${speakers} speak`;
  const consoleShare = median(rounds.map((r) => r.watched.allThreads - r.alone.allThreads));
  const scrapeMs = median(rounds.map(scrapeMsOf));
  const alone = median(rounds.map((round) => round.alone.allThreads));
  return [
    {
      ...{ load, target: 'an open console costs at most 2 % of a core' },
      figure: `${percent(consoleShare)} (without it ${percent(alone)})`,
      isMet: atMost(consoleShare, consoleShareMax),
    },
    {
      ...{ load, target: `a scrape takes at most ${scrapeMsMax} ms of the main thread` },
      figure: `${scrapeMs.toFixed(2)} ms`,
      isMet: atMost(scrapeMs, scrapeMsMax),
    },
    {
      ...{ load, target: `the relay goes on: at most ${lossPctMax} % lost` },
      figure: `${lossPct.toFixed(4)} % of ${expected} frames`,
      isMet: expected === 0 ? null : atMost(lossPct, lossPctMax),
    },
  ];
}

function scrapeMsOf({ alone, scraped, scrapes }: LookRound): number {
  const beyond = scraped.mainThread - alone.mainThread;
  return (1_000 * beyond * scraped.seconds) / scrapes;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
