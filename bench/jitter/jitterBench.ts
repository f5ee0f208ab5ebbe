import { parseArgs } from 'node:util';
import { liveJitterLimits } from '@rookery/client/engine/audio/audioLimits';
import type { Bench } from '../bench.js';
import { BenchError } from '../benchError.js';
import { keepResult } from '../results.js';
import { medianOf } from '../statistics.js';
import { formatVerdicts } from '../verdicts.js';
import { readTraces, type ArrivalTrace } from './arrivalTrace.js';
import { netEqFigures, type NetEqFigures } from './netEqFigures.js';
import { playTrace } from './playTrace.js';
import { stallReturnMs } from './stallReturn.js';
import { jitterVerdicts } from './jitterTargets.js';
import { syntheticTraces } from './syntheticTraces.js';
import { scoreTrace, type TraceScore } from './traceScore.js';

/** One row of the result. */
export interface JitterRow extends TraceScore {
  readonly trace: string;
  /** Null where nothing is known of such a trace. */
  readonly neteq: NetEqFigures | null;
  /** Until frames were played as early again as before the one stall that such a trace has. */
  readonly return_ms: number | null;
}

/** What is asked of the bench. */
export interface JitterBenchOptions {
  readonly callbackMs: 10 | 20;
  readonly fec: 'all' | 'none';
}

const phasesMs = { 10: [0.5, 3, 5.5, 8], 20: [0.5, 5.5, 10.5, 15.5] } as const;
/** Of the generated sets, of which the medians are told: a single one may be lucky. */
const seeds = [1, 2, 3, 4, 5];
/** The kind of trace with one stall. */
const stallTrace = 'spike200';
const columns = [
  'added_mean',
  'added_p95',
  'concealed_pct',
  'longest_ms',
  'late_pct',
  'fec_pct',
  'slowed_pct',
  'hastened_pct',
  'max_depth_packets',
] as const;

/** The jitter buffer on traces of arrival times: what it adds in delay, and what it conceals. */
export const jitterBench: Bench = {
  name: 'jitter',
  summary: 'delay added and sound concealed by the jitter buffer on traces, beside NetEQ',
  options: [
    '    --traces DIR   folder of seq,send_ms,arrive_ms,media_ms files (generated ones otherwise)',
    '    --step 10|20   milliseconds between callbacks of the sound card (10 otherwise)',
    '    --fec all|none packets that carry the one before them (all otherwise)',
  ].join('\n'),
  run: (args, output) => {
    const { options, folder, asJson } = parseJitterOptions(args);
    const rows =
      folder === undefined
        ? measureGenerated(options)
        : readTraces(folder).map((trace) => measureTrace(trace, options));
    const { callbackMs, fec } = options;
    const isJudged = callbackMs === 10 && fec === 'all';
    const verdicts = isJudged ? jitterVerdicts(rows) : [];
    const report = { bench: 'jitter', step_ms: callbackMs, fec, rows, verdicts };
    const markdown = formatVerdicts(verdicts);
    if (folder === undefined && isJudged) keepResult('jitter', report, `${markdown}\n\n${notes}`);
    const judged = verdicts.length > 0 ? `\n${markdown}\n` : '';
    output.out(asJson ? `${JSON.stringify(report)}\n` : jitterTable(rows) + judged);
    return Promise.resolve();
  },
};

const notes =
  `Medians of ${seeds.length} generated sets of traces. Delay added to that of the fastest ` +
  'packet, and the share of the frames that was concealed; callbacks of 10 ms, every packet with ' +
  'FEC.';

/** One row a kind of network: each figure's median over the sets. */
function measureGenerated(options: JitterBenchOptions): JitterRow[] {
  const sets = seeds.map((seed) =>
    syntheticTraces(seed).map((trace) => measureTrace(trace, options)),
  );
  return sets[0]!.map((first, index) => {
    const rows = sets.map((set) => set[index]!);
    const figures = Object.entries(first).filter(([, value]) => typeof value === 'number');
    const medians = figures.map(([name]) => [
      name,
      medianOf(rows, (row) => row[name as keyof TraceScore]),
    ]);
    return { ...first, ...Object.fromEntries(medians) } as JitterRow;
  });
}

/** Plays a trace at four phases of the sound card's clock and scores them together. */
export function measureTrace(
  trace: ArrivalTrace,
  { callbackMs, fec }: JitterBenchOptions,
): JitterRow {
  const limits = liveJitterLimits;
  const playings = phasesMs[callbackMs].map((phaseMs) =>
    playTrace(trace, { callbackMs, phaseMs, fec, limits }),
  );
  const neteq = netEqFigures.get(trace.name) ?? null;
  const return_ms = trace.name === stallTrace ? stallReturnMs(trace, playings) : null;
  return { trace: trace.name, ...scoreTrace(trace, playings), neteq, return_ms };
}

/**
 * Reads the command line. Pure.
 *
 * @throws BenchError `usage`
 */
export function parseJitterOptions(args: readonly string[]): {
  options: JitterBenchOptions;
  folder: string | undefined;
  asJson: boolean;
} {
  const { traces, step, fec, json } = parse(args);
  const callbackMs = step === '10' ? 10 : step === '20' ? 20 : null;
  if (callbackMs === null) throw new BenchError('usage', `--step ${step} is neither 10 nor 20.`);
  if (fec !== 'all' && fec !== 'none') {
    throw new BenchError('usage', `--fec ${fec} is neither all nor none.`);
  }
  return { options: { callbackMs, fec }, folder: traces, asJson: json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        traces: { type: 'string' },
        step: { type: 'string', default: '10' },
        fec: { type: 'string', default: 'all' },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw new BenchError('usage', (cause as Error).message, { cause });
  }
}

/** Rows as a table for people; what NetEQ reached stands in the last three columns. */
export function jitterTable(rows: readonly JitterRow[]): string {
  const head = ['trace', ...columns, 'neteq_mean', 'neteq_p95', 'neteq_concealed_pct'];
  const body = rows.map(({ neteq, ...row }) => [
    row.trace,
    ...columns.map((column) => String(row[column])),
    ...(neteq ? [neteq.added_mean, neteq.added_p95, neteq.concealed_pct].map(String) : []),
  ]);
  const lines = [head, ...body].map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(head[i]!.length + 2)))
      .join(''),
  );
  return `${lines.join('\n')}\n`;
}
