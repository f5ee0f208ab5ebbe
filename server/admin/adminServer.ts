import type { Server as HttpsServer } from 'node:https';
import type { Server } from 'node:net';
import fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import { ServerError } from '../errors.js';
import { addAdminApi, type AdminApiOptions } from './api/adminApi.js';
import type { StartInfo } from '../startBlock.js';
import { addConsolePages } from './consolePages.js';
import { LiveDesk } from './live/liveDesk.js';
import { ServerMetrics } from './metrics.js';
import {
  closeSecurely,
  listenSecurely,
  requestTimes,
  showCertificate,
  type SecureAdminOptions,
} from './secureListener.js';
import type { ReadinessState } from './readiness.js';

export interface AdminServerOptions extends AdminApiOptions {
  /** TCP; 0 lets the kernel choose. */
  readonly port: number;
  /** Of the built console; null where there is none. */
  readonly consoleFolder: string | null;
  /** For other machines; null: this one alone. */
  readonly secure: SecureAdminOptions | null;
  readonly readiness: () => ReadinessState;
  readonly log: Logger;
  /** Milliseconds until the whole of a request is there; 10 s without it. */
  readonly requestMs?: number;
}

export interface AdminServer {
  readonly bound: Pick<StartInfo, 'admin' | 'adminTls'>;
  /** To whoever connects from now on over TLS. */
  useCertificate(certificate: SecureAdminOptions['certificate']): void;
  close(): Promise<void>;
}

/**
 * A page of anywhere may have its own name resolve to loopback, and have the browser of whoever
 * looks at it ask here (DNS rebinding): then the name of that page is in the request.
 */
function isOwnHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? '');
}

/** The longest rules of a room are shorter. */
const bodyBytesMax = 256 * 1_024;

/** Until the whole of a request is there: it is answered with 408 soon after, and cut. */
const usualRequestMs = 10_000;

/** Without TLS it is for this machine alone. */
const adminHost = '127.0.0.1';

/** What needs no token tells too much to other machines. */
const pathsOfThisMachine: ReadonlySet<string | undefined> = new Set(['/stats', '/metrics']);

/** Loads what the library loads with the first server that is made, which takes a while. */
export async function loadAdminServer(): Promise<void> {
  await fastify().ready();
}

/**
 * Serves what an operator asks over HTTP on loopback, and over TLS elsewhere: `GET /console/` (its
 * pages), `/api/v1` (what they ask and do), `GET /health` (200 when people can log in and write,
 * else 503), `GET /live` (200 as long as the main thread answers), and on loopback alone
 * `GET /stats` (JSON) and `GET /metrics` (for Prometheus).
 *
 * @throws ServerError `addressInUse`
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const { requestMs = usualRequestMs } = options;
  const server = fastify({
    forceCloseConnections: true,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestMs,
    http: requestTimes(requestMs),
    // The library's own lines would hold whole requests, with what stands in them.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (_none, { reqId }) => options.log.child({ requestId: String(reqId) }),
  });
  server.addHook('onResponse', logAnswer);
  server.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') {
      if (!pathsOfThisMachine.has(request.routeOptions.url)) return;
      await reply.code(403).send({ status: 'onlyOnThisMachine' });
    } else if (!isOwnHost(request.headers.host)) {
      await reply.code(421).send({ status: 'foreignHost' });
    }
  });
  server.get('/live', async (_request, reply) => reply.send({ status: 'alive' }));
  server.get('/health', async (_request, reply) => {
    const status = options.readiness();
    return reply.code(status === 'up' ? 200 : 503).send({ status });
  });
  addFigures(server, options);
  const live = new LiveDesk(options);
  // Before connections are closed, of which these would stay for good.
  server.addHook('preClose', (done) => {
    live.close();
    done();
  });
  await addAdminApi(server, options, live);
  addConsolePages(server, options.consoleFolder);
  try {
    await server.listen({ host: adminHost, port: options.port });
  } catch (cause) {
    await server.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError(
      'addressInUse',
      `Cannot listen on TCP port ${options.port} for the admin interface (${reason}). Stop what ` +
        'uses it, or choose another with --admin-port.',
      { cause },
    );
  }
  const secure = await openSecure(server, options.secure, requestMs);
  return {
    bound: {
      admin: { host: adminHost, port: portOf(server.server) },
      adminTls: options.secure && secure && { host: options.secure.host, port: portOf(secure) },
    },
    useCertificate: (certificate) => {
      if (secure !== null) showCertificate(secure, certificate);
    },
    close: async () => {
      if (secure !== null) await closeSecurely(secure);
      await server.close();
    },
  };
}

function addFigures(server: FastifyInstance, { stats }: Pick<AdminServerOptions, 'stats'>): void {
  let metrics: ServerMetrics | null = null;
  server.addHook('onClose', (_server, done) => {
    metrics?.close();
    done();
  });
  server.get('/metrics', async (_request, reply) => {
    const now = stats();
    if (now === null) return reply.code(503).send({ status: 'unavailable' });
    metrics ??= new ServerMetrics();
    return reply.type(metrics.contentType).send(await metrics.text(now));
  });
  server.get('/stats', async (_request, reply) => {
    const now = stats();
    return now === null ? reply.code(503).send({ status: 'unavailable' }) : reply.send(now);
  });
}

/** Not the query: it is of whoever asks. */
function logAnswer(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const [path] = request.url.split('?', 1);
  const { statusCode, elapsedTime } = reply;
  request.log.debug({ method: request.method, path, statusCode, elapsedTime }, 'answered');
  done();
}

async function openSecure(
  server: FastifyInstance,
  secure: SecureAdminOptions | null,
  requestMs: number,
): Promise<HttpsServer | null> {
  if (secure === null) return null;
  try {
    return await listenSecurely(secure, requestMs, (request, response) => {
      server.routing(request, response);
    });
  } catch (error) {
    await server.close();
    throw error;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('a listening TCP server has a port');
  }
  return address.port;
}
