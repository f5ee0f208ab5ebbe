import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ClientError } from './clientError.js';
import { withFileLock } from './fileLock.js';
import { readFileIfPresent, writeFileAtomically } from './profileFile.js';

/** The key pair that names a user to every server. The private key never leaves this object. */
export interface Identity {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032) over the message: 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

const fileName = 'identity.json';

const key32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const identityFile = z.strictObject({
  version: z.literal(1),
  algorithm: z.literal('Ed25519'),
  /** base64url, 32 bytes each; as `x` and `d` of RFC 8037. */
  publicKey: key32,
  privateKey: key32,
  createdAt: z.string(),
});

/**
 * The identity of a profile folder. Made on first use, together with the folder, in a file that
 * only its owner may read; processes that start together get the same one.
 *
 * @throws ClientError `identityUnreadable` when the file is there but broken or cannot be read: it
 *   is never overwritten, because whoever loses it loses their name on every server.
 */
export async function loadIdentity(profileFolder: string): Promise<Identity> {
  const path = join(profileFolder, fileName);
  try {
    await mkdir(profileFolder, { recursive: true, mode: 0o700 });
    const text = (await readFileIfPresent(path)) ?? (await createFile(path));
    return parseIdentity(text);
  } catch (error) {
    if (error instanceof ClientError) throw error;
    throw new ClientError(
      'identityUnreadable',
      `cannot use the identity ${path}: ${reasonOf(error)}. Restore it from a backup, or move it ` +
        'away to start with a new identity (servers will then see you as a new user)',
      { cause: error },
    );
  }
}

async function createFile(path: string): Promise<string> {
  return withFileLock(`${path}.lock`, async () => {
    const present = await readFileIfPresent(path);
    if (present !== null) return present;
    const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const content = {
      version: 1,
      algorithm: 'Ed25519',
      publicKey: x,
      privateKey: d,
      createdAt: new Date().toISOString(),
    };
    const text = `${JSON.stringify(content, null, 2)}\n`;
    await writeFileAtomically(path, text);
    return text;
  });
}

function parseIdentity(text: string): Identity {
  const { publicKey: x, privateKey: d } = identityFile.parse(JSON.parse(text));
  const privateKey = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', x, d },
    format: 'jwk',
  });
  if (publicHalf(privateKey) !== x) throw new Error('its two keys do not belong together');
  return {
    publicKey: Uint8Array.from(Buffer.from(x, 'base64url')),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

/** Computed from the private key, in base64url: what the file claims may be another. */
function publicHalf(privateKey: KeyObject): string | undefined {
  return createPublicKey(privateKey).export({ format: 'jwk' }).x;
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `it is no identity file of version 1`;
  if (error instanceof SyntaxError) return 'it is not JSON';
  return (error as Error).message;
}
