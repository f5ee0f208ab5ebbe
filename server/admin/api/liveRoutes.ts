import type { FastifyInstance } from 'fastify';
import { EventStream } from '../live/eventStream.js';
import type { LiveDesk } from '../live/liveDesk.js';
import { ApiFault } from './apiFault.js';
import { askerOf, security, type OperatorSource } from './operatorRequest.js';

export interface LiveRoutesOptions extends OperatorSource {
  readonly live: LiveDesk;
}

/** What happens, as it happens. */
export function addLiveRoutes(api: FastifyInstance, options: LiveRoutesOptions): void {
  api.get(
    '/events',
    {
      schema: {
        ...{ tags: ['server'], security },
        summary: 'Server-sent events, each second: `figures`, and what `happened`.',
      },
    },
    async (request, reply) => {
      const { operator, isLoggedIn } = await askerOf(request, options);
      if (options.live.isFull) throw tooMany;
      reply.hijack();
      options.live.add({ stream: new EventStream(reply.raw), operator, isLoggedIn });
    },
  );
}

const tooMany = new ApiFault(503, 'tooManyListeners', 'Too many look on already; close some.');
