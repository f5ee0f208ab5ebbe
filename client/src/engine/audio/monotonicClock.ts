/**
 * @returns milliseconds of a clock that never goes back and is the same in every thread of the
 * process, which `performance.now()` is not: it counts from each worker's own start
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
