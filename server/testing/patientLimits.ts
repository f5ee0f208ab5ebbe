import type { PacedClass } from '@rookery/schemas/messageClass';
import { abuseLimits, type AbuseLimits } from '../abuseLimits.js';
import type { BucketLimits } from '../limits.js';

const endless: BucketLimits = { perSecond: 1e6, burst: 1e6, refusedMax: 0 };

/** For tests of something else: all of their clients are at one address, and in a hurry. */
export const patientLimits: AbuseLimits = {
  ...abuseLimits,
  userPace: Object.fromEntries(
    Object.keys(abuseLimits.userPace).map((paced) => [paced, endless]),
  ) as Record<PacedClass, BucketLimits>,
  addressShare: 0,
  failures: { ...abuseLimits.failures, failuresMax: 0 },
  waiting: { perAddressMax: 10_000, connectionsMax: 10_000 },
};
