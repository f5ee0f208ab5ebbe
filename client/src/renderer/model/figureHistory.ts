import { figureIds, type FigureId, type Figures } from './figures.js';

/** Fifteen minutes of four samples a second. */
export const historySamples = 3_600;

/** What a figure was over a while. */
export interface FigureSummary {
  readonly now: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly mean: number | null;
}

/**
 * The figures of the last while, oldest first. Its memory is fixed, 390 KB. What is not known is
 * NaN.
 */
export class FigureHistory {
  private readonly times = new Float64Array(historySamples);
  private readonly columns = new Map<FigureId, Float32Array>(
    figureIds.map((id) => [id, new Float32Array(historySamples)]),
  );
  private count = 0;

  /** @param atMs later than the one before */
  push(atMs: number, figures: Figures): void {
    const at = this.count % historySamples;
    this.times[at] = atMs;
    for (const [id, column] of this.columns) column[at] = figures[id] ?? NaN;
    this.count += 1;
  }

  clear(): void {
    this.count = 0;
  }

  /** Times, milliseconds, from `sinceMs` on. */
  timesSince(sinceMs: number): Float64Array {
    return this.collect(this.times, this.firstSince(sinceMs), Float64Array);
  }

  /** What a figure was at those times. */
  valuesSince(id: FigureId, sinceMs: number): Float32Array {
    return this.collect(this.columns.get(id)!, this.firstSince(sinceMs), Float32Array);
  }

  /** The last values of a figure, as many as there are. */
  lastValues(id: FigureId, samples: number): Float32Array {
    const first = Math.max(this.oldest, this.count - samples);
    return this.collect(this.columns.get(id)!, first, Float32Array);
  }

  summarySince(id: FigureId, sinceMs: number): FigureSummary {
    const values = this.valuesSince(id, sinceMs);
    const known = values.filter((value) => !Number.isNaN(value));
    if (known.length === 0) return { now: null, lowest: null, highest: null, mean: null };
    let [lowest, highest, sum] = [Infinity, -Infinity, 0];
    for (const value of known) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
      sum += value;
    }
    const now = values.at(-1)!;
    return { now: Number.isNaN(now) ? null : now, lowest, highest, mean: sum / known.length };
  }

  private get oldest(): number {
    return Math.max(0, this.count - historySamples);
  }

  private firstSince(sinceMs: number): number {
    let first = this.count;
    while (first > this.oldest && this.times[(first - 1) % historySamples]! >= sinceMs) first -= 1;
    return first;
  }

  private collect<Values extends Float32Array | Float64Array>(
    column: Values,
    first: number,
    Kind: new (length: number) => Values,
  ): Values {
    const values = new Kind(this.count - first);
    for (let i = 0; i < values.length; i += 1) values[i] = column[(first + i) % historySamples]!;
    return values;
  }
}
