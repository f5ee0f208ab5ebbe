import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto';
import sodium from 'sodium-native';
import { z } from 'zod';
import { ClientError } from './clientError.js';

/** The key pair that names a user to every server. The private key never leaves this object. */
export interface Identity {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032) over the message: 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/**
 * What Argon2id costs here, and what a file may ask for: RFC 9106, section 4, second choice is 3
 * passes over 64 MiB. Whoever sends a file must not be able to take much more of the reader.
 */
const passesMin = 3;
const passesMax = 10;
const memoryKibMin = 65_536;
const memoryKibMax = 262_144;

const saltBytes = 16;
const nonceBytes = 24;
const keyBytes = 32;
const tagBytes = 16;

/** Longer than any identity file, in characters: nothing longer is looked into. */
export const identityTextMax = 4_096;
const passphraseBytesMax = 1_024;

const base64url = (bytes: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`));
const common = {
  algorithm: z.literal('Ed25519'),
  /** As `x` of RFC 8037. */
  publicKey: base64url(keyBytes),
  createdAt: z.string().max(64),
};
const plainFile = z.strictObject({
  version: z.literal(1),
  ...common,
  /** As `d` of RFC 8037. */
  privateKey: base64url(keyBytes),
});
const sealedFile = z.strictObject({
  version: z.literal(2),
  ...common,
  sealing: z.strictObject({
    kdf: z.literal('Argon2id'),
    passes: z.int().min(passesMin).max(passesMax),
    memoryKib: z.int().min(memoryKibMin).max(memoryKibMax),
    salt: base64url(saltBytes),
    cipher: z.literal('XChaCha20-Poly1305'),
    nonce: base64url(nonceBytes),
  }),
  /** The private key, then the tag. All of the rest is authenticated, too. */
  sealedKey: base64url(keyBytes + tagBytes),
});
const identityFile = z.discriminatedUnion('version', [plainFile, sealedFile]);

/** An identity whose private key everybody can read who has the file. */
export type PlainRecord = z.infer<typeof plainFile>;
/** An identity whose private key takes a passphrase. */
export type SealedRecord = z.infer<typeof sealedFile>;
export type IdentityRecord = PlainRecord | SealedRecord;

/** A new key pair. */
export function newIdentityRecord(): PlainRecord {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const createdAt = new Date().toISOString();
  return { version: 1, algorithm: 'Ed25519', publicKey: x!, privateKey: d!, createdAt };
}

/** The text of an identity file. */
export function writeIdentityRecord(record: IdentityRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** @throws Error whose message says what is wrong in words that hold nothing of the text. */
export function parseIdentityRecord(text: string): IdentityRecord {
  if (text.length > identityTextMax) throw new Error('it is too long for an identity file');
  const result = identityFile.safeParse(jsonOf(text));
  if (result.success) return result.data;
  const places = new Set(result.error.issues.map(({ path }) => path.join('.')));
  const cost = ['sealing.passes', 'sealing.memoryKib'].find((place) => places.has(place));
  if (cost !== undefined) {
    throw new Error(
      `its ${cost} is out of bounds: ${passesMin} to ${passesMax} passes over ` +
        `${memoryKibMin} to ${memoryKibMax} KiB are taken`,
    );
  }
  throw new Error('it is no identity file of version 1 or 2');
}

/** @throws Error where the two keys do not belong together. */
export function identityOf({ publicKey: x, privateKey: d }: PlainRecord): Identity {
  const privateKey = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', x, d },
    format: 'jwk',
  });
  if (publicHalf(privateKey) !== x) throw new Error('its two keys do not belong together');
  return {
    publicKey: publicKeyOf({ publicKey: x }),
    sign: (message) => Uint8Array.from(sign(null, message, privateKey)),
  };
}

/** 32 bytes; known without the passphrase. */
export function publicKeyOf({ publicKey }: Pick<IdentityRecord, 'publicKey'>): Uint8Array {
  return Uint8Array.from(Buffer.from(publicKey, 'base64url'));
}

/**
 * Seals the private key with a passphrase. Argon2id runs in a thread of libuv's pool, about 0.1 s
 * of a core and 64 MiB.
 *
 * @throws ClientError `invalidInput` for a passphrase that cannot be one.
 */
export async function sealRecord(record: PlainRecord, passphrase: string): Promise<SealedRecord> {
  const { algorithm, publicKey, createdAt, privateKey } = record;
  const nonce = randomBytes(nonceBytes);
  const unsealed: Unsealed = {
    version: 2,
    algorithm,
    publicKey,
    createdAt,
    sealing: {
      kdf: 'Argon2id',
      passes: passesMin,
      memoryKib: memoryKibMin,
      salt: randomBytes(saltBytes).toString('base64url'),
      cipher: 'XChaCha20-Poly1305',
      nonce: nonce.toString('base64url'),
    },
  };
  const key = await keyOf(passphrase, unsealed.sealing);
  const secret = Buffer.from(privateKey, 'base64url');
  const sealed = Buffer.alloc(keyBytes + tagBytes);
  const header = headerOf(unsealed);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, secret, header, null, nonce, key);
  secret.fill(0);
  key.fill(0);
  return { ...unsealed, sealedKey: sealed.toString('base64url') };
}

/**
 * The opposite of sealRecord(), at the same cost; as much as the bounds allow for other files.
 *
 * @throws ClientError `wrongPassphrase`, also for a sealed part that was damaged: nobody can tell.
 */
export async function openRecord(record: SealedRecord, passphrase: string): Promise<PlainRecord> {
  const { algorithm, publicKey, createdAt, sealing, sealedKey } = record;
  const key = await keyOf(passphrase, sealing);
  const secret = Buffer.alloc(keyBytes);
  const sealed = Buffer.from(sealedKey, 'base64url');
  const nonce = Buffer.from(sealing.nonce, 'base64url');
  try {
    const header = headerOf(record);
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(secret, null, sealed, header, nonce, key);
    const privateKey = secret.toString('base64url');
    return { version: 1, algorithm, publicKey, privateKey, createdAt };
  } catch {
    throw new ClientError(
      'wrongPassphrase',
      'the passphrase is wrong, or the identity was damaged: try again, or restore a backup',
    );
  } finally {
    secret.fill(0);
    key.fill(0);
  }
}

type Unsealed = Omit<SealedRecord, 'sealedKey'>;

/** Everything but the sealed key itself, in one order: no part can be exchanged. */
function headerOf({ version, algorithm, publicKey, createdAt, sealing }: Unsealed): Buffer {
  const { kdf, passes, memoryKib, salt, cipher, nonce } = sealing;
  const fields = [version, algorithm, publicKey, createdAt, kdf, passes, memoryKib, salt];
  return Buffer.from(JSON.stringify([...fields, cipher, nonce]));
}

/** @returns 32 bytes, to be wiped by the caller */
async function keyOf(
  passphrase: string,
  { passes, memoryKib, salt }: SealedRecord['sealing'],
): Promise<Buffer> {
  // The same words typed on another system may be other code points.
  const password = Buffer.from(passphrase.normalize('NFKC'));
  if (password.length === 0 || password.length > passphraseBytesMax) {
    throw new ClientError('invalidInput', `a passphrase has 1 to ${passphraseBytesMax} bytes`);
  }
  const key = Buffer.alloc(keyBytes);
  const saltOnly = Buffer.from(salt, 'base64url');
  const { crypto_pwhash_ALG_ARGON2ID13: argon2id } = sodium;
  try {
    await sodium.crypto_pwhash_async(key, password, saltOnly, passes, memoryKib * 1_024, argon2id);
    return key;
  } finally {
    // Named after the work, so that neither is collected while the other thread reads it.
    password.fill(0);
    saltOnly.fill(0);
  }
}

/** Computed from the private key, in base64url: what the file claims may be another. */
function publicHalf(privateKey: KeyObject): string | undefined {
  return createPublicKey(privateKey).export({ format: 'jwk' }).x;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The words of a SyntaxError quote the text, which may be a private key.
    throw new Error('it is not JSON');
  }
}
