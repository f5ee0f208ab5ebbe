import { defaultPorts } from '@rookery/schemas/protocol';
import { ClientError } from '../../engine/clientError.js';
import { formatServerAddress, parseServerAddress } from '../../engine/serverAddress.js';

/** Where the admin interface of a server answers. */
export interface AdminTarget {
  /** Over TLS; without it only on this machine. */
  readonly isSecure: boolean;
  /** Name, or numeric address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The one way of writing it: key of sessions, and what messages show. */
  readonly origin: string;
}

/** Where a server without TLS answers to, which it holds against DNS rebinding. */
const hostsOfThisMachine: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1']);

/**
 * Reads `http://HOST[:PORT]` or `https://HOST[:PORT]`; without a port the usual one is meant.
 *
 * @throws ClientError `invalidAddress`
 */
export function parseAdminTarget(text: string): AdminTarget {
  const match = /^(https?):\/\/(\[[^\]]*\]|[^/:@?#]+)(?::(\d{1,5}))?\/?$/i.exec(text.trim());
  if (match === null) throw invalid(text, 'write http://127.0.0.1:4642 or https://HOST:4643');
  const scheme = match[1]!.toLowerCase();
  const isSecure = scheme === 'https';
  const usualPort = isSecure ? defaultPorts.adminTls : defaultPorts.admin;
  const { host, port } = parseServerAddress(`${match[2]}:${match[3] ?? usualPort}`);
  if (!isSecure && !hostsOfThisMachine.has(host)) {
    throw invalid(text, 'other machines answer over https:// alone (--admin-tls-host there)');
  }
  return { isSecure, host, port, origin: `${scheme}://${formatServerAddress({ host, port })}` };
}

function invalid(text: string, reason: string): ClientError {
  return new ClientError('invalidAddress', `invalid admin address "${text}": ${reason}`);
}
