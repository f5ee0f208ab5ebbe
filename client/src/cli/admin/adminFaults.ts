import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import type { AdminAnswer } from './adminConnection.js';
import type { AdminTarget } from './adminTarget.js';

const faultBody = z.object({ code: z.string(), message: z.string() });

/** What an answer that is no success means, and what to do next. */
export function faultOfAnswer({ status, body }: AdminAnswer, { origin }: AdminTarget): ClientError {
  const fault = faultBody.safeParse(body);
  if (!fault.success) return noRookery(origin);
  if (status === 401) return sessionEnded(origin);
  const { message } = fault.data;
  if (status === 403) {
    const words = 'somebody who may do this logs in with `rookery admin login --name NAME`';
    return new ClientError('commandRefused', `${message} (${words})`);
  }
  return new ClientError(
    status === 429 || status === 503 ? 'serverBusy' : 'commandRefused',
    message,
  );
}

/** What answers is no server of ours. */
export function noRookery(origin: string): ClientError {
  return new ClientError(
    'protocolViolation',
    `what answers at ${origin} is no admin interface of a Rookery server: look at --server-admin`,
  );
}

export function sessionEnded(origin: string): ClientError {
  return new ClientError(
    'sessionEnded',
    `the session at ${origin} has ended, as all do when the server starts again: log in with ` +
      '`rookery admin login`',
  );
}

export function notLoggedIn(origin: string): ClientError {
  return new ClientError(
    'sessionEnded',
    `you are not logged in at ${origin}: begin with \`rookery admin login\``,
  );
}
