import { ClientError } from '@rookery/client/engine/clientError';
import { BenchError } from './benchError.js';
import { formatTable, verdictText } from './verdicts.js';

/** One measured figure of a bench, beside its yardstick where it has one. */
export interface BenchFigure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What the same work costs without us, in the same run. */
  readonly yardstick?: number;
  /** Median over the repetitions of value ÷ yardstick, not the quotient of the two above. */
  readonly ratio?: number;
  /** Between which the ratio is to be, where it has a target. */
  readonly ratioMin?: number;
  readonly ratioMax?: number;
}

/** A bench whose result is a list of figures, and which takes no options of its own. */
export interface FigureBench {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  run(): Promise<BenchFigure[]>;
}

/** What `npm run bench -- <name>` runs. */
export interface Bench {
  readonly name: string;
  readonly summary: string;
  /**
   * @param args what follows the name
   * @throws BenchError
   */
  run(args: readonly string[], output: BenchOutput): Promise<void>;
  /** Lines that explain its options, where it has more than `--json`. */
  readonly options?: string;
}

/** What a bench's run ends with. */
export interface BenchReport {
  readonly bench: string;
  readonly machine: string;
  readonly figures: readonly BenchFigure[];
}

/** Where a run's text goes. */
export interface BenchOutput {
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs the bench that the arguments name: `<name> [options]`; `--help` tells its options.
 *
 * @returns the exit code: 0, 1 where the bench could not be run, or 2 for wrong usage
 */
export async function runNamedBench(
  benches: readonly Bench[],
  args: readonly string[],
  output: BenchOutput,
): Promise<number> {
  const [name, ...options] = args;
  const bench = benches.find((candidate) => candidate.name === name);
  if (bench === undefined) {
    output.err(usage(benches));
    return 2;
  }
  if (options.includes('--help')) {
    output.out(usage([bench]));
    return 0;
  }
  try {
    await bench.run(options, output);
    return 0;
  } catch (error) {
    // Sessions of benches are the client's, and so are their faults.
    if (!(error instanceof BenchError || error instanceof ClientError)) throw error;
    output.err(`bench: ${error.message}\n`);
    if (error.code !== 'usage') return 1;
    output.err(usage([bench]));
    return 2;
  }
}

/**
 * A bench of figures as one to be run by name, with `--json` for its only option.
 *
 * @param machine the line that tells what the figures were measured on
 * @param keep is given what was measured
 */
export function benchOfFigures(
  bench: FigureBench,
  machine: string,
  keep: (report: BenchReport) => void = () => undefined,
): Bench {
  const { name, summary } = bench;
  return {
    name,
    summary,
    run: async (args, output) => {
      const unknown = args.find((arg) => arg !== '--json');
      if (unknown !== undefined) throw new BenchError('usage', `${name} takes no ${unknown}.`);
      const report = { bench: name, machine, figures: await bench.run() };
      keep(report);
      output.out(args.includes('--json') ? `${JSON.stringify(report)}\n` : reportText(report));
    },
  };
}

function usage(benches: readonly Bench[]): string {
  const width = Math.max(...benches.map(({ name }) => name.length));
  const list = benches.map(({ name, summary, options }) => {
    const explained = options === undefined ? '' : `${options}\n`;
    return `  ${name.padEnd(width)}  ${summary}\n${explained}`;
  });
  return `usage: npm run bench -- <name> [options] [--json]\n\n${list.join('')}`;
}

/** A report as a table for people. */
export function reportText({ bench, machine, figures }: BenchReport): string {
  const rows = [figureHead, ...figures.map(figureRow)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const isText = column === 0 || column === row.length - 1;
        return isText ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${bench} on ${machine}\n\n${lines.join('\n')}\n`;
}

/** The same in Markdown, with the targets that there are. */
export function figureTable({ machine, figures }: BenchReport): string {
  const rows = figures.map((figure) => [...figureRow(figure), ...targetCells(figure)]);
  const table = formatTable([...figureHead, 'target of the ratio', 'verdict'], rows);
  return `${table}\n\n${machine}.`;
}

const figureHead = ['', 'value', 'yardstick', 'ratio', 'unit'] as const;

function figureRow({ name, value, yardstick, ratio, unit }: BenchFigure): string[] {
  return [
    name,
    rounded(value),
    yardstick === undefined ? '' : rounded(yardstick),
    ratio === undefined ? '' : ratio.toFixed(2),
    unit,
  ];
}

function targetCells({ ratio = NaN, ratioMin, ratioMax }: BenchFigure): string[] {
  if (ratioMin === undefined && ratioMax === undefined) return ['', ''];
  const bounds = [
    ...(ratioMin === undefined ? [] : [`≥ ${ratioMin.toFixed(2)}`]),
    ...(ratioMax === undefined ? [] : [`≤ ${ratioMax.toFixed(2)}`]),
  ];
  const isMet = ratio >= (ratioMin ?? -Infinity) && ratio <= (ratioMax ?? Infinity);
  return [bounds.join(', '), verdictText(isMet)];
}

function rounded(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
