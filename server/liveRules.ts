import { applyAbuseRule } from './abuseLimits.js';
import type { ServerConfig } from './config/serverConfig.js';
import type { ServerLimits } from './limits.js';
import type { RetentionRule } from './text/retention.js';
import type { UploadLimits } from './uploadLimits.js';

/**
 * The limits with what an operator chose of them. What may be chosen anew while the server runs
 * stands in objects of this start alone: their readers keep the objects and read the values anew
 * each time. Main thread.
 */
export class LiveRules {
  readonly limits: ServerLimits;
  readonly uploads: UploadLimits;
  /** What every room keeps of its messages. */
  readonly retention: RetentionRule;
  readonly #usual: ServerLimits;

  constructor(usual: ServerLimits, { streams, abuse, uploads, retention }: ServerConfig) {
    this.#usual = usual;
    this.limits = {
      ...usual,
      streams: { ...usual.streams, ...streams },
      abuse: applyAbuseRule(usual.abuse, abuse),
    };
    this.uploads = { ...usual.uploads, ...uploads };
    this.retention = { ...retention };
  }

  /** Takes over what may change while the server runs; the rest of the configuration is ignored. */
  apply({ streams, abuse, uploads, retention }: ServerConfig): void {
    const { failures, joinWork } = applyAbuseRule(this.#usual.abuse, abuse);
    Object.assign(this.limits.streams, streams);
    Object.assign(this.limits.abuse.failures, failures);
    Object.assign(this.limits.abuse.joinWork, joinWork);
    Object.assign(this.uploads, uploads);
    Object.assign(this.retention, retention);
  }
}
