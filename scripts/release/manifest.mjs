// What a release says of itself, until when that is believed, and its signature.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ReleaseError } from './releaseError.mjs';
import { publicKeyOf, signatureOf } from './releaseKey.mjs';

/** How long a manifest is believed unless another time is given. */
export const validDaysUsual = 180;

const validDaysMax = 3_650;
const dayMs = 86_400_000;
const manifestName = 'manifest.json';

/**
 * Writes `manifest.json` and `manifest.json.sig` beside the files of a release.
 *
 * @param {string} folder
 * @param {object} release
 * @param {string} release.version
 * @param {string | null} release.minPreviousVersion
 * @param {string} release.date ISO 8601
 * @param {number} release.validDays how long it is believed from now on
 * @param {number} release.schemaVersion
 * @param {string} release.notes
 * @param {{ kind: string, platform: string, file: string }[]} release.files
 * @param {{ version: string, page: string, notes: string, files: { platform: string,
 *   file: string }[] }} [release.client] left out where the release has none
 * @param {import('node:crypto').KeyObject} privateKey
 * @throws {ReleaseError} where servers and clients would not read it
 */
export async function writeManifest(folder, release, privateKey) {
  const { files, client, validDays, ...about } = release;
  const manifest = {
    ...{ format: 1, program: 'rookery', ...about, ...timesOf(validDays) },
    files: files.map(({ kind, ...each }) => ({ kind, ...described(each) })),
    ...(client !== undefined && { client: { ...client, files: client.files.map(described) } }),
  };
  await writeSigned(folder, manifest, privateKey);
}

/**
 * Signs the manifest of a release once more, from now on. Its files stay as they are.
 *
 * @param {string} folder with `manifest.json` and `manifest.json.sig`
 * @param {number} validDays
 * @param {import('node:crypto').KeyObject} privateKey that signed it before
 * @returns {Promise<{ version: string, expires: string }>}
 * @throws {ReleaseError}
 */
export async function renewManifest(folder, validDays, privateKey) {
  const file = join(folder, manifestName);
  const [bytes, signature] = [readPart(file), readPart(`${file}.sig`)];
  const given = Buffer.from(signature.toString('latin1').trim(), 'base64');
  // What somebody slipped into the folder is not signed unseen.
  if (!verify(null, bytes, createPublicKey(privateKey), given)) {
    throw new ReleaseError(`${file} was not signed by this key, or was changed since.`);
  }
  const renewed = { ...JSON.parse(bytes.toString('utf8')), ...timesOf(validDays) };
  await writeSigned(folder, renewed, privateKey);
  return renewed;
}

/**
 * @param {string | undefined} text as it was given
 * @returns {number}
 * @throws {ReleaseError}
 */
export function validDaysOf(text) {
  if (text === undefined) return validDaysUsual;
  const days = Number(text);
  if (/^\d{1,4}$/.test(text) && days >= 1 && days <= validDaysMax) return days;
  throw new ReleaseError(`--valid-days is a whole number from 1 to ${validDaysMax}.`);
}

function timesOf(validDays) {
  const nowMs = Date.now();
  const [issued, expires] = [nowMs, nowMs + validDays * dayMs];
  return { issued: new Date(issued).toISOString(), expires: new Date(expires).toISOString() };
}

function readPart(file) {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ReleaseError(`${file} cannot be read: ${cause.message}.`, { cause });
  }
}

function described({ platform, file }) {
  const bytes = readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { platform, name: basename(file), bytes: bytes.length, sha256 };
}

/** The two follow each other at once, and each is whole. */
async function writeSigned(folder, manifest, privateKey) {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const signature = signatureOf(bytes, privateKey);
  await assertReadable(bytes, signature, privateKey);
  const contents = { '': bytes, '.sig': signature };
  const file = join(folder, manifestName);
  for (const [end, content] of Object.entries(contents))
    writeFileSync(`${file}${end}.new`, content);
  for (const end of Object.keys(contents)) renameSync(`${file}${end}.new`, `${file}${end}`);
}

async function assertReadable(bytes, signature, privateKey) {
  // Built by now; a key can be made before that.
  const { manifestBytesMax, openReleaseKey, readManifest } =
    await import('../../schemas/dist/release/releaseManifest.js');
  if (bytes.length > manifestBytesMax) {
    throw new ReleaseError(
      `The manifest has ${bytes.length} bytes and may have ${manifestBytesMax}: shorten the notes.`,
    );
  }
  const reading = readManifest(bytes, signature, openReleaseKey(publicKeyOf(privateKey)));
  if (reading.kind === 'read') return;
  throw new ReleaseError(`The manifest would be refused (${reading.detail ?? 'its signature'}).`);
}
