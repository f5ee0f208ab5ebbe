// What a release has for people who talk: packages of the client, made by electron-builder before.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ReleaseError } from './releaseError.mjs';

/**
 * What the manifest says of the client; its packages are put beside the other files.
 *
 * @param {{ 'client-page'?: string, 'client-notes'?: string, 'client-file': string[] }} values
 *   options of the command line
 * @param {string} version of the release
 * @param {string} out where the files of the release are
 * @returns {{ version: string, page: string, notes: string, files: { platform: string,
 *   file: string }[] } | undefined} undefined where the release has none
 * @throws {ReleaseError}
 */
export function clientOf(values, version, out) {
  const { 'client-page': page, 'client-notes': notesFile, 'client-file': packages } = values;
  if (page === undefined) {
    if (packages.length === 0 && notesFile === undefined) return undefined;
    throw new ReleaseError('The client of a release needs --client-page: where people get it.');
  }
  const notes = notesFile === undefined ? '' : readFileSync(notesFile, 'utf8');
  return { version, page, notes, files: packages.map((given) => besideOthers(given, out)) };
}

/**
 * Writes who publishes the client into its folder; electron-builder packs it with the rest.
 *
 * @param {string} root of the checkout
 * @param {{ version: string, updateKey: string | null, updateUrl: string | null }} about
 * @throws {ReleaseError}
 */
export function writeClientInfo(root, about) {
  if (about.updateKey === null || about.updateUrl === null) {
    throw new ReleaseError('--client-info goes with --key and --url: they are what it writes.');
  }
  const file = join(root, 'client', 'release.json');
  writeFileSync(file, `${JSON.stringify(about, null, 2)}\n`);
}

function besideOthers(given, out) {
  const [, platform, path] = /^([a-z0-9]+-[a-z0-9]+)=(.+)$/.exec(given) ?? [];
  if (path === undefined || !existsSync(path)) {
    throw new ReleaseError(`--client-file ${given}: not PLATFORM=FILE, such as linux-x64=a.deb.`);
  }
  const file = join(out, basename(path));
  if (resolve(dirname(path)) !== resolve(out)) copyFileSync(path, file);
  return { platform, file };
}
