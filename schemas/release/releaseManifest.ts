import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isReleaseVersion } from './releaseVersion.js';

/** Largest file of a release. One is about 60 MiB, most of it Node. */
export const releaseFileBytesMax = 512 * 1_048_576;

/** Largest manifest that is fetched. */
export const manifestBytesMax = 65_536;

const version = z.string().refine(isReleaseVersion);

/** The name of a file, without any path. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/);

/** A file that people get themselves. */
const plainFileSchema = z.object({
  /** `linux-x64`, as process.platform and process.arch say. */
  platform: z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/),
  /** Also its address, beside that of the manifest. */
  name: fileName,
  bytes: z.int().min(1).max(releaseFileBytesMax),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const fileSchema = plainFileSchema.extend({
  /** What it is: the self-contained server, or something for people alone. */
  kind: z.enum(['server', 'debian', 'sbom', 'other']),
});

/** What the release has for people who talk. Programs that do not know of it pass over it. */
const clientSchema = z.object({
  version,
  /** Where they get it: a page for a browser. */
  page: z.string().max(2_048).refine(isPageAddress, 'is no https address'),
  /** What is new in it, Markdown. */
  notes: z.string().max(8_000).default(''),
  files: z.array(plainFileSchema).max(100).default([]),
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
  /** Left out where there is none, and by publishers of before. */
  client: clientSchema.optional(),
});

/** What a release says of itself: `manifest.json`. */
export type ReleaseManifest = z.infer<typeof manifestSchema>;
export type ReleaseFile = z.infer<typeof fileSchema>;

/** What came of reading a manifest. */
export type ManifestReading =
  | { readonly kind: 'read'; readonly manifest: ReleaseManifest }
  /** By the key that it was held against; nothing of it is believed. */
  | { readonly kind: 'notSigned' }
  /** It is signed, and of another form. */
  | { readonly kind: 'unknownForm'; readonly detail: string };

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
 */
export function readManifest(
  bytes: Uint8Array,
  signature: string,
  key: KeyObject,
): ManifestReading {
  const signatureOf = bytesOf(signature.trim());
  if (signatureOf.length !== signatureBytes || !verify(null, bytes, key, signatureOf)) {
    return { kind: 'notSigned' };
  }
  const parsed = manifestSchema.safeParse(jsonOf(bytes));
  if (parsed.success) return { kind: 'read', manifest: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    kind: 'unknownForm',
    detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  };
}

/** What is opened in a browser is encrypted, and names nobody. */
function isPageAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
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
