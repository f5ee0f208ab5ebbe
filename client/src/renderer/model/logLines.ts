import { logLevels, type LogEntry, type LogLevel } from '@rookery/client/host/clientLog';

/** An entry as it is listed: of the engine's process, or of this page. */
export interface LogLine extends Omit<LogEntry, 'entryId'> {
  /** Unique among all lines. */
  readonly lineId: string;
}

/** What is looked for. */
export interface LogFilter {
  /** This level and what is worse. */
  readonly level: LogLevel;
  /** '' for all. */
  readonly part: string;
  /** All of them are to be in a line, in any order and case. */
  readonly words: string;
}

/** Both logs as one, by time. Pure. */
export function mergedLines(
  engine: readonly LogEntry[],
  page: readonly LogEntry[],
): readonly LogLine[] {
  const lines = [
    ...engine.map((entry) => lineOf(entry, 'engine')),
    ...page.map((entry) => lineOf(entry, 'page')),
  ];
  return lines.sort((one, other) => one.atMs - other.atMs);
}

function lineOf({ entryId, ...entry }: LogEntry, source: string): LogLine {
  return { ...entry, lineId: `${source}${entryId}` };
}

/** The parts that lines are about, sorted. Pure. */
export function partsOf(lines: readonly LogLine[]): readonly string[] {
  return [...new Set(lines.map(({ part }) => part))].sort();
}

/** Those that fit. Pure. */
export function filteredLines(
  lines: readonly LogLine[],
  { level, part, words }: LogFilter,
): readonly LogLine[] {
  const leastLevel = logLevels.indexOf(level);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter((line) => {
    if (logLevels.indexOf(line.level) < leastLevel) return false;
    if (part !== '' && line.part !== part) return false;
    if (wanted.length === 0) return true;
    const text = logText(line).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Fields as they stand behind a text: `name=value`. Pure. */
export function fieldsText(fields: LogEntry['fields']): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(' ');
}

/** A line as it stands in a file. Pure. */
export function logText({ atMs, level, part, text, fields }: Omit<LogEntry, 'entryId'>): string {
  const head = `${new Date(atMs).toISOString()} ${level.padEnd(5)} ${part}: ${text}`;
  return `${head} ${fieldsText(fields)}`.trimEnd();
}
