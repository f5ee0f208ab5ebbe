/** Levels of lines of the log, from the least to the most important. */
export const lineLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LineLevel = (typeof lineLevels)[number];

/** Which lines of the log somebody wants to see. */
export interface LogWish {
  /** This level and those that matter more. */
  readonly level: LineLevel;
  /** Without it those of all parts. */
  readonly part?: string;
}
