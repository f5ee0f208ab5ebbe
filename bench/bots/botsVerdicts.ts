import type { BotFleetFigures } from '@rookery/client/bots/botFleet';
import type { StressTestOptions } from '@rookery/schemas/stressTest';
import { atLeast, atMost, type Verdict } from '../verdicts.js';

/** What the bench has measured. */
export interface BotsMeasured {
  readonly test: StressTestOptions;
  /** All of them. */
  readonly crowd: BotFleetFigures;
  /** Some that speak and whom nobody hears. */
  readonly alone: BotFleetFigures;
  readonly aloneCount: number;
}

/** Per cent of the frames. */
const lossPctMax = 0.1;
const serverMiBMax = 1_024;
const botsPerGiBMin = 1_000;
/** A silent bot costs at most this share of one that speaks. */
const silentShareMax = 1 / 20;

/** How the targets of bots came out. Pure. */
export function botsVerdicts({ test, crowd, alone, aloneCount }: BotsMeasured): Verdict[] {
  const { count, rooms, speakers } = test;
  const { result } = crowd;
  const load = `${count} bots, ${rooms} rooms, ${speakers} speak`;
  const { joined, wanted, delivered, expected, lossPct, delayMs, rssMiB, cpuPct } = result;
  const botsPerGiB = (1_024 * joined) / result.botsRssMiB;
  const silentPct = alone.quiet.bots / aloneCount;
  const speakingPct = alone.speaking.bots / aloneCount;
  const silentShare = silentPct / speakingPct;
  const heard = result.heard === null ? '' : `, heard right ${percent(result.heard.share)}`;
  return [
    {
      ...{ load, target: 'all joined', isMet: joined === wanted },
      figure: `${joined}, ${result.joinsPerSecond.toFixed(0)} a second`,
    },
    {
      ...{ load, target: `at most ${lossPctMax} % lost` },
      figure: `${lossPct.toFixed(4)} % (${delivered} of ${expected})${heard}`,
      isMet: expected === 0 ? null : atMost(lossPct, lossPctMax),
    },
    {
      ...{ load, target: `the server holds at most ${serverMiBMax} MiB` },
      figure: rssMiB === null ? 'unknown' : `${rssMiB.toFixed(0)} MiB`,
      isMet: atMost(rssMiB, serverMiBMax),
    },
    {
      ...{ load, target: `at least ${botsPerGiBMin} bots a GiB` },
      figure: `${botsPerGiB.toFixed(0)} (${result.botsRssMiB.toFixed(0)} MiB)`,
      isMet: atLeast(botsPerGiB, botsPerGiBMin),
    },
    {
      load: `${aloneCount} bots, each alone`,
      target: 'a silent one costs at most 1/20 of one that speaks',
      figure:
        `1/${(1 / silentShare).toFixed(0)} ` +
        `(${micros(silentPct)} beside ${micros(speakingPct)})`,
      isMet: atMost(silentShare, silentShareMax),
    },
    {
      ...{ load, target: 'CPU beside each other, of one core', isMet: null },
      figure:
        `server ${(cpuPct ?? NaN).toFixed(0)} %, bots ${crowd.speaking.bots.toFixed(0)} %; all ` +
        `silent: ${(crowd.quiet.server ?? NaN).toFixed(0)} and ${crowd.quiet.bots.toFixed(0)} %`,
    },
    {
      ...{ load, target: 'delay as the bots saw it, p50, p95, p99', isMet: null },
      figure: `${delayMs.p50.toFixed(1)}, ${delayMs.p95.toFixed(1)}, ${delayMs.p99.toFixed(1)} ms`,
    },
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Per cent of one core as time in each second. */
function micros(pct: number): string {
  return `${(pct * 10_000).toFixed(0)} µs a second`;
}
