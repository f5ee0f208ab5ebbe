import type { ReleaseManifest } from './releaseManifest.js';

/** Clocks differ, and a release may be taken in the minute in which it was signed. */
const clockSlackMs = 86_400_000;

/** What a manifest is held against. */
export interface Acceptance {
  /** By the clock of this machine, since 1970. */
  readonly nowMs: number;
  /** When the newest manifest was signed that was ever accepted here; null: none was. */
  readonly acceptedIssued: string | null;
}

/** Whether a manifest is one of today; in place of `fresh` why it is not. */
export type ManifestFreshness =
  | 'fresh'
  /** A newer one was accepted before. */
  | 'overtaken'
  /** The clock is slow, or that of the publisher fast. */
  | 'ahead'
  | 'ended';

/**
 * Tells whether a manifest that was signed well is one of today. Who can answer in the place of the
 * publisher has old manifests with good signatures: by one he could keep what is newer from
 * somebody for ever. A clock that is slow would let him, too, so one that a manifest is ahead of is
 * told apart from a manifest that has ended. Pure.
 */
export function freshnessOf(
  { issued, expires }: Pick<ReleaseManifest, 'issued' | 'expires'>,
  { nowMs, acceptedIssued }: Acceptance,
): ManifestFreshness {
  if (acceptedIssued !== null && Date.parse(issued) < Date.parse(acceptedIssued)) {
    return 'overtaken';
  }
  if (Date.parse(issued) > nowMs + clockSlackMs) return 'ahead';
  return Date.parse(expires) < nowMs ? 'ended' : 'fresh';
}
