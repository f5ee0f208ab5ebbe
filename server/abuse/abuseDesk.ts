import type { AbuseLimits } from '../abuseLimits.js';
import { Pacing, type PacingStats } from './pacing.js';

export interface AbuseDeskOptions {
  readonly limits: AbuseLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** What the admin interface tells of it. */
export interface AbuseStats {
  readonly pacing: PacingStats;
}

/** What keeps users and addresses from asking for more than their share. Main thread. */
export class AbuseDesk {
  readonly pacing: Pacing;

  constructor(options: AbuseDeskOptions) {
    this.pacing = new Pacing(options);
  }

  /** Call about once a second. */
  sweep(): void {
    this.pacing.sweep();
  }

  stats(): AbuseStats {
    return { pacing: this.pacing.stats() };
  }
}
