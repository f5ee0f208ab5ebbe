import type { GrantedTokens } from '@rookery/schemas/adminApi';
import type { FastifyInstance } from 'fastify';
import { sourceKey } from '@rookery/transport/sourceLimits';
import { z } from 'zod';
import type { ProvenOperator } from '../../operators/operatorLogin.js';
import type { Operators } from '../../operators/operators.js';
import type { Granted } from '../../operators/operatorSessions.js';
import type { Refusal } from '../../state/outcome.js';
import { ApiFault, faultOfRefusal } from './apiFault.js';

export interface AuthRoutesOptions {
  /** @throws ApiFault while there are none */
  readonly operators: () => Operators;
  readonly accessSeconds: number;
}

/** Longest of what people choose; hashing takes any length. */
const secretLengthMax = 1_024;
const secret = z.string().min(1).max(secretLengthMax);

const loginBody = z.strictObject({ name: secret, password: secret });
const ownerBody = z.strictObject({ ownerToken: secret, name: secret, password: secret });
const renewalBody = z.strictObject({ refreshToken: secret });

const granted = z.object({
  accessToken: z.string(),
  expiresIn: z.number(),
  refreshToken: z.string(),
}) satisfies z.ZodType<GrantedTokens>;

/** Login, renewal and logout. The one who logs in is paced and shut out as at a client's login. */
export function addAuthRoutes(api: FastifyInstance, options: AuthRoutesOptions): void {
  const { operators, accessSeconds } = options;
  const grant = ({ operator, sessionId, refreshToken }: Granted): GrantedTokens => ({
    accessToken: api.jwt.sign({ sub: operator.userId, sessionId }),
    expiresIn: accessSeconds,
    refreshToken,
  });
  const begin = (proven: ProvenOperator | Refusal): GrantedTokens => {
    if ('refused' in proven) throw faultOfRefusal(proven);
    return grant(operators().sessions.begin(proven));
  };
  const schema = (summary: string, body: z.ZodType): object => ({
    ...{ tags: ['login'], summary, body },
    response: { 200: granted },
  });

  api.post<{ Body: z.output<typeof loginBody> }>(
    '/login',
    { schema: schema('By the name and password of an account, moderator or above.', loginBody) },
    async ({ ip, body: { name, password } }) =>
      begin(await operators().login.byPassword(sourceKey(ip), name, password)),
  );
  api.post<{ Body: z.output<typeof ownerBody> }>(
    '/owner',
    {
      schema: schema(
        'The first time, by the token that the server printed: makes an account that owns it.',
        ownerBody,
      ),
    },
    async ({ ip, body: { ownerToken, name, password } }) =>
      begin(await operators().login.byOwnerToken(sourceKey(ip), ownerToken, name, password)),
  );
  api.post<{ Body: z.output<typeof renewalBody> }>(
    '/renew',
    { schema: schema('A new access token; the refresh token is another one then.', renewalBody) },
    ({ body: { refreshToken } }, reply) => {
      const renewed = operators().sessions.renew(refreshToken);
      if (renewed === null) throw renewalRefused;
      return reply.send(grant(renewed));
    },
  );
  api.post<{ Body: z.output<typeof renewalBody> }>(
    '/logout',
    { schema: { tags: ['login'], summary: 'Ends the session.', body: renewalBody } },
    ({ body: { refreshToken } }, reply) => {
      // Whoever has a token that was good once may end what it was for.
      operators().sessions.end(refreshToken.split('.')[0]!);
      return reply.code(204).send();
    },
  );
}

const renewalRefused = new ApiFault(
  401,
  'loginNeeded',
  'The session has ended. Log in again (POST /api/v1/login).',
);
