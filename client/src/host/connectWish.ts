import type { ConnectOptions } from '../engine/engineOptions.js';
import { parseFingerprint } from '../engine/fingerprint.js';
import { parseServerLink } from '../engine/inviteLink.js';
import { parseServerAddress } from '../engine/serverAddress.js';

/** Where to go, as a user says it. */
export interface ConnectWish {
  /** HOST or HOST:PORT, or an invitation. */
  readonly address: string;
  readonly nickname: string;
  readonly password?: string;
  readonly accountPassword?: string;
  readonly inviteCode?: string;
  readonly identity?: string;
  /** Of a changed key, as the user was told it by another way. */
  readonly acceptedFingerprint?: string;
  /** Goes to the server of a bookmark: with the password that is kept, where none is given. */
  readonly bookmarkId?: string;
}

/** Where to go, once what is kept was looked up. */
export type Destination = Omit<ConnectWish, 'bookmarkId'>;

/** @throws ClientError `invalidAddress`, `invalidInput` */
export function connectOptions({ address, nickname, ...wish }: Destination): ConnectOptions {
  const { acceptedFingerprint, ...others } = wish;
  const accepted = acceptedFingerprint !== undefined && {
    acceptedFingerprint: parseFingerprint(acceptedFingerprint),
  };
  return { ...others, ...accepted, ...destinationOf(address), displayName: nickname };
}

/** An address, or an invitation, which says more than one. */
function destinationOf(
  text: string,
): Pick<ConnectOptions, 'address' | 'inviteCode' | 'expectedFingerprint'> {
  if (!/^rookery:/i.test(text)) return { address: parseServerAddress(text) };
  const { address, code, fingerprint } = parseServerLink(text);
  const invited = code !== null && { inviteCode: code };
  const expected = fingerprint !== null && { expectedFingerprint: fingerprint };
  return { address, ...invited, ...expected };
}
