import type { CommandLane } from '@rookery/schemas/commandLane';
import { TokenBucket } from '../command/tokenBucket.js';
import type { LaneLimits } from '../laneLimits.js';

/** How many commands of one session one lane lets through. Pure: the clock is the caller's. */
export class LaneGate {
  readonly bucket: TokenBucket;
  readonly #unansweredMax: number;
  #unanswered = 0;

  constructor({ pace, unansweredMax }: LaneLimits, nowMs: number) {
    this.bucket = new TokenBucket(pace, nowMs);
    this.#unansweredMax = unansweredMax;
  }

  /** Whether as many commands wait for their answer as may. */
  get isFull(): boolean {
    return this.#unanswered >= this.#unansweredMax;
  }

  /** A command begins to wait for its answer. */
  enter(): void {
    this.#unanswered += 1;
  }

  /** It has its answer. */
  leave(): void {
    this.#unanswered -= 1;
  }
}

export type LaneGates = Readonly<Record<CommandLane, LaneGate>>;

export function createLaneGates(
  limits: Readonly<Record<CommandLane, LaneLimits>>,
  nowMs: number,
): LaneGates {
  return {
    commands: new LaneGate(limits.commands, nowMs),
    acks: new LaneGate(limits.acks, nowMs),
    bulk: new LaneGate(limits.bulk, nowMs),
  };
}
