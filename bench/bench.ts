/** One measured figure of a bench, beside its yardstick where it has one. */
export interface BenchFigure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What the same work costs without us, in the same run. */
  readonly yardstick?: number;
  /** Median over the repetitions of value ÷ yardstick, not the quotient of the two above. */
  readonly ratio?: number;
}

/** A bench that `npm run bench -- <name>` runs. */
export interface Bench {
  readonly name: string;
  /** One line for the list. */
  readonly summary: string;
  run(): Promise<BenchFigure[]>;
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
 * Runs the bench that the arguments name: `<name> [--json]`.
 *
 * @param machine the line that tells what the figures were measured on
 * @returns the exit code: 0, or 2 for wrong usage, after the list of benches
 */
export async function runNamedBench(
  benches: readonly Bench[],
  args: readonly string[],
  machine: string,
  output: BenchOutput,
): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknownOption = args.find((arg) => arg.startsWith('--') && arg !== '--json');
  const bench = benches.find(({ name }) => name === names[0]);
  if (bench === undefined || names.length > 1 || unknownOption !== undefined) {
    output.err(usage(benches));
    return 2;
  }
  const report = { bench: bench.name, machine, figures: await bench.run() };
  output.out(args.includes('--json') ? `${JSON.stringify(report)}\n` : reportText(report));
  return 0;
}

function usage(benches: readonly Bench[]): string {
  const width = Math.max(...benches.map(({ name }) => name.length));
  const list = benches.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return `usage: npm run bench -- <name> [--json]\n\n${list.join('')}`;
}

/** A report as a table for people. */
export function reportText({ bench, machine, figures }: BenchReport): string {
  const rows = [
    ['', 'value', 'yardstick', 'ratio', 'unit'],
    ...figures.map(({ name, value, yardstick, ratio, unit }) => [
      name,
      rounded(value),
      yardstick === undefined ? '' : rounded(yardstick),
      ratio === undefined ? '' : ratio.toFixed(2),
      unit,
    ]),
  ];
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

function rounded(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
