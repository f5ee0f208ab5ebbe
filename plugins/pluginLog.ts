import type { PluginLogLevel } from './blockFunctions.js';
import type { PluginLimits } from './limits.js';

export interface PluginLogLine {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly level: PluginLogLevel;
  readonly text: string;
}

type LogLimits = Pick<PluginLimits, 'logLinesKept' | 'logLinesPerMinute' | 'logLineCharsMax'>;

const minuteMs = 60_000;

/** The newest lines of one plugin; of more than its share in a minute the rest is counted. */
export class PluginLog {
  readonly #limits: LogLimits;
  readonly #lines: PluginLogLine[] = [];
  #minuteFromMs = -Infinity;
  #inMinute = 0;
  /** Lines that came too fast. */
  dropped = 0;

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  /** The oldest first. */
  get lines(): readonly PluginLogLine[] {
    return this.#lines;
  }

  /** @returns whether the line was taken */
  note(level: PluginLogLevel, text: string, atMs: number): boolean {
    if (atMs - this.#minuteFromMs >= minuteMs || atMs < this.#minuteFromMs) {
      this.#minuteFromMs = atMs;
      this.#inMinute = 0;
    }
    this.#inMinute += 1;
    if (this.#inMinute > this.#limits.logLinesPerMinute) {
      this.dropped += 1;
      return false;
    }
    this.#lines.push({ atMs, level, text: plainLine(text, this.#limits.logLineCharsMax) });
    if (this.#lines.length > this.#limits.logLinesKept) this.#lines.shift();
    return true;
  }
}

/** Nothing that could move a terminal's cursor or begin another line. */
function plainLine(text: string, charsMax: number): string {
  return text.slice(0, charsMax).replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
