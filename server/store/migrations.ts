import type { Tables } from './tables.js';

/** One step from a schema version to the next. */
export interface Migration {
  /** The version that the database has afterwards: one more than before. */
  readonly to: number;
  /** For the log: what changes. */
  readonly what: string;
  /** Works on a copy that nobody else has; what it commits is kept only if all steps succeed. */
  readonly run: (tables: Tables) => Promise<void>;
}

/** All steps there ever were, in order. Those of released versions are not changed any more. */
export const migrations: readonly Migration[] = [];
