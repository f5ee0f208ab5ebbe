/** How the authority is shown that a name leads here. */
export const acmeChallenges = ['http-01', 'tls-alpn-01'] as const;

export type AcmeChallenge = (typeof acmeChallenges)[number];

/** How a server gets certificates by ACME (RFC 8555). */
export interface AcmeConfig {
  /** DNS names, in lower case; at least one. */
  readonly domains: readonly string[];
  /** Where the authority writes to when something is wrong; null for nowhere. */
  readonly email: string | null;
  /** URL of the authority's directory. */
  readonly directory: string;
  readonly challenge: AcmeChallenge;
  /** TCP, on which the challenge is answered while a certificate is issued. */
  readonly port: number;
}

/** Short names for the authority that most use. */
export const acmeDirectories: Readonly<Record<string, string>> = {
  letsencrypt: 'https://acme-v02.api.letsencrypt.org/directory',
  'letsencrypt-staging': 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

/** Where the authority looks, whatever this machine listens on (RFC 8555 8.3, RFC 8737 3). */
export const challengePorts: Readonly<Record<AcmeChallenge, number>> = {
  'http-01': 80,
  'tls-alpn-01': 443,
};
