import { stressTestLimits } from '@rookery/schemas/stressTest';

/** Bounds of bots and of the tests that are made with them. */
export interface BotLimits {
  /** Passes that are good at a time: a few operators try something at once. */
  readonly passesMax: number;
  /** How long a pass is good unless it is said, and at most. */
  readonly passMs: number;
  readonly passMsMax: number;
}

/** Part of `controlLimits`. */
export const botLimits: BotLimits = {
  passesMax: 32,
  passMs: 600_000,
  // As long as a test may last, and the joining before it.
  passMsMax: 2 * stressTestLimits.seconds.max * 1_000,
};
