/** Over which a speed is told: it neither jumps nor lags. */
const spanMs = 3_000;

interface Sample {
  readonly atMs: number;
  readonly doneBytes: number;
}

/** How fast a transfer was lately. Time is passed in. */
export class TransferSpeed {
  private samples: readonly Sample[] = [];

  /** To be told whenever more is done; less than before begins anew. @returns bytes a second */
  push(atMs: number, doneBytes: number): number {
    const last = this.samples.at(-1);
    if (last !== undefined && doneBytes < last.doneBytes) this.samples = [];
    const recent = this.samples.filter((sample, at) => {
      const next = this.samples[at + 1];
      return next === undefined || next.atMs > atMs - spanMs;
    });
    this.samples = [...recent, { atMs, doneBytes }];
    const [first] = this.samples;
    if (first === undefined || first.atMs === atMs) return 0;
    return (1_000 * (doneBytes - first.doneBytes)) / (atMs - first.atMs);
  }
}
