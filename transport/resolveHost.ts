import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { TransportError } from './transportError.js';

/**
 * Turns a host name into a numeric address; numeric ones come back as they are, `[::1]` without
 * its brackets. IPv4 is preferred where a name has both, because UDP gives no early sign that an
 * IPv6 path is dead.
 *
 * @throws TransportError `unresolvableHost`
 */
export async function resolveHost(host: string): Promise<string> {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return bare;
  try {
    return (await lookup(bare, { verbatim: false })).address;
  } catch (cause) {
    throw new TransportError('unresolvableHost', `no address is known for the host "${host}"`, {
      cause,
    });
  }
}
