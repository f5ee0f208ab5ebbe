import fastifyJwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { Me } from '@rookery/schemas/adminApi';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { CertificateCare } from '../../certificate/certificates.js';
import type { Configuration } from '../../config/configuration.js';
import type { LogTail } from '../../log/logTail.js';
import type { Operators } from '../../operators/operators.js';
import type { StressTest } from '../../bots/stressTest.js';
import { serverVersion } from '../../version.js';
import type { ServerStats } from '../serverStats.js';
import type { LiveDesk } from '../live/liveDesk.js';
import type { ServerCare } from '../serverCare.js';
import { ApiFault, faultOfRefusal, unavailable, type FaultBody } from './apiFault.js';
import { addAuthRoutes } from './authRoutes.js';
import type { CommandRoute } from './commandRoute.js';
import { commandRoutes } from './commandRoutes.js';
import { addCareRoutes } from './careRoutes.js';
import { addCertificateRoutes } from './certificateRoutes.js';
import { addLiveRoutes } from './liveRoutes.js';
import { askerOf, present, security } from './operatorRequest.js';
import { plainAnswer } from './plainAnswer.js';
import { addBotRoutes } from './botRoutes.js';
import { addLogRoutes } from './logRoutes.js';
import { addPluginRoutes } from './pluginRoutes.js';
import { addSettingsRoutes } from './settingsRoutes.js';
import { addUploadRoutes } from './uploadRoutes.js';

/** Where all routes of the API are below. */
export const apiPrefix = '/api/v1';

export interface AdminApiOptions {
  /** Signs access tokens; 32 bytes or more, of this server alone. */
  readonly tokenKey: string;
  /** null while the server starts or stops. */
  readonly operators: () => Operators | null;
  readonly stressTest: StressTest;
  readonly stats: () => ServerStats | null;
  readonly care: ServerCare;
  readonly certificates: CertificateCare;
  /** What `GET /server` tells beside the figures. */
  readonly serverName: string;
  /** What the server runs with, and how to change it; null where it was started without. */
  readonly configuration: Configuration | null;
  /** The newest lines of the log; null where there is none. */
  readonly logTail: LogTail | null;
}

/** Seconds that an access token is good for. */
const accessSeconds = 600;

/** Requests of one address a minute; a console that is open asks for a few a second. */
const requestsPerMinute = 1_200;

/**
 * Adds the API by which the server is run from outside: a token by login, then the commands that
 * clients have, under the permissions of the account. `GET /api/v1/openapi.json` describes it.
 */
export async function addAdminApi(
  server: FastifyInstance,
  options: AdminApiOptions,
  live: LiveDesk,
): Promise<void> {
  await server.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      api.setErrorHandler(answerFault);
      api.setNotFoundHandler(() => {
        throw new ApiFault(404, 'noSuchRoute', 'There is nothing here: see openapi.json.');
      });
      await api.register(rateLimit, {
        max: requestsPerMinute,
        timeWindow: 60_000,
        errorResponseBuilder: (_request, { after }) =>
          new ApiFault(429, 'tooFast', `Too many requests. Try again in ${after}.`),
      });
      await api.register(fastifyJwt, {
        secret: options.tokenKey,
        sign: { expiresIn: accessSeconds * 1_000, algorithm: 'HS256' },
        verify: { algorithms: ['HS256'] },
      });
      await api.register(swagger, {
        openapi: {
          info: { title: 'Rookery', description: apiWords, version: serverVersion },
          components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
        },
        transform: jsonSchemaTransform,
      });
      api.get('/openapi.json', { schema: { hide: true } }, () => api.swagger());
      addAuthRoutes(api, { operators: () => present(options.operators()), accessSeconds });
      addReadingRoutes(api, options);
      addLiveRoutes(api, { ...options, live });
      addCareRoutes(api, options);
      addCertificateRoutes(api, options);
      addUploadRoutes(api, options);
      addSettingsRoutes(api, options);
      addLogRoutes(api, options);
      addBotRoutes(api, options);
      addPluginRoutes(api, options);
      for (const route of commandRoutes) addCommandRoute(api, route, options);
    },
    { prefix: apiPrefix },
  );
}

const apiWords =
  'Runs a Rookery server. Each route needs the permissions that its command needs in a client.';

function addCommandRoute(
  api: FastifyInstance,
  { method, path, tag, summary, params, query, body, command }: CommandRoute,
  options: AdminApiOptions,
): void {
  const parts = { ...(query && { querystring: query }), ...(body && { body }) };
  api.route({
    method,
    url: path,
    schema: { tags: [tag], summary, security, params, ...parts },
    handler: async (request) => {
      const { operators, operator } = await askerOf(request, options);
      const given = {
        ...(request.params as object),
        ...(request.query as object),
        ...(request.body as object | undefined),
      };
      const result = await operators.desk.run(operator, command(given as never));
      if (result.refused) throw faultOfRefusal(result);
      return 'answer' in result ? plainAnswer(result.answer) : { createdId: result.createdId };
    },
  });
}

function addReadingRoutes(api: FastifyInstance, options: AdminApiOptions): void {
  const schema = (summary: string): object => ({ tags: ['server'], summary, security });
  api.get('/me', { schema: schema('Who one is, and may do on the server.') }, async (request) => {
    const { operators, operator } = await askerOf(request, options);
    const { desk } = operators;
    const { userId, displayName } = operator;
    const permissions = desk.permissionsOf(operator);
    const role = desk.roleOf(operator);
    return { userId, displayName, role, permissions } satisfies Me;
  });
  api.get('/server', { schema: schema('What runs, and its figures.') }, async (request) => {
    await askerOf(request, options);
    const stats = options.stats();
    if (stats === null) throw unavailable;
    return { name: options.serverName, version: serverVersion, stats };
  });
  api.get('/rooms', { schema: schema('Rooms that one may see.') }, async (request) => {
    const { operators, operator } = await askerOf(request, options);
    const { desk } = operators;
    return { rooms: desk.look(operator).rooms };
  });
  api.get(
    '/sessions',
    { schema: schema('Who is here, in rooms that one may see.') },
    async (request) => {
      const { operators, operator } = await askerOf(request, options);
      const { desk } = operators;
      return { sessions: desk.look(operator).sessions };
    },
  );
}

/** Whatever goes wrong is told in one form; what is our own fault is told no more than that. */
function answerFault(
  error: FastifyError | ApiFault,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const body = faultBody(error, request);
  return reply.code(body.statusCode).send({ code: body.code, message: body.message });
}

function faultBody(
  error: FastifyError | ApiFault,
  request: FastifyRequest,
): FaultBody & { readonly statusCode: number } {
  if (error instanceof ApiFault) return error;
  const statusCode = error.statusCode ?? 500;
  if (statusCode < 500) {
    return { statusCode, code: 'invalidRequest', message: error.message };
  }
  request.log.error({ err: error }, 'a request of the admin interface failed inside the server');
  const message = 'Something of the server failed; its log tells what.';
  return { statusCode, code: 'internal', message };
}
