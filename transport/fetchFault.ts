/** Why something could not be fetched, by what to do about it. */
export const fetchFaultCodes = [
  'fetchUnknownHost',
  'fetchNoWay',
  'fetchNobodyThere',
  'fetchSilent',
  'fetchSlow',
  'fetchBroken',
  'fetchNotTrusted',
  'fetchAnswer',
  'fetchUnencrypted',
  'fetchAstray',
  'fetchTooLarge',
  'fetchGivenUp',
  'fetchFailed',
] as const;

export type FetchFaultCode = (typeof fetchFaultCodes)[number];

export function isFetchFault(code: string): code is FetchFaultCode {
  return (fetchFaultCodes as readonly string[]).includes(code);
}

/** Of Node and of the HTTP client in it, with what they mean to who fetches; the first fits. */
const meanings: readonly (readonly [RegExp, FetchFaultCode])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'fetchUnknownHost'],
  [/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/, 'fetchNoWay'],
  [/^ECONNREFUSED$/, 'fetchNobodyThere'],
  [/^(ETIMEDOUT|UND_ERR_\w+_TIMEOUT)$/, 'fetchSilent'],
  // Those of OpenSSL's X509_V_ERR_* are named by Node as they are there.
  [/CERT|_CA$|^UNABLE_TO_|^HOSTNAME_|^ERR_(TLS|SSL)_|^EPROTO$/, 'fetchNotTrusted'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|Z_\w+)$/, 'fetchBroken'],
];

/**
 * What the code of a failed connection means. Pure.
 *
 * @param systemCode of Node: `ECONNREFUSED`
 * @returns `fetchFailed` for one that says nothing here
 */
export function fetchFaultOf(systemCode: string): FetchFaultCode {
  return meanings.find(([pattern]) => pattern.test(systemCode))?.[1] ?? 'fetchFailed';
}
