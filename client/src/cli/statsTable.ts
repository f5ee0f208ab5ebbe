import type { ServerStats } from './serverStats.js';

interface Row {
  readonly name: string;
  readonly value: string;
}

/** Percentiles of the relay delay that are shown. */
const delayPercentiles = [50, 95, 99] as const;

/** What was told some time ago. */
export interface EarlierStats {
  readonly stats: ServerStats;
  readonly secondsAgo: number;
}

/**
 * What a relay has done, as lines for a person. Pure.
 *
 * @param earlier of the same server: then what happened since is shown, as rates, and no totals
 */
export function statsTable(now: ServerStats, earlier: EarlierStats | null): string[] {
  // Whoever has been up for less time has started again, and counts from zero.
  const isSame = earlier !== null && earlier.stats.uptimeSeconds <= now.uptimeSeconds;
  const since = isSame ? earlier : null;
  const shown = since === null ? now : difference(now, since.stats);
  const rows = [
    ...peopleRows(now),
    ...trafficRows(shown, since?.secondsAgo ?? null),
    ...bundleRows(shown),
    ...delayRows(shown),
    ...dropRows(shown),
  ];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, value }) => `${name.padEnd(width)}  ${value}`);
}

/**
 * The delay below which that share of the frames stayed, as the upper end of its bucket: bucket b
 * of the histogram holds 2^(b − 1) … 2^b − 1 µs.
 *
 * @param share 0 … 1
 * @returns microseconds, or null where nothing was measured
 */
export function delayUsAt(histogram: readonly number[], share: number): number | null {
  const total = sum(histogram);
  if (total === 0) return null;
  let below = 0;
  const bucket = histogram.findIndex((count) => {
    below += count;
    return below >= total * share;
  });
  return 2 ** bucket;
}

function peopleRows({ uptimeSeconds, sessions, connections }: ServerStats): Row[] {
  return [
    { name: 'up', value: `${uptimeSeconds} s` },
    ...(sessions === null ? [] : [{ name: 'sessions', value: count(sessions) }]),
    ...(connections === null ? [] : [{ name: 'connections', value: count(connections) }]),
  ];
}

function trafficRows({ counters }: ServerStats, seconds: number | null): Row[] {
  const amount = (value: number): string =>
    seconds === null ? count(value) : `${count(value / seconds)}/s`;
  return [
    ['packets', 'packetsIn', 'packetsOut'],
    ['frames', 'framesIn', 'framesOut'],
    ['bytes', 'bytesIn', 'bytesOut'],
  ].flatMap(([name, inName, outName]) => {
    const [inCount, outCount] = [counters[inName!], counters[outName!]];
    if (inCount === undefined || outCount === undefined) return [];
    return [{ name: name!, value: `${amount(inCount)} in, ${amount(outCount)} out` }];
  });
}

function bundleRows({ counters, histograms }: ServerStats): Row[] {
  const { framesOut, packetsOut, pongs = 0 } = counters;
  const rows: Row[] = [];
  if (framesOut !== undefined && packetsOut !== undefined && packetsOut > pongs) {
    const fill = (framesOut / (packetsOut - pongs)).toFixed(2);
    rows.push({ name: 'frames per packet out', value: fill });
  }
  const flushes = histograms['framesPerFlush'] ?? [];
  const total = sum(flushes);
  const shares = flushes
    .map((flushesOf, frames) => ({ frames, share: flushesOf / total }))
    .filter(({ share }) => share >= 0.01)
    .map(({ frames, share }) => `${frames}: ${Math.round(100 * share)} %`);
  if (total > 0) rows.push({ name: 'frames sent together', value: shares.join(', ') });
  return rows;
}

function delayRows({ histograms }: ServerStats): Row[] {
  const histogram = histograms['relayDelay'] ?? [];
  const parts = delayPercentiles.flatMap((percent) => {
    const delayUs = delayUsAt(histogram, percent / 100);
    return delayUs === null ? [] : [`p${percent} < ${microseconds(delayUs)}`];
  });
  return parts.length === 0 ? [] : [{ name: 'relay delay', value: parts.join(', ') }];
}

function dropRows({ counters }: ServerStats): Row[] {
  const drops = Object.entries(counters).filter(([name]) => /^drop[A-Z]/.test(name));
  const happened = drops
    .filter(([, dropped]) => dropped > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, dropped]) => ({
      name: `dropped: ${words(name.slice(4))}`,
      value: count(dropped),
    }));
  return happened.length === 0 ? [{ name: 'dropped', value: 'nothing' }] : happened;
}

function difference(now: ServerStats, before: ServerStats): ServerStats {
  const since = (value: number, earlier: number | undefined): number => value - (earlier ?? 0);
  return {
    ...now,
    counters: mapValues(now.counters, (value, name) => since(value, before.counters[name])),
    histograms: mapValues(now.histograms, (buckets, name) =>
      buckets.map((value, bucket) => since(value, before.histograms[name]?.[bucket])),
    ),
  };
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  const changed = Object.entries(record).map(([name, value]) => [name, change(value, name)]);
  return Object.fromEntries(changed) as Record<string, B>;
}

/** `UnknownSession` as people write it. */
function words(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function microseconds(us: number): string {
  return us < 1_000 ? `${us} µs` : `${(us / 1_000).toPrecision(2)} ms`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
