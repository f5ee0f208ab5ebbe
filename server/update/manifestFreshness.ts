import { freshnessOf, type Acceptance } from '@rookery/schemas/release/manifestFreshness';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';

/**
 * Says in words whether a manifest that was signed well is one of today. Pure.
 *
 * @returns what is wrong, for people; null: nothing is
 */
export function staleness(
  manifest: Pick<ReleaseManifest, 'version' | 'issued' | 'expires'>,
  held: Acceptance,
): string | null {
  const { version, issued, expires } = manifest;
  const clock = `the clock of this machine says ${dayOf(held.nowMs)}`;
  const end = 'Nothing was changed. To take it all the same: --allow-stale.';
  switch (freshnessOf(manifest, held)) {
    case 'fresh':
      return null;
    case 'overtaken':
      return (
        `What is published is a manifest of ${issued}, but this server has seen one of ` +
        `${held.acceptedIssued ?? ''} already. Its publisher went back to ${version} without ` +
        `renewing it (scripts/release.sh --renew), or somebody gives you an old one. ${end}`
      );
    case 'ahead':
      return (
        `The manifest of release ${version} was signed on ${dayOf(Date.parse(issued))}, but ` +
        `${clock}. Set the clock, and try again; if it is right, tell the publisher. ${end}`
      );
    case 'ended':
      return (
        `The manifest of release ${version} has ended on ${dayOf(Date.parse(expires))}, and ` +
        `${clock}. Its publisher did not renew it, somebody keeps a newer one from you, or the ` +
        `clock is wrong. See whether there is a newer release, and ask the publisher. ${end}`
      );
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
