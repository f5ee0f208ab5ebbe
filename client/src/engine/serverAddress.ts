import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { defaultPorts } from '@rookery/schemas/protocol';
import { ClientError } from './clientError.js';

/** Where a server listens for QUIC. */
export interface ServerAddress {
  /** Name in lower-case ASCII, or numeric address without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads HOST[:PORT] as people write it; IPv6 stands in brackets.
 *
 * @throws ClientError `invalidAddress`, naming what is wrong.
 */
export function parseServerAddress(text: string): ServerAddress {
  const trimmed = text.trim();
  // Alone, `::1` could not be told from a host with a port.
  if (isIPv6(trimmed)) {
    throw invalid(text, `an IPv6 address stands in brackets, like [${trimmed}]`);
  }
  const match = /^(?:\[(?<v6>[^[\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>.*))?$/.exec(trimmed);
  if (match?.groups === undefined) throw invalid(text, 'write HOST or HOST:PORT');
  const { v6, name, port } = match.groups;
  const host = v6 === undefined ? hostName(text, name ?? '') : ipv6Host(text, v6);
  return { host, port: port === undefined ? defaultPorts.quic : portNumber(text, port) };
}

/** The one way of writing an address: key of pins, and what messages show. */
export function formatServerAddress(address: ServerAddress): string {
  const host = isIPv6(address.host) ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

function hostName(text: string, name: string): string {
  const ascii = domainToASCII(name);
  if (ascii === '' || ascii.length > 253)
    throw invalid(text, 'the host is missing or no host name');
  return ascii;
}

function ipv6Host(text: string, address: string): string {
  if (!isIPv6(address) || address.includes('%')) {
    throw invalid(text, 'what stands in brackets is no IPv6 address');
  }
  // URL writes every spelling in the one form of RFC 5952, but mapped IPv4 in hexadecimal.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(canonical);
  if (mapped === null) return canonical;
  const halves = mapped.slice(1).map((half) => parseInt(half, 16));
  return halves.flatMap((half) => [half >>> 8, half & 0xff]).join('.');
}

function portNumber(text: string, port: string): number {
  const value = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (value < 1 || value > 65_535) throw invalid(text, 'the port must be a number from 1 to 65535');
  return value;
}

function invalid(text: string, reason: string): ClientError {
  return new ClientError('invalidAddress', `invalid server address "${text}": ${reason}`);
}
