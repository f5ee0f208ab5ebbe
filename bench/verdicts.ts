/** One target, and how it came out. */
export interface Verdict {
  readonly load: string;
  readonly target: string;
  /** What was measured, as people read it. */
  readonly figure: string;
  /** null where it could not be judged on this machine. */
  readonly isMet: boolean | null;
}

/** Whether a figure reaches a bound; null stands for no figure. */
export function atLeast(figure: number | null, bound: number): boolean | null {
  return figure === null || Number.isNaN(figure) ? null : figure >= bound;
}

/** The same for an upper bound. */
export function atMost(figure: number | null, bound: number): boolean | null {
  return figure === null || Number.isNaN(figure) ? null : figure <= bound;
}

/** A table in Markdown, its columns aligned for who reads it as text. */
export function formatVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ load, target, figure, isMet }) => [
    load,
    target,
    figure,
    verdictText(isMet),
  ]);
  return formatTable(['load', 'target', 'figure', 'verdict'], rows);
}

/** @param isMet as in Verdict */
export function verdictText(isMet: boolean | null): string {
  if (isMet === null) return 'not measured';
  return isMet ? 'met' : '**missed**';
}

/** Any table in Markdown. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
