import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, type SecureContext } from 'node:tls';
import type { AcmeChallenge } from './acmeConfig.js';
import { challengePortError } from './challengePort.js';

/** What the authority is answered for one name. */
export type ChallengeAnswer =
  | { readonly kind: 'http-01'; readonly token: string; readonly keyAuthorization: string }
  | {
      readonly kind: 'tls-alpn-01';
      readonly domain: string;
      /** PEM, as RFC 8737 wants it. */
      readonly certificate: string;
      readonly privateKey: string;
    };

/** Answers the authority's question whether names lead here, while a certificate is issued. */
export interface ChallengeListener {
  answer(given: ChallengeAnswer): void;
  close(): Promise<void>;
}

/** Where the authority looks (RFC 8555 section 8.3). */
const httpPath = '/.well-known/acme-challenge/';

/** RFC 8737 section 6.2. */
const alpnProtocol = 'acme-tls/1';

/** A question is one small request. */
const requestMs = 10_000;

/**
 * Opens the port on which the authority asks.
 *
 * @param host as the server listens on; "::" means all
 * @throws ServerError `addressInUse`, `acmeFailed` where this user may not have it
 */
export async function openChallengeListener(
  kind: AcmeChallenge,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ChallengeListener> {
  return kind === 'http-01' ? openHttp(host, port) : openTls(host, port);
}

async function openHttp(host: string, port: number): Promise<ChallengeListener> {
  const answers = new Map<string, string>();
  const server: HttpServer = createHttpServer(
    { requestTimeout: requestMs },
    (request, response) => {
      const path = request.url ?? '';
      const found = path.startsWith(httpPath)
        ? answers.get(path.slice(httpPath.length))
        : undefined;
      response.writeHead(found === undefined ? 404 : 200, {
        'content-type': 'application/octet-stream',
        connection: 'close',
      });
      response.end(found ?? '');
    },
  );
  await listen(server, { host, port });
  return {
    answer: (given) => {
      if (given.kind === 'http-01') answers.set(given.token, given.keyAuthorization);
    },
    close: () => close(server, () => server.closeAllConnections()),
  };
}

async function openTls(host: string, port: number): Promise<ChallengeListener> {
  const contexts = new Map<string, SecureContext>();
  const sockets = new Set<Socket>();
  const server = createTlsServer({
    ALPNProtocols: [alpnProtocol],
    handshakeTimeout: requestMs,
    SNICallback: (domain, done) => {
      const context = contexts.get(domain.toLowerCase());
      done(context === undefined ? new Error('no such name here') : null, context);
    },
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // The certificate says it all.
  server.on('secureConnection', (socket) => socket.end());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await listen(server, { host, port });
  return {
    answer: (given) => {
      if (given.kind !== 'tls-alpn-01') return;
      const { certificate: cert, privateKey: key } = given;
      contexts.set(given.domain, createSecureContext({ cert, key }));
    },
    close: () =>
      close(server, () => {
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function listen(
  server: NetServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  try {
    // Without a host it is all addresses, on machines without IPv6, too.
    server.listen({ port, ...(host !== '::' && { host }) });
    await once(server, 'listening');
  } catch (cause) {
    throw challengePortError(cause, port);
  }
}

async function close(server: NetServer, cut: () => void): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  cut();
  await closed;
}
