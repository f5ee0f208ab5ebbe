import type { Metric, MetricValueWithName } from 'prom-client';

/** One bucket, and the one value that it stands for in the sum. */
export interface CountedBucket {
  readonly count: number;
  /** Its upper end, inclusive; what is above the last bucket is in the last. */
  readonly upTo: number;
}

/** What the registry writes down. */
interface Told {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly values: readonly MetricValueWithName<string>[];
  readonly aggregator: 'sum';
}

export interface CountedHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** From the least to the greatest. */
  readonly read: () => readonly CountedBucket[];
  /** Whether each bucket holds one value alone, so that the sum of all is known. */
  readonly hasSum: boolean;
}

/**
 * A histogram of what is counted elsewhere, by buckets of its own: prom-client's own counts for
 * itself. Where buckets are wide the sum of what was observed is not known, and none is told.
 */
export function countedHistogram({ name, help, read, hasSum }: CountedHistogramOptions): Metric {
  const get = (): Promise<Told> => {
    const values: MetricValueWithName<string>[] = [];
    let reached = 0;
    let sum = 0;
    const tellUpTo = (le: string | number): void => {
      values.push({ metricName: `${name}_bucket`, labels: { le }, value: reached });
    };
    const buckets = read();
    buckets.forEach(({ count, upTo }, i) => {
      reached += count;
      sum += count * upTo;
      if (i < buckets.length - 1) tellUpTo(upTo);
    });
    tellUpTo('+Inf');
    if (hasSum) values.push({ metricName: `${name}_sum`, labels: {}, value: sum });
    values.push({ metricName: `${name}_count`, labels: {}, value: reached });
    return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
  };
  // Of a metric the registry wants its name, and what it tells at a scrape.
  return { name, get } as unknown as Metric;
}
