import type { LiveFigures } from '@rookery/schemas/adminApi';

/** Fifteen minutes, one a second. */
export const historySeconds = 900;

/** What happened within one second; null where it is not known. */
export interface LiveSample {
  readonly atMs: number;
  readonly sessions: number;
  readonly speakers: number;
  /** A second, as all that follow up to the drops. */
  readonly packetsIn: number | null;
  readonly packetsOut: number | null;
  readonly framesIn: number | null;
  readonly framesOut: number | null;
  readonly quicIn: number | null;
  readonly quicOut: number | null;
  readonly drops: number | null;
  /** Of frames on their way out, those that the server itself lost. */
  readonly lossPct: number | null;
  readonly relayP50Ms: number | null;
  readonly relayP99Ms: number | null;
  /** Of one core: of the whole process, of its main thread, and of all that relay. */
  readonly cpuPct: number | null;
  readonly mainPct: number | null;
  readonly relayPct: number | null;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly loopMeanMs: number | null;
  readonly loopMaxMs: number | null;
}

export type SampleField = Exclude<keyof LiveSample, 'atMs'>;

/** Packets that nobody but the server is to blame for. */
const ownFaults = ['dropRing', 'dropRace', 'dropSend'];

const mebibyte = 1_048_576;

/** What two looks at the totals say of the time between them. Pure. */
export function sampleOf(before: LiveFigures | null, now: LiveFigures): LiveSample {
  // Whoever counts from zero again has started anew.
  const earlier = before !== null && before.uptimeSeconds <= now.uptimeSeconds ? before : null;
  const seconds = earlier === null ? 0 : (now.atMs - earlier.atMs) / 1_000;
  const rate = (read: (figures: LiveFigures) => number): number | null =>
    earlier === null || seconds <= 0 ? null : (read(now) - read(earlier)) / seconds;
  const share = (read: (figures: LiveFigures) => number): number | null => {
    const perSecond = rate(read);
    return perSecond === null ? null : perSecond * 100;
  };
  const delays = now.voice.relayDelay.map(
    (count, bucket) => count - (earlier?.voice.relayDelay[bucket] ?? 0),
  );
  const lost = rate(({ voice }) => sum(ownFaults.map((name) => voice.drops[name] ?? 0)));
  const framesOut = rate(({ voice }) => voice.framesOut);
  return {
    atMs: now.atMs,
    sessions: now.sessions,
    speakers: now.speakers,
    packetsIn: rate(({ voice }) => voice.packetsIn),
    packetsOut: rate(({ voice }) => voice.packetsOut),
    framesIn: rate(({ voice }) => voice.framesIn),
    framesOut,
    quicIn: rate(({ quic }) => quic.packetsIn),
    quicOut: rate(({ quic }) => quic.packetsOut),
    drops: rate(({ voice }) => sum(Object.values(voice.drops))),
    lossPct: lossOf(lost, framesOut),
    relayP50Ms: earlier === null ? null : quantileMs(delays, 0.5),
    relayP99Ms: earlier === null ? null : quantileMs(delays, 0.99),
    cpuPct: share(({ cpuSeconds }) => cpuSeconds),
    mainPct: share(({ threadSeconds }) => threadSeconds['main'] ?? 0),
    relayPct: share(relaySeconds),
    rssMiB: now.rssBytes / mebibyte,
    heapMiB: now.heapBytes / mebibyte,
    loopMeanMs: now.loopDelayMs?.mean ?? null,
    loopMaxMs: now.loopDelayMs?.max ?? null,
  };
}

/**
 * @param buckets bucket b holds 2^(b − 1) … 2^b − 1 µs
 * @returns the upper end of the bucket in which the share is reached, ms; null for no frames
 */
export function quantileMs(buckets: readonly number[], share: number): number | null {
  const total = sum(buckets);
  let reached = 0;
  const bucket = buckets.findIndex((count) => {
    reached += count;
    return count > 0 && reached >= share * total;
  });
  return bucket === -1 ? null : (2 ** bucket - 1) / 1_000;
}

function lossOf(lost: number | null, framesOut: number | null): number | null {
  if (lost === null || framesOut === null) return null;
  return lost + framesOut === 0 ? 0 : (100 * lost) / (lost + framesOut);
}

function relaySeconds({ threadSeconds }: LiveFigures): number {
  const relays = Object.entries(threadSeconds).filter(([thread]) => thread !== 'main');
  return sum(relays.map(([, seconds]) => seconds));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
