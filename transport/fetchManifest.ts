import { addressOf } from '@rookery/schemas/release/releaseAddress';
import {
  manifestBytesMax,
  openReleaseKey,
  readManifest,
  type ManifestReading,
} from '@rookery/schemas/release/releaseManifest';
import { fetchWhole, type FetchLimits } from './boundedFetch.js';

/** Where releases are, and by whose key they are signed. */
export interface ReleaseSource {
  /** Of their folder, as isUpdateUrl() wants it. */
  readonly url: string;
  /** As isReleaseKey() wants it. */
  readonly key: string;
}

/**
 * Fetches the manifest of a release, and reads it where its signature fits the key.
 *
 * @param signal ends it
 * @throws TransportError as fetchPieces()
 */
export async function fetchManifest(
  { url, key }: ReleaseSource,
  limits: Omit<FetchLimits, 'bytesMax'>,
  signal?: AbortSignal,
): Promise<ManifestReading> {
  const bounds = { ...limits, bytesMax: manifestBytesMax };
  const bytes = await fetchWhole(addressOf(url, 'manifest.json'), bounds, signal);
  const signature = await fetchWhole(addressOf(url, 'manifest.json.sig'), bounds, signal);
  return readManifest(bytes, Buffer.from(signature).toString('latin1'), openReleaseKey(key));
}
