import type { ServerCertificate } from '../serverCertificate.js';

const minuteMs = 60_000;

/** Authorities allow few failures an hour (five, at the best known one). */
const firstRetryMs = 5 * minuteMs;
const retryMsMax = 24 * 60 * minuteMs;

/** Share of a wait that chance adds, so that servers that failed together do not all come back. */
const retryJitter = 0.25;

/** The same of a certificate's life, after two thirds of which it is renewed. */
const renewalJitter = 1 / 30;

/**
 * When a certificate is to be renewed: after two thirds of its life, or up to a thirtieth later.
 *
 * @param chance 0 … 1
 * @returns milliseconds since 1970
 */
export function renewalDueMs(
  { validFrom, validTo }: Pick<ServerCertificate, 'validFrom' | 'validTo'>,
  chance: number,
): number {
  const lifeMs = validTo.getTime() - validFrom.getTime();
  return Math.round(validFrom.getTime() + lifeMs * (2 / 3 + renewalJitter * chance));
}

/**
 * When to try again after failures: after 5 minutes, then twice as long each time, up to a day, and
 * up to a quarter longer. An authority that wants more time gets it, up to a day.
 *
 * @param failures in a row, 1 or more
 * @param chance 0 … 1
 * @param wantedMs for how long the authority does not want to be asked
 */
export function retryDueMs(
  nowMs: number,
  failures: number,
  chance: number,
  wantedMs: number = 0,
): number {
  const ownMs = Math.min(firstRetryMs * 2 ** (failures - 1), retryMsMax);
  const waitMs = Math.max(ownMs, Math.min(wantedMs, retryMsMax));
  return Math.round(nowMs + waitMs * (1 + retryJitter * chance));
}
