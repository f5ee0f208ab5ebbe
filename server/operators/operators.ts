import type { CommandContext } from '../command/commandContext.js';
import { OperatorDesk } from './operatorDesk.js';
import { OperatorLogin, type OperatorLoginOptions } from './operatorLogin.js';
import { OperatorSessions } from './operatorSessions.js';

/** Those who run the server from outside: how they come in, and what they do. */
export interface Operators {
  readonly login: OperatorLogin;
  readonly sessions: OperatorSessions;
  readonly desk: OperatorDesk;
}

export interface OperatorsOptions extends OperatorLoginOptions {
  readonly commands: Omit<CommandContext, 'session'>;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export function openOperators({ commands, nowMs, ...login }: OperatorsOptions): Operators {
  const desk = new OperatorDesk(commands);
  return { desk, login: new OperatorLogin(login), sessions: new OperatorSessions({ desk, nowMs }) };
}
