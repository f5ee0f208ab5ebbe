import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { ServerCertificate } from '../certificate/serverCertificate.js';
import { createServer, type Server } from 'node:https';
import { ServerError } from '../errors.js';

/** The admin interface for other machines. */
export interface SecureAdminOptions {
  readonly host: string;
  /** TCP; 0 lets the kernel choose. */
  readonly port: number;
  /** PEM: that of the server, which clients know. */
  readonly certificate: ShownCertificate;
}

type ShownCertificate = Pick<ServerCertificate, 'certificate' | 'privateKey'>;

/**
 * Answers over TLS what `answer` answers to. Names in requests are not looked at: whoever would
 * have the browser of somebody ask here under a name of theirs had to show a certificate of it.
 *
 * @param requestMs until the whole of a request is there
 * @throws ServerError `addressInUse`
 */
export async function listenSecurely(
  { host, port, certificate }: SecureAdminOptions,
  requestMs: number,
  answer: RequestListener,
): Promise<Server> {
  const times = requestTimes(requestMs);
  const server = createServer({ ...contextOf(certificate), ...times }, answer);
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError(
      'addressInUse',
      `Cannot listen on TCP port ${port} of ${host} for the admin interface (${reason}). ` +
        'Stop what uses it, or choose others with --admin-tls-host and --admin-tls-port.',
      { cause },
    );
  }
  return server;
}

/** Connections that begin from now on are shown this one; those that there are go on. */
export function showCertificate(server: Server, certificate: ShownCertificate): void {
  server.setSecureContext(contextOf(certificate));
}

function contextOf({ certificate: cert, privateKey: key }: ShownCertificate) {
  return { cert, key, minVersion: 'TLSv1.2' } as const;
}

/**
 * How long a request may take to come, as servers of Node take it. They look for slow ones every
 * half minute unless told otherwise.
 */
export function requestTimes(requestMs: number) {
  return {
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: Math.ceil(requestMs / 4),
  };
}

/** Ends what is connected, too. */
export async function closeSecurely(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
