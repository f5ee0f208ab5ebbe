import { addressOf } from '@rookery/schemas/release/releaseAddress';
import { freshnessOf } from '@rookery/schemas/release/manifestFreshness';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { compareVersions } from '@rookery/schemas/release/releaseVersion';
import type { FetchLimits } from '@rookery/transport/boundedFetch';
import { isFetchFault } from '@rookery/transport/fetchFault';
import { fetchManifest, type ReleaseSource } from '@rookery/transport/fetchManifest';
import { TransportError } from '@rookery/transport/transportError';
import type { LookOutcome, NewVersion } from './updatesState.js';

export type LookLimits = Omit<FetchLimits, 'bytesMax'>;

export const lookLimits: LookLimits = {
  silenceMsMax: 15_000,
  totalMsMax: 30_000,
  redirectsMax: 5,
};

/** Who looks. */
export interface Looker {
  readonly installedVersion: string;
  /** `linux-x64`, as process.platform and process.arch say. */
  readonly platform: string;
  /** When the newest manifest was signed that was believed here; null: none was. */
  readonly acceptedIssued: string | null;
}

export interface Look {
  readonly outcome: LookOutcome;
  /** When the manifest was signed that was believed; null: none was. */
  readonly issued: string | null;
}

/** Asks a publisher for the newest client. It is told nothing but that somebody asks. */
export async function lookForUpdate(
  source: ReleaseSource,
  looker: Looker,
  limits: LookLimits,
  signal: AbortSignal,
): Promise<Look> {
  try {
    const reading = await fetchManifest(source, limits, signal);
    switch (reading.kind) {
      case 'read':
        return judge(reading.manifest, source.url, looker);
      case 'notSigned':
        return { outcome: { kind: 'notSigned' }, issued: null };
      case 'unknownForm': {
        const fault = { code: reading.kind, fact: '', detail: reading.detail };
        return { outcome: { kind: 'unusable', fault }, issued: null };
      }
    }
  } catch (error) {
    if (!(error instanceof TransportError) || !isFetchFault(error.code)) throw error;
    const { code, fact, message: detail } = error;
    const kind = code === 'fetchTooLarge' ? 'unusable' : 'unreachable';
    return { outcome: { kind, fault: { code, fact, detail } }, issued: null };
  }
}

function judge(manifest: ReleaseManifest, url: string, looker: Looker): Look {
  const { acceptedIssued } = looker;
  const why = freshnessOf(manifest, { nowMs: Date.now(), acceptedIssued });
  if (why !== 'fresh') return { outcome: { kind: 'stale', why }, issued: null };
  return { outcome: outcomeOf(manifest, url, looker), issued: manifest.issued };
}

/** What a manifest that is believed means for a client. Pure. @param url of its folder */
function outcomeOf(
  { client, date }: ReleaseManifest,
  url: string,
  { installedVersion, platform }: Looker,
): LookOutcome {
  if (client === undefined) return { kind: 'noClient' };
  const { version, page, notes, files } = client;
  if (compareVersions(version, installedVersion) <= 0) return { kind: 'newest' };
  const found = files.find((file) => file.platform === platform);
  const file: NewVersion['file'] =
    found === undefined
      ? null
      : {
          address: addressOf(url, found.name).href,
          name: found.name,
          bytes: found.bytes,
          sha256: found.sha256,
        };
  return { kind: 'newer', version: { version, date, page, notes, file } };
}
