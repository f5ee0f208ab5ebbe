import type { Report } from './proof.js';

const titles = ['part', 'result', 'what was seen', 'figure'];

/**
 * Lays the reports out as a table for people.
 *
 * @returns lines without line breaks: titles, a rule, one line a part
 */
export function proofTable(reports: readonly Report[]): string[] {
  const rows = [
    titles,
    ...reports.map(({ part, result, what, figure }) => [part, result, what, figure]),
  ];
  const widths = titles.map((_title, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [lines[0]!, rule, ...lines.slice(1)];
}

/** The closing line over all reports, for example "6 passed, 0 failed, 1 skipped". */
export function proofSummary(reports: readonly Report[]): string {
  const count = (result: Report['result']): number =>
    reports.filter((report) => report.result === result).length;
  const line = `${count('proved')} passed, ${count('failed')} failed`;
  return count('skipped') === 0 ? line : `${line}, ${count('skipped')} skipped`;
}
