import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { loginMessage, userIdOf } from '@rookery/schemas/loginMessage';
import type { Auth } from '@rookery/schemas/messages';
import { protocolVersion } from '@rookery/schemas/protocol';
import { checkIdentity } from './identityCheck.js';

const identity = generateKeyPairSync('ed25519');
const publicKey = identity.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const challenge = randomBytes(32);
const fingerprint = randomBytes(32);

function auth(message: Uint8Array, displayName = 'Ada'): Auth {
  const signature = sign(null, message, identity.privateKey);
  const nothingMore = {
    password: '',
    ticket: null,
    continuedToken: 0,
    work: null,
    accountPassword: '',
    inviteCode: '',
    botPass: null,
  };
  return { type: FrameType.Auth, publicKey, signature, displayName, ...nothingMore };
}

describe('an identity', () => {
  test('is the user of its key under a normalised name', () => {
    const checked = checkIdentity(
      auth(loginMessage(challenge, fingerprint, protocolVersion), ' Ada  L '),
      challenge,
      fingerprint,
    );
    const displayName = 'Ada L';
    const userId = userIdOf(publicKey);
    expect(checked).toEqual({ userId, publicKey, displayName, isBot: false });
  });

  test.each([
    ['another challenge', loginMessage(randomBytes(32), fingerprint, protocolVersion)],
    ['another server', loginMessage(challenge, randomBytes(32), protocolVersion)],
    ['another version', loginMessage(challenge, fingerprint, protocolVersion + 1)],
    ['nothing', new Uint8Array(0)],
  ])('is refused with a signature for %s', (_what, message) => {
    const checked = checkIdentity(auth(message), challenge, fingerprint);
    expect(checked).toMatchObject({ reason: AuthFailure.BadSignature });
  });

  test('is refused with a key that everybody could sign for', () => {
    const message = loginMessage(challenge, fingerprint, protocolVersion);
    const weak = { ...auth(message), publicKey: new Uint8Array(32), signature: new Uint8Array(64) };
    const checked = checkIdentity(weak, challenge, fingerprint);
    expect(checked).toMatchObject({ reason: AuthFailure.BadSignature });
  });

  test.each(['', 'a\u202eb', '\u200b'])('is refused under the name %j', (name) => {
    const message = loginMessage(challenge, fingerprint, protocolVersion);
    const checked = checkIdentity(auth(message, name), challenge, fingerprint);
    expect(checked).toMatchObject({ reason: AuthFailure.BadName });
  });
});
