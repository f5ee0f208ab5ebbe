import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprintText, loginMessage, userIdOf } from './loginMessage.js';

const challenge = new Uint8Array(32).fill(0xc1);
const fingerprint = new Uint8Array(32).fill(0xf1);

test('lays out context, version, fingerprint and challenge', () => {
  const message = loginMessage(challenge, fingerprint, 0x0102);
  expect(Buffer.from(message).toString('hex')).toBe(
    Buffer.from('rookery login\0').toString('hex') + '0201' + 'f1'.repeat(32) + 'c1'.repeat(32),
  );
});

test('makes a signature worthless for another server, login or version', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const signature = sign(null, loginMessage(challenge, fingerprint, 1), privateKey);
  const holds = (message: Uint8Array): boolean => verify(null, message, publicKey, signature);
  expect(holds(loginMessage(challenge, fingerprint, 1))).toBe(true);
  expect(holds(loginMessage(fingerprint, fingerprint, 1))).toBe(false);
  expect(holds(loginMessage(challenge, challenge, 1))).toBe(false);
  expect(holds(loginMessage(challenge, fingerprint, 2))).toBe(false);
});

test('refuses other lengths and versions', () => {
  expect(() => loginMessage(challenge.subarray(1), fingerprint, 1)).toThrow(RangeError);
  expect(() => loginMessage(challenge, fingerprint.subarray(1), 1)).toThrow(RangeError);
  expect(() => loginMessage(challenge, fingerprint, 65_536)).toThrow(RangeError);
});

test('gives an identity the same user id for ever', () => {
  // Fixed: a change of this value would make every known user a stranger.
  expect(userIdOf(new Uint8Array(32).fill(1))).toBe('80e72d2b-f323-4723-9a57-d97579018063');
  expect(userIdOf(new Uint8Array(32).fill(2))).not.toBe(userIdOf(new Uint8Array(32).fill(1)));
});

test('writes a fingerprint for people', () => {
  expect(fingerprintText(Uint8Array.of(0, 10, 255))).toBe('00:0A:FF');
});
