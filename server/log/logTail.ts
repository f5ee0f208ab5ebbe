import { lineLevels, type LineLevel, type LogLine } from '@rookery/schemas/adminApi';
import { isPart, type LogPart } from './logLevels.js';

/** A line of the log of one of its parts, taken apart. */
type Line = LogLine<LogPart>;

export interface LogFilter {
  /** This level and those that matter more. */
  readonly level?: LineLevel;
  readonly part?: LogPart;
  /** Somewhere in the line, in any case of letters. */
  readonly text?: string;
  /** Later than the line of this number. */
  readonly after?: number;
  /** At most so many, the newest. */
  readonly limit?: number;
}

export type LogListener = (line: Line) => void;

export interface LogTailLimits {
  readonly linesMax: number;
  readonly charactersMax: number;
}

/** Some minutes of a busy server, and about a megabyte. */
export const logTailLimits: LogTailLimits = { linesMax: 2_000, charactersMax: 1_048_576 };

/**
 * The newest lines of the log, in memory, and who follows them. Lines are kept as they are written
 * and taken apart only for those who ask. Main thread.
 */
export class LogTail {
  readonly #limits: LogTailLimits;
  readonly #listeners = new Set<LogListener>();
  /** The oldest first. */
  #lines: string[] = [];
  #characters = 0;
  /** Of the oldest line that is kept. */
  #firstNumber = 1;

  constructor(limits: LogTailLimits = logTailLimits) {
    this.#limits = limits;
  }

  /**
   * Where the log writes to.
   *
   * @param json one line as pino writes it
   */
  write(json: string): void {
    const line = json.trimEnd();
    this.#lines.push(line);
    this.#characters += line.length;
    const { linesMax, charactersMax } = this.#limits;
    while (this.#lines.length > linesMax || this.#characters > charactersMax) {
      this.#characters -= this.#lines.shift()!.length;
      this.#firstNumber += 1;
    }
    if (this.#listeners.size === 0) return;
    const parsed = parseLine(line, this.#firstNumber + this.#lines.length - 1);
    if (parsed !== null) for (const listener of this.#listeners) listener(parsed);
  }

  /** @returns those that are kept and fit, the oldest first */
  recent(filter: LogFilter = {}): readonly Line[] {
    const found: Line[] = [];
    const { limit = this.#limits.linesMax, after = 0 } = filter;
    for (let at = this.#lines.length - 1; at >= 0 && found.length < limit; at--) {
      const number = this.#firstNumber + at;
      if (number <= after) break;
      const line = parseLine(this.#lines[at]!, number);
      if (line !== null && isWanted(line, filter)) found.push(line);
    }
    return found.reverse();
  }

  /**
   * Tells of each line from now on. What the listener does must be short, must not throw and must
   * not log.
   *
   * @returns its unsubscribe
   */
  subscribe(listener: LogListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Whether a line fits what is asked for, but for `after` and `limit`. */
export function isWanted(line: Line, { level, part, text }: LogFilter): boolean {
  if (level !== undefined && lineLevels.indexOf(line.level) < lineLevels.indexOf(level)) {
    return false;
  }
  if (part !== undefined && line.part !== part) return false;
  if (text === undefined) return true;
  const whole = `${line.message} ${JSON.stringify(line.fields)}`;
  return whole.toLowerCase().includes(text.toLowerCase());
}

/** pino's numbers: 10 for trace, ten more for each level above. */
function levelOf(number: unknown): LineLevel {
  const index = typeof number === 'number' ? Math.round(number / 10) - 1 : 2;
  return lineLevels[Math.min(Math.max(index, 0), lineLevels.length - 1)]!;
}

/** @returns null for what is too long to be kept, or no line of a log */
function parseLine(json: string, number: number): Line | null {
  try {
    const { level, time, part, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
    return {
      number,
      timeMs: typeof time === 'number' ? time : 0,
      level: levelOf(level),
      part: isPart(part) ? part : null,
      message: typeof msg === 'string' ? msg : '',
      fields,
    };
  } catch {
    return null;
  }
}
