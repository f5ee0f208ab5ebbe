import {
  continuesSpurt,
  leastDelayMs,
  traceFrameMs,
  type ArrivalTrace,
  type TracePacket,
} from './arrivalTrace.js';
import type { PlayedPiece } from './playTrace.js';

/**
 * How a trace was played. Times in milliseconds, shares in percent of the frames sent; "added" is
 * what a frame was played later than the trace's fastest packet would have allowed.
 */
export interface TraceScore {
  readonly added_mean: number;
  readonly added_median: number;
  readonly added_p95: number;
  readonly added_max: number;
  /** Made up, or silent within a spurt. What FEC brought back is neither. */
  readonly concealed_pct: number;
  /** Runs of it, a playing. */
  readonly concealed_events: number;
  readonly longest_ms: number;
  /** Sent and never played, not even by FEC. */
  readonly missing_pct: number;
  readonly lost_pct: number;
  /** Arrived and never played. */
  readonly late_pct: number;
  readonly fec_pct: number;
  /** Lost, while the packet that carries them arrived. */
  readonly fec_possible_pct: number;
  /** Time added and removed by stretching. */
  readonly slowed_pct: number;
  readonly hastened_pct: number;
  readonly max_depth_packets: number;
}

/** What one playing adds to the sums. */
interface Sums {
  readonly addedMs: number[];
  fec: number;
  concealedMs: number;
  longestMs: number;
  events: number;
  missing: number;
  late: number;
  slowedMs: number;
  hastenedMs: number;
  depth: number;
}

/**
 * Scores playings of one trace, pooled.
 *
 * @throws RangeError where a frame was played twice, or before what it needs arrived
 */
export function scoreTrace(
  trace: ArrivalTrace,
  playings: readonly (readonly PlayedPiece[])[],
): TraceScore {
  const runs = playings.map((pieces) => sumsOf(trace, pieces));
  const total = (pick: (sums: Sums) => number): number =>
    runs.reduce((sum, run) => sum + pick(run), 0);
  const frames = trace.packets.length * runs.length;
  const percent = (part: number): number => rounded((100 * part) / frames, 3);
  const added = Float64Array.from(runs.flatMap(({ addedMs }) => addedMs)).sort();
  const quantile = (share: number): number =>
    rounded(added[Math.max(0, Math.ceil(share * added.length) - 1)] ?? NaN, 2);
  const isLost = ({ arriveMs }: TracePacket): boolean => arriveMs === Infinity;
  const lost = trace.packets.filter(isLost).length;
  const recoverable = trace.packets.filter(
    (packet, seq) =>
      isLost(packet) && continuesSpurt(trace, seq + 1) && !isLost(trace.packets[seq + 1]!),
  ).length;
  return {
    added_mean: rounded(added.reduce((sum, ms) => sum + ms, 0) / added.length, 2),
    added_median: quantile(0.5),
    added_p95: quantile(0.95),
    added_max: quantile(1),
    concealed_pct: percent(total(({ concealedMs }) => concealedMs) / traceFrameMs),
    concealed_events: rounded(total(({ events }) => events) / runs.length, 1),
    longest_ms: Math.max(...runs.map(({ longestMs }) => longestMs)),
    missing_pct: percent(total(({ missing }) => missing)),
    lost_pct: percent(lost * runs.length),
    late_pct: percent(total(({ late }) => late)),
    fec_pct: percent(total(({ fec }) => fec)),
    fec_possible_pct: percent(recoverable * runs.length),
    slowed_pct: percent(total(({ slowedMs }) => slowedMs) / traceFrameMs),
    hastened_pct: percent(total(({ hastenedMs }) => hastenedMs) / traceFrameMs),
    max_depth_packets: Math.max(...runs.map(({ depth }) => depth)),
  };
}

function sumsOf(trace: ArrivalTrace, pieces: readonly PlayedPiece[]): Sums {
  const sums: Sums = {
    addedMs: [],
    fec: 0,
    concealedMs: 0,
    longestMs: 0,
    events: 0,
    missing: 0,
    late: 0,
    slowedMs: 0,
    hastenedMs: 0,
    depth: 0,
  };
  const playedAtMs = new Map<number, number>();
  const spurts = spurtNumbers(trace);
  const leastMs = leastDelayMs(trace);
  const hole = { concealedMs: 0, silentMs: 0 };
  let last = -1;
  for (const { kind, seq, playMs, durationMs } of pieces) {
    if (kind === 'concealed') hole.concealedMs += durationMs;
    else if (kind === 'silence') hole.silentMs += durationMs;
    else {
      check(trace, kind, seq, playMs, playedAtMs);
      const isSameSpurt = last >= 0 && spurts[last] === spurts[seq];
      // What comes before the first frame is no concealment, nor is silence between two spurts.
      const holeMs = last < 0 ? 0 : hole.concealedMs + (isSameSpurt ? hole.silentMs : 0);
      sums.concealedMs += holeMs;
      if (holeMs > 0) sums.events++;
      sums.longestMs = Math.max(sums.longestMs, holeMs);
      hole.concealedMs = hole.silentMs = 0;
      last = seq;
      playedAtMs.set(seq, playMs);
      if (kind === 'fec') sums.fec++;
      sums.addedMs.push(playMs - trace.packets[seq]!.sendMs - leastMs);
      sums.slowedMs += Math.max(0, durationMs - traceFrameMs);
      sums.hastenedMs += Math.max(0, traceFrameMs - durationMs);
    }
  }
  const unplayed = trace.packets.filter((_, seq) => !playedAtMs.has(seq));
  sums.missing = unplayed.length;
  sums.late = unplayed.filter(({ arriveMs }) => arriveMs < Infinity).length;
  sums.depth = depthOf(trace, playedAtMs);
  return sums;
}

function check(
  trace: ArrivalTrace,
  kind: 'frame' | 'fec',
  seq: number,
  playMs: number,
  playedAtMs: ReadonlyMap<number, number>,
): void {
  const carrier = trace.packets[kind === 'fec' ? seq + 1 : seq];
  const isHere = carrier !== undefined && carrier.arriveMs <= playMs;
  if (isHere && !playedAtMs.has(seq)) return;
  throw new RangeError(`${trace.name}: frame ${seq} played at ${playMs} ms, twice or too early`);
}

function spurtNumbers(trace: ArrivalTrace): number[] {
  let spurt = 0;
  return trace.packets.map((_, seq) => (continuesSpurt(trace, seq) ? spurt : ++spurt));
}

/** Most packets that had arrived and were yet to be played, the one just playing among them. */
function depthOf({ packets }: ArrivalTrace, playedAtMs: ReadonlyMap<number, number>): number {
  const plays = [...playedAtMs].sort((a, b) => a[1] - b[1]);
  const arrivals = plays.map(([seq]) => packets[seq]!.arriveMs).sort((a, b) => a - b);
  let [arrived, left, depth] = [0, 0, 0];
  for (const [seq, atMs] of plays) {
    while (arrived < arrivals.length && arrivals[arrived]! <= atMs) arrived++;
    depth = Math.max(depth, arrived - left);
    if (packets[seq]!.arriveMs <= atMs) left++;
  }
  return depth;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
