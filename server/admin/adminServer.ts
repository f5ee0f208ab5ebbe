import fastify from 'fastify';
import { ServerError } from '../errors.js';

export interface AdminServerOptions {
  /** TCP; 0 lets the kernel choose. */
  readonly port: number;
  /** What `/stats` tells, or null while the server starts or stops. */
  readonly stats: () => object | null;
}

export interface AdminServer {
  /** The bound TCP port. */
  readonly port: number;
  close(): Promise<void>;
}

/** Nobody outside this machine is asked for a token yet, so nobody outside reaches it. */
export const adminHost = '127.0.0.1';

/**
 * Serves what an operator asks over HTTP, on loopback only: `GET /health` (200 when people can log
 * in, else 503) and `GET /stats` (JSON).
 *
 * @throws ServerError `addressInUse`
 */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = fastify({ forceCloseConnections: true });
  server.get('/health', async (_request, reply) => {
    const isUp = options.stats() !== null;
    return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'up' : 'unavailable' });
  });
  server.get('/stats', async (_request, reply) => {
    const stats = options.stats();
    return stats === null ? reply.code(503).send({ status: 'unavailable' }) : reply.send(stats);
  });
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
  const address = server.server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('a listening TCP server has a port');
  }
  return { port: address.port, close: () => server.close() };
}
