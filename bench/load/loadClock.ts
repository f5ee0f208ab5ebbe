/** Monotonic microseconds: the clock of the load. */
export function nowUs(): number {
  return performance.now() * 1_000;
}
