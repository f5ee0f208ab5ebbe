import { ClientError } from './clientError.js';
import { parseFingerprint } from './fingerprint.js';
import { formatServerAddress, parseServerAddress, type ServerAddress } from './serverAddress.js';

/** What a link says that invites somebody to a server. */
export interface InviteLink {
  readonly address: ServerAddress;
  readonly code: string;
  /** Of the server's certificate, as parseFingerprint() writes it; null where it is not said. */
  readonly fingerprint: string | null;
}

/** `rookery://HOST:PORT/?invite=CODE&fingerprint=HEX` */
export function writeInviteLink({ address, code, fingerprint }: InviteLink): string {
  const pin = fingerprint === null ? '' : `&fingerprint=${fingerprint.replaceAll(':', '')}`;
  return `rookery://${formatServerAddress(address)}/?invite=${encodeURIComponent(code)}${pin}`;
}

/** @throws ClientError `invalidAddress` */
export function parseInviteLink(text: string): InviteLink {
  const match = /^rookery:\/\/(?<address>[^/?#]+)\/?\?(?<query>[^#]*)$/i.exec(text.trim());
  const query = new URLSearchParams(match?.groups?.['query'] ?? '');
  const code = query.get('invite') ?? '';
  if (match === null || code === '') {
    const form = 'rookery://HOST:PORT/?invite=CODE';
    throw new ClientError('invalidAddress', `this is no invitation; one looks like ${form}`);
  }
  const fingerprint = query.get('fingerprint');
  return {
    address: parseServerAddress(match.groups?.['address'] ?? ''),
    code,
    fingerprint: fingerprint === null ? null : parseFingerprint(fingerprint),
  };
}
