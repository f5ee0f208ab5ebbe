import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { loginMessage, userIdOf } from '@rookery/schemas/loginMessage';
import type { Auth, Uuid } from '@rookery/schemas/messages';
import { displayNameLimits, normaliseName } from '@rookery/schemas/names';
import { protocolVersion } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import sodium from 'sodium-native';
import type { LoginRefusal } from './connection.js';

export interface CheckedIdentity {
  readonly userId: Uuid;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Normalised. */
  readonly displayName: string;
  /** It says that nobody sits there. */
  readonly isBot: boolean;
}

/**
 * Checks who somebody claims to be: the signature over our challenge, our certificate and our
 * protocol version, then the display name.
 *
 * @param challenge 32 bytes, sent on this connection
 * @param fingerprint SHA-256 of the certificate that was shown on this connection, 32 bytes
 */
export function checkIdentity(
  auth: Auth,
  challenge: Uint8Array,
  fingerprint: Uint8Array,
): CheckedIdentity | LoginRefusal {
  const signed = loginMessage(challenge, fingerprint, protocolVersion);
  if (!sodium.crypto_sign_verify_detached(auth.signature, signed, auth.publicKey)) {
    const message =
      'The signature does not belong to this key, this server and this login. Connect again, and ' +
      "check the server's fingerprint.";
    return { reason: AuthFailure.BadSignature, message };
  }
  try {
    const displayName = normaliseName(auth.displayName, displayNameLimits);
    const { publicKey } = auth;
    const isBot = auth.botPass !== null;
    return { userId: userIdOf(publicKey), publicKey, displayName, isBot };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { reason: AuthFailure.BadName, message: `Choose another name: ${error.message}.` };
  }
}
