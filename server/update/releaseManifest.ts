import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { ServerError } from '../errors.js';
import { updateLimits } from '../updateLimits.js';
import { isReleaseVersion } from './releaseVersion.js';

const version = z.string().refine(isReleaseVersion);

/** The name of a file, without any path. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/);

const fileSchema = z.object({
  /** What it is: the self-contained server, or something for people alone. */
  kind: z.enum(['server', 'debian', 'sbom', 'other']),
  /** `linux-x64`, as process.platform and process.arch say. */
  platform: z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/),
  /** Also its address, beside that of the manifest. */
  name: fileName,
  bytes: z.int().min(1).max(updateLimits.archiveBytesMax),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSchema = z.object({
  format: z.literal(1),
  program: z.literal('rookery'),
  version,
  /** Earlier ones cannot be brought to this one at once; null: all can. */
  minPreviousVersion: version.nullable(),
  /** Of the release, ISO 8601. */
  date: z.iso.datetime(),
  /** When the manifest was signed, and from when on it is not believed any more. */
  issued: z.iso.datetime(),
  expires: z.iso.datetime(),
  /** Of the data that the release writes. */
  schemaVersion: z.int().min(1).max(999_999),
  /** Words for operators, Markdown. */
  notes: z.string().max(20_000),
  files: z.array(fileSchema).min(1).max(100),
});

/** What a release says of itself: `manifest.json`. */
export type ReleaseManifest = z.infer<typeof manifestSchema>;
export type ReleaseFile = z.infer<typeof fileSchema>;

const publicKeyBytes = 32;
const signatureBytes = 64;

/**
 * A release key as it stands in settings and in a release: base64 of the 32 bytes of an Ed25519
 * public key (RFC 8032).
 */
export function isReleaseKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && bytesOf(text).length === publicKeyBytes;
}

/** @param text as isReleaseKey() wants it */
export function openReleaseKey(text: string): KeyObject {
  const x = bytesOf(text).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/**
 * Reads a manifest of which the signature was made by the key; nothing of another one is looked at.
 *
 * @param bytes `manifest.json` as it came
 * @param signature `manifest.json.sig` as it came: base64, a line
 * @throws ServerError `releaseRefused`
 */
export function readManifest(
  bytes: Uint8Array,
  signature: string,
  key: KeyObject,
): ReleaseManifest {
  const signatureOf = bytesOf(signature.trim());
  if (signatureOf.length !== signatureBytes || !verify(null, bytes, key, signatureOf)) {
    throw new ServerError(
      'releaseRefused',
      'The release is not signed by the key that this server trusts, and nothing was changed. ' +
        'Somebody changed it on its way, or its publisher has another key: ask them for it, and ' +
        'set update-key only if they confirm it on another way.',
    );
  }
  const parsed = manifestSchema.safeParse(jsonOf(bytes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ServerError(
    'releaseRefused',
    `The manifest is signed, but not one that this version reads (` +
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}). Install the release by hand.`,
  );
}

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

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}
