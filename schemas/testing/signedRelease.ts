import { generateKeyPairSync, sign } from 'node:crypto';
import type { ReleaseManifest } from '../release/releaseManifest.js';

const keys = generateKeyPairSync('ed25519');

/** The key that these manifests are signed by, as settings take it. Made anew in each process. */
export const releaseKey = Buffer.from(
  keys.publicKey.export({ format: 'jwk' }).x ?? '',
  'base64url',
).toString('base64');

/** What `manifest.json` and `manifest.json.sig` are of a manifest. */
export function signedManifest(manifest: ReleaseManifest): { bytes: Buffer; signature: Buffer } {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const signature = sign(null, bytes, keys.privateKey).toString('base64');
  return { bytes, signature: Buffer.from(`${signature}\n`) };
}

/** As manifests write times. */
export function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** What a release says of itself that has all that it must have. */
export function sampleManifest(
  version: string,
  more: Partial<ReleaseManifest> = {},
): ReleaseManifest {
  return {
    ...{ format: 1, program: 'rookery', version, minPreviousVersion: null, schemaVersion: 1 },
    ...{ issued: daysFromNow(-1), expires: daysFromNow(180) },
    ...{ date: '2026-11-01T00:00:00.000Z', notes: 'What is new.' },
    files: [{ kind: 'server', platform: 'linux-x64', name: 'a', bytes: 1, sha256: '0'.repeat(64) }],
    ...more,
  };
}
