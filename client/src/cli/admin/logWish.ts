import type { LineLevel } from '@rookery/schemas/adminApi';

/** Which lines of the log somebody wants to see. */
export interface LogWish {
  /** This level and those that matter more. */
  readonly level: LineLevel;
  /** Without it those of all parts. */
  readonly part?: string;
}
