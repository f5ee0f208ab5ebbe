import { leastDelayMs, type ArrivalTrace } from './arrivalTrace.js';
import type { PlayedPiece } from './playTrace.js';

/** What counts as the delay before the stall: the frames of so long. */
const beforeMs = 5_000;
/** Above the delay before: one step of the sound card is no difference. */
const slackMs = 10;

/**
 * How long after a network's one long stall frames are played as early again as before it.
 *
 * @param trace of a network that stalled once
 * @param playings of this trace
 * @returns milliseconds from the end of the stall, of the slowest playing; Infinity where one did
 * not return
 */
export function stallReturnMs(
  trace: ArrivalTrace,
  playings: readonly (readonly PlayedPiece[])[],
): number {
  const { packets } = trace;
  const delays = packets.map(({ sendMs, arriveMs }) =>
    arriveMs < Infinity ? arriveMs - sendMs : 0,
  );
  const stalled = packets[delays.indexOf(Math.max(...delays))]!;
  const leastMs = leastDelayMs(trace);
  const times = playings.map((pieces) => {
    const played = pieces
      .filter(({ seq }) => seq >= 0)
      .map(({ seq, playMs }) => ({ playMs, addedMs: playMs - packets[seq]!.sendMs - leastMs }));
    const before = played.filter(
      ({ playMs }) => playMs < stalled.sendMs && playMs >= stalled.sendMs - beforeMs,
    );
    const usualMs = Math.max(...before.map(({ addedMs }) => addedMs));
    const lastSlow = played.findLastIndex(({ addedMs }) => addedMs > usualMs + slackMs);
    const returned = played[lastSlow + 1];
    return returned ? Math.max(0, returned.playMs - stalled.arriveMs) : Infinity;
  });
  return Math.max(...times);
}
