/** Microseconds of the machine's monotonic clock: the same in all of its processes. */
export function machineUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
