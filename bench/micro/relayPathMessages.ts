import type { BenchFigure } from '../bench.js';

/** What the relay's micro bench and its process say to each other. */
export interface ToRelayPathProcess {
  /** In one room, for the steps that depend on it. */
  readonly receivers: readonly number[];
}

export type FromRelayPathProcess = readonly BenchFigure[];
