import type { BotDoor } from '../bots/botDoor.js';
import type { CommandContext } from '../command/commandContext.js';
import type { TalkWatch } from '../admin/live/talkWatch.js';
import type { PluginDesk } from '../plugins/pluginDesk.js';
import type { Happenings } from './happenings.js';
import { OperatorDesk } from './operatorDesk.js';
import { OperatorLogin, type OperatorLoginOptions } from './operatorLogin.js';
import { OperatorSessions } from './operatorSessions.js';

/** Those who run the server from outside: how they come in, and what they do. */
export interface Operators {
  readonly login: OperatorLogin;
  readonly sessions: OperatorSessions;
  readonly desk: OperatorDesk;
  readonly happenings: Happenings;
  /** Programs that others wrote, and that they let run here. */
  readonly plugins: PluginDesk;
  /** Who talks. */
  readonly talking: TalkWatch;
  /** Where they give passes to bots. */
  readonly bots: BotDoor;
}

export interface OperatorsOptions extends OperatorLoginOptions {
  readonly commands: Omit<CommandContext, 'session'>;
  readonly happenings: Happenings;
  /** Plugins act as operators do. */
  readonly openPlugins: (desk: OperatorDesk) => PluginDesk;
  readonly talking: TalkWatch;
  readonly bots: BotDoor;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export function openOperators(options: OperatorsOptions): Operators {
  const { commands, bots, nowMs, happenings, openPlugins, talking, ...login } = options;
  const desk = new OperatorDesk(commands);
  const sessions = new OperatorSessions({ desk, nowMs });
  const plugins = openPlugins(desk);
  return { desk, bots, login: new OperatorLogin(login), sessions, happenings, talking, plugins };
}
