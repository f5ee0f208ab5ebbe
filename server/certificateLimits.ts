/** How a server looks after its certificate. */
export const certificateLimits = {
  /** Between two looks at files that an operator gave; what changed is used after the second. */
  lookMs: 5_000,
};

/** Of one server; tests choose others. */
export type CertificateLimits = Readonly<typeof certificateLimits>;
