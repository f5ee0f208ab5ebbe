import { controlLimits, type BucketLimits, type ControlLimits } from '../limits.js';

/** The limits of lanes, with another pace of the commands. */
export function commandPace(pace: Partial<BucketLimits>): ControlLimits['lanes'] {
  const { lanes } = controlLimits;
  const { commands } = lanes;
  return { ...lanes, commands: { ...commands, pace: { ...commands.pace, ...pace } } };
}
