import type { Connection, ConnectionPhase } from './connection.js';

/** Whose line it is, in the log: numbers and ids alone, nothing that lets anybody in. */
export interface LogFields {
  readonly connection: number;
  readonly session?: number;
  readonly user?: string;
}

/** @param phase where the connection stood, if that has changed since */
export function logFieldsOf(
  { id, phase: current }: Pick<Connection, 'id' | 'phase'>,
  phase: ConnectionPhase = current,
): LogFields {
  if (phase.name !== 'open') return { connection: id };
  const { token, userId } = phase.session;
  return { connection: id, session: token, user: userId };
}
