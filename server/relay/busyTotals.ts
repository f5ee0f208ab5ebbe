/**
 * How long each worker was at work since the start. The workers' own counts begin anew every 71
 * minutes, so read at least that often. Main thread.
 */
export class BusyTotals {
  readonly #busyUs: () => readonly number[];
  #before: readonly number[];
  readonly #totalsUs: number[];

  /** @param busyUs by worker: microseconds at work, modulo 2^32 */
  constructor(busyUs: () => readonly number[]) {
    this.#busyUs = busyUs;
    this.#before = busyUs();
    this.#totalsUs = [...this.#before];
  }

  /** @returns seconds, by worker */
  read(): number[] {
    const after = this.#busyUs();
    after.forEach((us, worker) => {
      this.#totalsUs[worker]! += (us - this.#before[worker]!) >>> 0;
    });
    this.#before = after;
    return this.#totalsUs.map((us) => us / 1e6);
  }
}
