import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';

/** Clocks differ, and a release may be taken in the minute in which it was signed. */
const clockSlackMs = 86_400_000;

/** What a manifest is held against. */
export interface Freshness {
  /** By the clock of this machine, since 1970. */
  readonly nowMs: number;
  /** When the newest manifest was signed that was ever accepted here; null: none was. */
  readonly acceptedIssued: string | null;
}

/**
 * Tells whether a manifest that was signed well is one of today. Who can answer in the place of the
 * publisher has old manifests with good signatures: by one he could keep what is newer from a
 * server for ever. A clock that is slow would let him, too, so one that a manifest is ahead of is
 * told apart from a manifest that has ended. Pure.
 *
 * @returns what is wrong, for people; null: nothing is
 */
export function staleness(
  { version, issued, expires }: Pick<ReleaseManifest, 'version' | 'issued' | 'expires'>,
  { nowMs, acceptedIssued }: Freshness,
): string | null {
  const clock = `the clock of this machine says ${dayOf(nowMs)}`;
  const end = 'Nothing was changed. To take it all the same: --allow-stale.';
  if (acceptedIssued !== null && Date.parse(issued) < Date.parse(acceptedIssued)) {
    return (
      `What is published is a manifest of ${issued}, but this server has seen one of ` +
      `${acceptedIssued} already. Its publisher went back to ${version} without renewing it ` +
      `(scripts/release.sh --renew), or somebody gives you an old one. ${end}`
    );
  }
  if (Date.parse(issued) > nowMs + clockSlackMs) {
    return (
      `The manifest of release ${version} was signed on ${dayOf(Date.parse(issued))}, but ` +
      `${clock}. Set the clock, and try again; if it is right, tell the publisher. ${end}`
    );
  }
  if (Date.parse(expires) < nowMs) {
    return (
      `The manifest of release ${version} has ended on ${dayOf(Date.parse(expires))}, and ` +
      `${clock}. Its publisher did not renew it, somebody keeps a newer one from you, or the ` +
      `clock is wrong. See whether there is a newer release, and ask the publisher. ${end}`
    );
  }
  return null;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
