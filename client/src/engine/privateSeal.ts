import { randomBytes } from 'node:crypto';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { AnnouncedKey, Uuid } from '@rookery/schemas/messages';
import { sealedShareBytes } from '@rookery/schemas/protocol';
import { uuidToBytes } from '@rookery/schemas/uuid';
import sodium from 'sodium-native';

/**
 * What members of a private room sign and seal for each other (docs/private-rooms.md). Every
 * purpose has a context of its own, so that nothing made for one can stand for another:
 *
 *     announced  Ed25519 by the identity, over
 *                context | fingerprint (32) | room (16) | session token (u32) | X25519 key (32)
 *     pair key   BLAKE2b-256, keyed with the X25519 secret of sender and receiver, over
 *                context | X25519 key of the sender (32) | of the receiver (32)
 *     share      nonce (24) | XChaCha20-Poly1305 (pair key; the voice key; associated data:
 *                room (16) | sender (u32) | receiver (u32) | key number (u32))
 *
 * Numbers are little-endian. All of it is pure but for the randomness of keys and nonces.
 */

const announceContext = Buffer.from('rookery private room key\0', 'latin1');
const pairContext = Buffer.from('rookery private room pair\0', 'latin1');
const codeContext = Buffer.from('rookery private room safety code\0', 'latin1');

const keyBytes = 32;
const nonceBytes = 24;

/** An X25519 key pair for one stay in one room. */
export interface StayKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

export function makeStayKeys(): StayKeys {
  const [publicKey, secretKey] = [new Uint8Array(keyBytes), new Uint8Array(keyBytes)];
  sodium.crypto_box_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
}

/** A key of the voice of a member: 32 bytes that nobody can guess. */
export function makeVoiceKey(): Uint8Array {
  return new Uint8Array(randomBytes(keyBytes));
}

/** Where an announced key holds. */
export interface StayPlace {
  readonly roomId: Uuid;
  /** SHA-256 of the server's certificate, 32 bytes. */
  readonly fingerprint: Uint8Array;
}

/** What an identity signs so that the others know a key to be its own. */
export function announcedBytes(
  { roomId, fingerprint }: StayPlace,
  sessionToken: number,
  publicKey: Uint8Array,
): Uint8Array {
  const place = [announceContext, fingerprint, uuidToBytes(roomId), u32(sessionToken)];
  return Buffer.concat([...place, publicKey]);
}

/** Whether a key was made by the user that the session is shown to be. */
export function isProven(key: AnnouncedKey, place: StayPlace, userId: Uuid): boolean {
  const { sessionToken, publicKey, identityKey, signature } = key;
  if (userIdOf(identityKey) !== userId) return false;
  const signed = announcedBytes(place, sessionToken, publicKey);
  return sodium.crypto_sign_verify_detached(signature, signed, identityKey);
}

/** The keys under which two members seal for each other, 32 bytes each. */
export interface PairKeys {
  readonly toOther: Uint8Array;
  readonly fromOther: Uint8Array;
}

/** @returns null for a public key with which nothing can be kept secret */
export function pairKeysOf(own: StayKeys, otherKey: Uint8Array): PairKeys | null {
  const secret = new Uint8Array(keyBytes);
  try {
    sodium.crypto_scalarmult(secret, own.secretKey, otherKey);
  } catch {
    return null;
  }
  const keyFor = (sender: Uint8Array, receiver: Uint8Array): Uint8Array => {
    const key = new Uint8Array(keyBytes);
    sodium.crypto_generichash_batch(key, [pairContext, sender, receiver], secret);
    return key;
  };
  const keys = {
    toOther: keyFor(own.publicKey, otherKey),
    fromOther: keyFor(otherKey, own.publicKey),
  };
  secret.fill(0);
  return keys;
}

/** Which share it is: one that is put in the place of another does not open. */
export interface SharePlace {
  readonly roomId: Uuid;
  readonly senderToken: number;
  readonly receiverToken: number;
  readonly keyNumber: number;
}

/** @returns `sealedShareBytes` bytes */
export function sealShare(
  voiceKey: Uint8Array,
  pairKey: Uint8Array,
  place: SharePlace,
): Uint8Array {
  const sealed = new Uint8Array(sealedShareBytes);
  const nonce = sealed.subarray(0, nonceBytes);
  nonce.set(randomBytes(nonceBytes));
  const rest = sealed.subarray(nonceBytes);
  const bound = bytesOf(place);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(rest, voiceKey, bound, null, nonce, pairKey);
  return sealed;
}

/** @returns the voice key, or null where it was not sealed so */
export function openShare(
  sealed: Uint8Array,
  pairKey: Uint8Array,
  place: SharePlace,
): Uint8Array | null {
  const voiceKey = new Uint8Array(keyBytes);
  const nonce = sealed.subarray(0, nonceBytes);
  const rest = sealed.subarray(nonceBytes);
  const bound = bytesOf(place);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(voiceKey, null, rest, bound, nonce, pairKey);
    return voiceKey;
  } catch {
    return null;
  }
}

const codeGroups = 12;
const bytesPerGroup = 5;

/**
 * What people compare to know that all of them see the same members of the same room: twelve groups
 * of five digits, some 199 bits of BLAKE2b-512 over server, room and all identity keys. So much,
 * because a server may try keys for two rooms until their codes are the same, which takes about the
 * square root of what guessing one takes.
 *
 * @param identityKeys of all members, the own too, in whichever order
 */
export function safetyCodeOf(
  { roomId, fingerprint }: StayPlace,
  identityKeys: readonly Uint8Array[],
): string {
  const digest = Buffer.alloc(64);
  const sorted = [...identityKeys].sort((a, b) => Buffer.compare(a, b));
  const place = [codeContext, fingerprint, uuidToBytes(roomId)];
  sodium.crypto_generichash_batch(digest, [...place, ...sorted]);
  const groups = Array.from({ length: codeGroups }, (_, index) => {
    const number = digest.readUIntBE(index * bytesPerGroup, bytesPerGroup);
    return String(number % 100_000).padStart(5, '0');
  });
  return groups.join(' ');
}

function bytesOf({ roomId, senderToken, receiverToken, keyNumber }: SharePlace): Uint8Array {
  const numbers = [senderToken, receiverToken, keyNumber].map(u32);
  return Buffer.concat([uuidToBytes(roomId), ...numbers]);
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
