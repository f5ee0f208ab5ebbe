// What a release says of itself, and its signature.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { signatureOf } from './releaseKey.mjs';

/**
 * Writes `manifest.json` and `manifest.json.sig` beside the files of a release.
 *
 * @param {string} folder
 * @param {object} release
 * @param {string} release.version
 * @param {string | null} release.minPreviousVersion
 * @param {string} release.date ISO 8601
 * @param {number} release.schemaVersion
 * @param {string} release.notes
 * @param {{ kind: string, platform: string, file: string }[]} release.files
 * @param {import('node:crypto').KeyObject} privateKey
 */
export function writeManifest(folder, release, privateKey) {
  const { files, ...about } = release;
  const described = files.map(({ kind, platform, file }) => {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { kind, platform, name: basename(file), bytes: bytes.length, sha256 };
  });
  const manifest = { format: 1, program: 'rookery', ...about, files: described };
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'manifest.json'), bytes);
  writeFileSync(join(folder, 'manifest.json.sig'), signatureOf(bytes, privateKey));
}
