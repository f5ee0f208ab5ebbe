import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fetchPieces } from '@rookery/transport/boundedFetch';
import { fetchManifest, type ReleaseSource } from '@rookery/transport/fetchManifest';
import { TransportError } from '@rookery/transport/transportError';
import type { ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { ServerError } from '../errors.js';
import type { UpdateLimits } from '../updateLimits.js';

/**
 * Fetches what a release says of itself, and believes it where its signature fits the key.
 *
 * @throws ServerError `releaseUnreachable`, `releaseRefused`
 */
export async function fetchTrustedManifest(
  source: ReleaseSource,
  { silenceMsMax, fetchSmallMsMax: totalMsMax, redirectsMax }: UpdateLimits,
): Promise<ReleaseManifest> {
  const limits = { silenceMsMax, totalMsMax, redirectsMax };
  const reading = await fetchManifest(source, limits).catch(rethrow);
  switch (reading.kind) {
    case 'read':
      return reading.manifest;
    case 'notSigned':
      throw new ServerError(
        'releaseRefused',
        'The release is not signed by the key that this server trusts, and nothing was changed. ' +
          'Somebody changed it on its way, or its publisher has another key: ask them for it, ' +
          'and set update-key only if they confirm it on another way.',
      );
    case 'unknownForm':
      throw new ServerError(
        'releaseRefused',
        `The manifest is signed, but not one that this version reads (${reading.detail}). ` +
          'Install the release by hand.',
      );
  }
}

export interface ExpectedFile {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Fetches a file and keeps it; when this returns it is on the disk, and is what was expected.
 *
 * @param onProgress told how many bytes have come, as they come
 * @throws ServerError `releaseUnreachable`, or `releaseRefused` for anything but what was expected
 */
export async function fetchFile(
  url: URL,
  path: string,
  expected: ExpectedFile,
  { silenceMsMax, fetchMsMax: totalMsMax, redirectsMax }: UpdateLimits,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  const limits = { bytesMax: expected.bytes, silenceMsMax, totalMsMax, redirectsMax };
  try {
    let count = 0;
    for await (const piece of fetchPieces(url, limits)) {
      hash.update(piece);
      count += piece.length;
      await file.writeFile(piece);
      onProgress(count);
    }
    if (count < expected.bytes) throw refusal(`${url.href} is cut short (${count} bytes)`);
    if (hash.digest('hex') !== expected.sha256) {
      throw refusal(`${url.href} has another hash than the signed manifest says`);
    }
    await file.sync();
  } catch (error) {
    rethrow(error);
  } finally {
    await file.close();
  }
}

function refusal(what: string, cause?: unknown): ServerError {
  const text = `${what}. It is not used, and nothing was changed. Try again later.`;
  return new ServerError('releaseRefused', text, { cause });
}

/** In words for operators, where the way failed. */
function rethrow(error: unknown): never {
  if (!(error instanceof TransportError)) throw error;
  if (error.code === 'fetchTooLarge') throw refusal(error.message, error);
  throw new ServerError(
    'releaseUnreachable',
    `Cannot fetch ${error.message}. Nothing was changed. Check the address (update-url) and the ` +
      'network, and try again.',
    { cause: error },
  );
}
