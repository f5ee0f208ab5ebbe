import { ClientError } from './clientError.js';
import { parseFingerprint } from './fingerprint.js';
import { formatServerAddress, parseServerAddress, type ServerAddress } from './serverAddress.js';

/** What a link says that invites somebody to a server. */
export interface InviteLink {
  readonly address: ServerAddress;
  readonly code: string;
  /** Of the server's key, as parseFingerprint() writes it; null where it is not said. */
  readonly fingerprint: string | null;
}

/** `rookery://HOST:PORT/?invite=CODE&fingerprint=HEX` */
export function writeInviteLink({ address, code, fingerprint }: InviteLink): string {
  const pin = fingerprint === null ? '' : `&fingerprint=${fingerprint.replaceAll(':', '')}`;
  return `rookery://${formatServerAddress(address)}/?invite=${encodeURIComponent(code)}${pin}`;
}

/** What a link says that leads to a server, whether it invites or not. */
export interface ServerLink extends Omit<InviteLink, 'code'> {
  /** null where it is no invitation. */
  readonly code: string | null;
}

/** @throws ClientError `invalidAddress` */
export function parseInviteLink(text: string): InviteLink {
  const link = isServerLink(text) ? parseServerLink(text) : null;
  if (link === null || link.code === null) {
    const form = 'rookery://HOST:PORT/?invite=CODE';
    throw new ClientError('invalidAddress', `this is no invitation; one looks like ${form}`);
  }
  return { ...link, code: link.code };
}

/** Whether a text wants to be a link; it may yet be a broken one. */
export function isServerLink(text: string): boolean {
  return /^\s*rookery:/i.test(text);
}

/** `rookery://HOST[:PORT][/][?invite=CODE&fingerprint=HEX]`. @throws ClientError `invalidAddress` */
export function parseServerLink(text: string): ServerLink {
  const match = /^rookery:\/\/(?<address>[^/?#\s]+)\/?(?:\?(?<query>[^#\s]*))?$/i.exec(text.trim());
  if (match === null) {
    const form = 'rookery://HOST:PORT';
    throw new ClientError('invalidAddress', `this is no link to a server; one looks like ${form}`);
  }
  const query = new URLSearchParams(match.groups?.['query'] ?? '');
  const fingerprint = query.get('fingerprint');
  return {
    address: parseServerAddress(match.groups?.['address'] ?? ''),
    code: query.get('invite') || null,
    fingerprint: fingerprint === null ? null : parseFingerprint(fingerprint),
  };
}
