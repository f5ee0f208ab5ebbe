import sodium from 'sodium-native';
import {
  expectEqual,
  fromHex,
  medianMicroseconds,
  toHex,
  type Finding,
  type Proof,
} from './proof.js';

/** libsodium: the ciphers, hashes and signatures that the project uses, on published values. */
export const sodiumProof: Proof = { part: 'libsodium', prove: proveSodium };

async function proveSodium(): Promise<Finding> {
  proveAead();
  proveSipHash();
  proveSignature();
  await provePasswordHash();
  const packet = Buffer.alloc(100);
  const sealed = Buffer.alloc(packet.length + 16);
  const nonce = Buffer.alloc(12);
  const key = Buffer.alloc(32);
  const seal = medianMicroseconds(1_001, () =>
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(sealed, packet, null, null, nonce, key),
  );
  return {
    outcome: 'proved',
    what: 'ChaCha20-Poly1305, SipHash-2-4, Ed25519 and Argon2id give the known answers',
    figure: `${seal.toFixed(1)} µs to seal 100 bytes`,
  };
}

/** RFC 8439, section 2.8.2. */
function proveAead(): void {
  const key = Buffer.from(Array.from({ length: 32 }, (_value, index) => 0x80 + index));
  const nonce = fromHex('07000000 4041424344454647');
  const associatedData = fromHex('50515253 c0c1c2c3c4c5c6c7');
  const message = Buffer.from(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
      'sunscreen would be it.',
  );
  const expected =
    'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6' +
    '3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
    '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
    '3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691';
  const sealed = Buffer.alloc(message.length + 16);
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
    sealed,
    message,
    associatedData,
    null,
    nonce,
    key,
  );
  expectEqual('ChaCha20-Poly1305', toHex(sealed), expected);
  const opened = Buffer.alloc(message.length);
  const open = (): number =>
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
      opened,
      null,
      sealed,
      associatedData,
      nonce,
      key,
    );
  open();
  expectEqual('ChaCha20-Poly1305 opened', opened.toString(), message.toString());
  sealed[5]! ^= 1;
  expectEqual('a changed byte is refused', throws(open), true);
}

/** Aumasson and Bernstein, "SipHash: a fast short-input PRF", appendix A. */
function proveSipHash(): void {
  const bytes = Buffer.from(Array.from({ length: 16 }, (_value, index) => index));
  const hash = Buffer.alloc(8);
  sodium.crypto_shorthash(hash, bytes.subarray(0, 15), bytes);
  expectEqual('SipHash-2-4', hash.readBigUInt64LE().toString(16), 'a129ca6149be45e5');
}

/** RFC 8032, section 7.1, test 1 (of the empty message). */
function proveSignature(): void {
  const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
  const publicKey = Buffer.alloc(32);
  const secretKey = Buffer.alloc(64);
  const signature = Buffer.alloc(64);
  const message = Buffer.alloc(0);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  const expectedKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  expectEqual('Ed25519 public key', toHex(publicKey), expectedKey);
  sodium.crypto_sign_detached(signature, message, secretKey);
  const expected =
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555' +
    'fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';
  expectEqual('Ed25519 signature', toHex(signature), expected);
  const verify = (): boolean => sodium.crypto_sign_verify_detached(signature, message, publicKey);
  expectEqual('Ed25519 signature verified', verify(), true);
  signature[0]! ^= 1;
  expectEqual('a changed signature verified', verify(), false);
}

/**
 * With the cost of our passwords. The published vectors have shorter salts than libsodium takes;
 * this answer is OpenSSL's.
 */
async function provePasswordHash(): Promise<void> {
  const hash = Buffer.alloc(32);
  await sodium.crypto_pwhash_async(
    hash,
    Buffer.from('password'),
    Buffer.from('somesaltsomesalt'),
    3,
    64 * 1_024 * 1_024,
    sodium.crypto_pwhash_ALG_ARGON2ID13,
  );
  const expected = '7664ad4ba1a3c999fcdd0991ffc2270f78302d2383233db5e7befc85d1bb1819';
  expectEqual('Argon2id', toHex(hash), expected);
}

function throws(task: () => unknown): boolean {
  try {
    task();
    return false;
  } catch {
    return true;
  }
}
