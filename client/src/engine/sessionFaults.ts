import { ClientError, type ClientErrorCode } from './clientError.js';
import type { EngineFault } from './engineState.js';

/** After these another try may do better; after all others it would end the same. */
export const passingFaults: ReadonlySet<ClientErrorCode> = new Set<ClientErrorCode>([
  'disconnected',
  'unreachable',
  'voiceUnreachable',
  'serverBusy',
]);

/** After these a ticket that was shown is of no use any more. */
export function isPasswordFault(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  return error.code === 'wrongPassword' || error.code === 'wrongAccountPassword';
}

/** What commands reject with while there is no connection. */
export function notConnected(): ClientError {
  return new ClientError('disconnected', 'not connected to a server');
}

/**
 * @param first why the session was lost
 * @param last why the last try to come back failed; `first` where there was none
 */
export function gaveUp(first: ClientError, last: ClientError, reconnectMs: number): ClientError {
  const tried = last === first ? '' : `: ${last.message}`;
  return new ClientError(
    first.code,
    `${first.message}; gave up coming back after ${reconnectMs / 1_000} s${tried}`,
  );
}

/** The error as it stands in the State. */
export function faultOf(error: unknown): EngineFault {
  const { code, facts } =
    error instanceof ClientError ? error : ({ code: 'internal', facts: {} } as const);
  const message = error instanceof Error ? error.message : String(error);
  return { code, message, ...(Object.keys(facts).length > 0 && { facts }) };
}

/**
 * Whether the server does what it is asked on the way back: a room may be full, or gone, by then,
 * and that is no reason to give up the session.
 *
 * @throws ClientError for everything but a refusal
 */
export async function isAccepted(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof ClientError && error.code === 'commandRefused') return false;
    throw error;
  }
}
