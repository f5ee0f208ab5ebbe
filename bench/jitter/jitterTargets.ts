import type { Verdict } from '../verdicts.js';
import type { JitterRow } from './jitterBench.js';

/** One thing that is asked of a trace. */
interface Check {
  readonly target: string;
  readonly isMet: boolean;
}

/** Added mean in ms and concealed share in percent, at most, by the kind of network. */
const bounds: ReadonlyMap<string, readonly [addedMeanMs: number, concealedPct: number]> = new Map([
  ['none', [22, 0]],
  ['j10', [72, 0.05]],
  ['j30', [228, 0.2]],
  ['j30_ord', [160, 0.3]],
  ['wifi60', [66, 0.1]],
]);
/** Networks that lose packets and do nothing else. */
const lossOnly = /^(loss|ge)\d+$/;
const fecShareMin = 0.85;
const lossAddedMeanMs = 28;
const [spikeP95Ms, spikeReturnMs] = [45, 3_000];

/**
 * What is asked of the jitter buffer, one verdict a trace. Holds for callbacks of 10 ms and packets
 * with FEC. Pure.
 *
 * @returns none for a trace of a kind of which nothing is asked
 */
export function jitterVerdicts(rows: readonly JitterRow[]): Verdict[] {
  return rows.flatMap((row) => {
    const checks = [...besideNetEq(row), ...bounded(row), ...afterSpike(row), ...recovered(row)];
    if (checks.length === 0) return [];
    const missed = checks.filter(({ isMet }) => !isMet);
    const { trace, added_mean: mean, added_p95: p95, concealed_pct: concealed } = row;
    return [
      {
        load: trace,
        target: (missed.length > 0 ? missed : checks).map(({ target }) => target).join('; '),
        figure: [`${mean} ms (p95 ${p95}), ${concealed} %`, ...extraFigures(row)].join(', '),
        isMet: missed.length === 0,
      },
    ];
  });
}

function besideNetEq({ neteq, added_mean: mean, concealed_pct: concealed }: JitterRow): Check[] {
  if (!neteq) return [];
  return [
    {
      target: `below NetEQ's ${neteq.added_mean} ms at ≤ ${neteq.concealed_pct} %`,
      isMet: mean < neteq.added_mean && concealed <= neteq.concealed_pct,
    },
  ];
}

function bounded({ trace, added_mean: mean, concealed_pct: concealed }: JitterRow): Check[] {
  const bound = bounds.get(trace);
  if (!bound) return [];
  const [meanMax, concealedMax] = bound;
  return [
    {
      target: `≤ ${meanMax} ms at ≤ ${concealedMax} %`,
      isMet: mean <= meanMax && concealed <= concealedMax,
    },
  ];
}

function afterSpike({ added_p95: p95, missing_pct: missing, return_ms: returned }: JitterRow) {
  if (returned === null) return [];
  return [
    { target: `p95 ≤ ${spikeP95Ms} ms`, isMet: p95 <= spikeP95Ms },
    { target: 'no frame lost', isMet: missing === 0 },
    { target: `back within ${spikeReturnMs / 1_000} s`, isMet: returned <= spikeReturnMs },
  ];
}

function recovered({ trace, added_mean: mean, ...row }: JitterRow): Check[] {
  if (!lossOnly.test(trace)) return [];
  return [
    {
      target: `FEC ≥ ${100 * fecShareMin} % of what it can`,
      isMet: row.fec_pct >= fecShareMin * row.fec_possible_pct,
    },
    { target: `≤ ${lossAddedMeanMs} ms`, isMet: mean <= lossAddedMeanMs },
  ];
}

function extraFigures(row: JitterRow): string[] {
  if (row.return_ms !== null) {
    return [`${row.missing_pct} % lost`, `back after ${(row.return_ms / 1_000).toFixed(1)} s`];
  }
  if (!lossOnly.test(row.trace)) return [];
  return [`FEC ${((100 * row.fec_pct) / row.fec_possible_pct).toFixed(0)} % of what it can`];
}
