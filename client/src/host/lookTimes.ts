/** From and to, milliseconds: somewhere between, so that not all clients ask at once. */
type Span = readonly [fromMs: number, toMs: number];

/** When it is looked for newer versions. */
export interface LookPace {
  /** After the start. */
  readonly first: Span;
  /** After a look. */
  readonly next: Span;
  /** After one that reached nobody. */
  readonly again: Span;
  /** Between two thoughts of whether it is time. */
  readonly tickMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const usualPace: LookPace = {
  first: [3 * minuteMs, 8 * minuteMs],
  next: [22 * hourMs, 26 * hourMs],
  again: [2 * hourMs, 4 * hourMs],
  tickMs: minuteMs / 2,
};

/**
 * When the next look is due. It goes by the time of day, so a machine that slept looks when it is
 * awake again; a clock that was put back delays nothing. Has no clock and no chance of its own.
 */
export class LookTimes {
  private dueAtMs: number;

  /** @param random 0 … 1 @param nowMs milliseconds since 1970, as in the methods */
  constructor(
    private readonly pace: LookPace,
    private readonly random: () => number,
    nowMs: number,
  ) {
    this.dueAtMs = nowMs + this.within(pace.first);
  }

  isDue(nowMs: number): boolean {
    const isClockPutBack = this.dueAtMs - nowMs > Math.max(this.pace.next[1], this.pace.first[1]);
    return nowMs >= this.dueAtMs || isClockPutBack;
  }

  /** @param hasReached whether anybody answered */
  looked(hasReached: boolean, nowMs: number): void {
    this.dueAtMs = nowMs + this.within(hasReached ? this.pace.next : this.pace.again);
  }

  private within([fromMs, toMs]: Span): number {
    return fromMs + this.random() * (toMs - fromMs);
  }
}
