import type { Permission } from '@rookery/schemas/permissions';
import type { FastifyRequest } from 'fastify';
import type { AuditAction } from '../../moderation/auditAction.js';
import type { Operator } from '../../operators/operatorDesk.js';
import type { Operators } from '../../operators/operators.js';
import { ApiFault, loginNeeded, unavailable } from './apiFault.js';

/** In the description of a route: it takes an access token. */
export const security = [{ bearer: [] }];

/** Somebody who asks by an access token. */
export interface Asker {
  readonly operators: Operators;
  readonly operator: Operator;
  /** Whether the session that the token is of still stands. */
  readonly isLoggedIn: () => boolean;
}

/** Where those who run the server are known; null while it starts or stops. */
export interface OperatorSource {
  readonly operators: () => Operators | null;
}

/** @throws ApiFault while the server starts or stops */
export function present(operators: Operators | null): Operators {
  if (operators === null) throw unavailable;
  return operators;
}

/** @throws ApiFault `loginNeeded` */
export async function askerOf(request: FastifyRequest, source: OperatorSource): Promise<Asker> {
  const operators = present(source.operators());
  try {
    await request.jwtVerify();
  } catch {
    throw loginNeeded;
  }
  const { sessionId } = request.user as { readonly sessionId?: unknown };
  const operator = typeof sessionId === 'string' ? operators.sessions.find(sessionId) : null;
  if (operator === null) throw loginNeeded;
  const isLoggedIn = (): boolean => operators.sessions.find(sessionId as string) === operator;
  return { operators, operator, isLoggedIn };
}

/**
 * Who asks, where it may do this on the server; that it was refused is in the log else.
 *
 * @throws ApiFault
 */
export async function permittedAsker(
  request: FastifyRequest,
  source: OperatorSource,
  permission: Permission,
  action: AuditAction,
): Promise<Asker> {
  const asker = await askerOf(request, source);
  const { operators, operator } = asker;
  if (operators.desk.can(operator, permission)) return asker;
  const message = `You lack the permission "${permission}" on this server.`;
  operators.desk.note(operator, action, message, 'refused');
  throw new ApiFault(403, 'notPermitted', message);
}
