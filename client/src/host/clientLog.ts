import { withoutSecrets } from './withoutSecrets.js';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** `warn`: something went wrong and goes on; `error`: something was given up. */
export type LogLevel = (typeof logLevels)[number];

/** What is said of something that happened. Never holds what somebody wrote or said. */
export interface LogDraft {
  readonly level: LogLevel;
  /** What it is about: `connection`, `voice`, `sound`, `commands` … */
  readonly part: string;
  readonly text: string;
  readonly fields?: Readonly<Record<string, LogField>>;
}

export type LogField = string | number | boolean;

export interface LogEntry extends Required<LogDraft> {
  /** Counts up; one that is missing fell out of the log. */
  readonly entryId: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Hours of a quiet evening, and minutes of the worst. */
export const logEntriesMax = 2_000;

/**
 * What happened lately, newest last, without secrets. Bounded; shown to windows while one of them
 * watches. One thread.
 */
export class ClientLog {
  private entries: LogEntry[] = [];
  private lastId = 0;
  private watchers = 0;
  private frozen: readonly LogEntry[] | null = null;

  /** @param onChange what is shown is another */
  constructor(private readonly onChange: () => void) {}

  /** null while nobody watches. The same array until something is added. */
  get shown(): readonly LogEntry[] | null {
    if (this.watchers === 0) return null;
    this.frozen ??= [...this.entries];
    return this.frozen;
  }

  /** All that is kept, also while nobody watches. */
  read(): readonly LogEntry[] {
    return [...this.entries];
  }

  add({ level, part, text, fields = {} }: LogDraft): void {
    this.lastId += 1;
    this.entries.push({
      entryId: this.lastId,
      atMs: Date.now(),
      level,
      part,
      text: withoutSecrets(text),
      fields: cleaned(fields),
    });
    if (this.entries.length > logEntriesMax) this.entries.shift();
    this.frozen = null;
    if (this.watchers > 0) this.onChange();
  }

  /** From now on the log is shown. @returns ends it; to be called again does nothing more */
  watch(): () => void {
    this.watchers++;
    this.onChange();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.watchers--;
      this.onChange();
    };
  }
}

function cleaned(fields: Readonly<Record<string, LogField>>): Readonly<Record<string, LogField>> {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? withoutSecrets(value) : value,
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, LogField>>;
}
