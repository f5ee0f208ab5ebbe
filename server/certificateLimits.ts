/** How a server looks after its certificate. */
export const certificateLimits = {
  /** Between two looks at files that an operator gave; what changed is used after the second. */
  lookMs: 5_000,
  /** Between two looks at the clock whether it is time to renew by ACME. */
  renewalLookMs: 60_000,
  /** Longest time of one try to get a certificate. */
  tryMsMax: 300_000,
  /** Between two questions whether the authority is done, at first and at most. */
  pollMs: 1_000,
  pollMsMax: 10_000,
};

/** Of one server; tests choose others. */
export type CertificateLimits = Readonly<typeof certificateLimits>;
