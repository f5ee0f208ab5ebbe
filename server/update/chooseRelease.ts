import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { compareVersions } from '@rookery/schemas/release/releaseVersion';
import type { ReleaseSource } from '@rookery/transport/fetchManifest';
import { ServerError } from '../errors.js';
import type { UpdateLimits } from '../updateLimits.js';
import type { AcceptedManifests } from './acceptedManifests.js';
import { fetchTrustedManifest } from './fetchRelease.js';
import { installedHash } from './installedArchive.js';
import { staleness } from './manifestFreshness.js';
import { serverFileOf } from './serverFile.js';

/** How the release stands to what is installed. */
export type Standing =
  | 'newer'
  /** The very archive. */
  | 'same'
  /** The version, but not from that archive, or it is not known from which. */
  | 'sameVersion'
  | 'older';

export interface ChosenRelease {
  readonly manifest: ReleaseManifest;
  /** Of the folder of the manifest. */
  readonly address: string;
  readonly installedVersion: string;
  readonly standing: Standing;
  /** Why it is not installed unless that is asked for; null: nothing is in its way. */
  readonly refusal: string | null;
  /** Of the archive for this platform. */
  readonly sha256: string;
}

export interface Installed {
  /** null: of a checkout. */
  readonly folder: string | null;
  readonly version: string;
}

/** Where a release is looked for, and what of it is believed. */
export interface TrustedSource extends ReleaseSource {
  /** What was accepted before; null: that is not kept. */
  readonly accepted: AcceptedManifests | null;
  /** Whether a manifest is taken that is not of today. */
  readonly mayBeStale: boolean;
}

/**
 * Fetches the manifest of a release, verifies it and holds it against what is installed.
 *
 * @throws ServerError `releaseUnreachable`, `releaseRefused`
 */
export async function chooseRelease(
  { accepted, mayBeStale, ...source }: TrustedSource,
  installed: Installed,
  limits: UpdateLimits,
): Promise<ChosenRelease> {
  const manifest = await fetchTrustedManifest(source, limits);
  const acceptedIssued = accepted?.newestOf(source.key) ?? null;
  const stale = staleness(manifest, { nowMs: Date.now(), acceptedIssued });
  if (stale === null) accepted?.accept(source.key, manifest.issued);
  else if (!mayBeStale) throw new ServerError('releaseRefused', stale);
  const { sha256 } = serverFileOf(manifest, `${process.platform}-${process.arch}`);
  const standing = standingOf(manifest.version, sha256, installed);
  assertReachable(manifest, installed);
  const refusal = refusalOf(standing, manifest.version, installed.version);
  const installedVersion = installed.version;
  return { manifest, address: source.url, installedVersion, standing, refusal, sha256 };
}

/** For people. */
export function releaseText({ manifest, installedVersion, standing }: ChosenRelease): string {
  const { version, date, notes } = manifest;
  switch (standing) {
    case 'newer':
      return [
        `Rookery ${version} of ${date.slice(0, 10)} is there; ${installedVersion} is installed.`,
        ...(notes.trim() === '' ? [] : ['', notes.trim(), '']),
        '`rookery update` installs it.',
      ].join('\n');
    case 'same':
      return `Rookery ${installedVersion} is installed, and is the newest release.`;
    case 'sameVersion':
      return (
        `Rookery ${installedVersion} is installed, which is the newest release; but it is not ` +
        'from the archive that was published. `rookery update --allow-older` installs that one.'
      );
    case 'older':
      return `Rookery ${installedVersion} is installed, newer than the published ${version}.`;
  }
}

function standingOf(version: string, sha256: string, installed: Installed): Standing {
  const order = compareVersions(version, installed.version);
  if (order !== 0) return order > 0 ? 'newer' : 'older';
  const { folder } = installed;
  return folder !== null && installedHash(folder) === sha256 ? 'same' : 'sameVersion';
}

function assertReachable(
  { version, minPreviousVersion }: ReleaseManifest,
  { version: own }: Installed,
) {
  if (minPreviousVersion === null || compareVersions(own, minPreviousVersion) >= 0) return;
  throw new ServerError(
    'releaseRefused',
    `${own} cannot be brought to ${version} at once. Update to ${minPreviousVersion} first ` +
      '(--update-url names the folder of that release, and --allow-stale takes its manifest).',
  );
}

function refusalOf(standing: Standing, version: string, installed: string): string | null {
  if (standing === 'newer' || standing === 'same') return null;
  const what = standing === 'older' ? `older than the ${installed} that is` : 'the version that is';
  return (
    `What is published is ${version}, which is ${what} installed. It is not taken, because an ` +
    'old release may have faults that are known by now. If you want it all the same: --allow-older.'
  );
}
