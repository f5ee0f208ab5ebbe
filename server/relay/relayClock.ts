/**
 * Where a relay takes its time from. A time that is handed from function to function would be a new
 * object of the heap each time, so it lies in a place that all parts look at.
 */
export interface RelayClock {
  /** One element: the time of the packets that are handed over, ms, the same in all workers. */
  readonly nowMs: Float64Array;
  /** What makes it the time since 1970. */
  readonly epochMs: number;
  /** Brings `nowMs` up to date. */
  read(): void;
}
