import type { ReleaseFile, ReleaseManifest } from '@rookery/schemas/release/releaseManifest';
import { ServerError } from '../errors.js';

/** @throws ServerError `releaseRefused` where the release has no server for this platform */
export function serverFileOf({ version, files }: ReleaseManifest, platform: string): ReleaseFile {
  const servers = files.filter(({ kind }) => kind === 'server');
  const found = servers.find((file) => file.platform === platform);
  if (found !== undefined) return found;
  const others = servers.map((file) => file.platform).join(', ');
  throw new ServerError(
    'releaseRefused',
    `Release ${version} has no server for ${platform} (it has: ${others}). Ask its publisher, or ` +
      'install from the sources.',
  );
}
