import { createHash, createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A request of a client of ACME, as far as its signature was looked at (RFC 8555 section 6.2). */
export interface SignedRequest {
  readonly nonce: string;
  readonly url: string;
  /** URL of the account; null where the key itself is given. */
  readonly account: string | null;
  readonly key: KeyObject;
  /** RFC 7638, base64url. */
  readonly thumbprint: string;
  /** null: the client only asks. */
  readonly payload: Readonly<Record<string, unknown>> | null;
}

export interface KnownKey {
  readonly key: KeyObject;
  readonly thumbprint: string;
}

/**
 * Reads a flattened JWS (RFC 7515) with ES256, and checks its signature.
 *
 * @param accountKey of the URL of an account
 * @returns null where it is not signed as it should be
 */
export function readSigned(
  body: string,
  accountKey: (url: string) => KnownKey | null,
): SignedRequest | null {
  const jws = JSON.parse(body) as Record<'protected' | 'payload' | 'signature', string>;
  const head = parse(jws.protected) as {
    readonly [name in 'alg' | 'nonce' | 'url' | 'kid']?: string;
  } & { readonly jwk?: JsonWebKey };
  const { alg, nonce, url, kid, jwk } = head;
  if (alg !== 'ES256' || nonce === undefined || url === undefined) return null;
  // Exactly one of both.
  if ((kid === undefined) === (jwk === undefined)) return null;
  const known = kid === undefined ? keyOf(jwk!) : accountKey(kid);
  if (known === null) return null;
  const signed = Buffer.from(`${jws.protected}.${jws.payload}`);
  const signature = Buffer.from(jws.signature, 'base64url');
  const { key, thumbprint } = known;
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) return null;
  const payload = jws.payload === '' ? null : (parse(jws.payload) as SignedRequest['payload']);
  return { nonce, url, account: kid ?? null, key, thumbprint, payload };
}

function keyOf(jwk: JsonWebKey): KnownKey {
  const { crv, kty, x, y } = jwk;
  const canonical = JSON.stringify({ crv, kty, x, y });
  const thumbprint = createHash('sha256').update(canonical).digest('base64url');
  return { key: createPublicKey({ key: jwk, format: 'jwk' }), thumbprint };
}

function parse(encoded: string): unknown {
  return JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
}
