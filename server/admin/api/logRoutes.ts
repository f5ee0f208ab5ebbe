import type { FastifyInstance } from 'fastify';
import type { LogTail } from '../../log/logTail.js';
import { EventStream } from '../live/eventStream.js';
import { unavailable } from './apiFault.js';
import { permittedAsker, security, type OperatorSource } from './operatorRequest.js';

export interface LogRoutesOptions extends OperatorSource {
  /** null where nothing is kept of the log. */
  readonly logTail: LogTail | null;
}

/** Of what was written before, the newest. */
const recentMax = 500;

/** The log of the server, as it is written. */
export function addLogRoutes(api: FastifyInstance, options: LogRoutesOptions): void {
  api.get(
    '/log',
    {
      schema: {
        ...{ tags: ['server'], security },
        summary: 'Server-sent events: `lines` of the log, first the newest, then as they come.',
      },
    },
    async (request, reply) => {
      const { isLoggedIn } = await permittedAsker(request, options, 'administer', 'readLog');
      const { logTail } = options;
      if (logTail === null) throw unavailable;
      reply.hijack();
      const stream = new EventStream(reply.raw);
      stream.send('lines', JSON.stringify(logTail.recent({ limit: recentMax })));
      const leave = logTail.subscribe((line) => {
        if (isLoggedIn()) stream.send('lines', JSON.stringify([line]));
        else stream.end();
      });
      stream.onClose(leave);
    },
  );
}
