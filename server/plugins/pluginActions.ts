import { randomUUID } from 'node:crypto';
import { hostRefusal, type HostAnswer } from '@rookery/plugins/abi';
import type { PluginAction } from '@rookery/plugins/hostInputs';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage } from '@rookery/schemas/messages';
import { TokenBucket } from '../command/tokenBucket.js';
import { ServerError } from '../errors.js';
import type { Operator, OperatorDesk } from '../operators/operatorDesk.js';
import type { ServerPluginsLimits } from '../pluginsLimits.js';

export interface PluginActionsOptions {
  readonly desk: OperatorDesk;
  /** As whom the plugin acts. */
  readonly operator: Operator;
  readonly limits: ServerPluginsLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/**
 * What one plugin has the server do: by the very commands of clients, as a user of its own, so that
 * permissions, limits and the audit log are the same. Main thread.
 */
export class PluginActions {
  readonly #options: PluginActionsOptions;
  readonly #texts: TokenBucket;
  readonly #actions: TokenBucket;

  constructor(options: PluginActionsOptions) {
    const { limits, nowMs } = options;
    this.#options = options;
    this.#texts = new TokenBucket(limits.texts, nowMs());
    this.#actions = new TokenBucket(limits.actions, nowMs());
  }

  /** Does not reject but for faults of ours. */
  async carryOut(action: PluginAction): Promise<HostAnswer> {
    const bucket = action.name === 'sendText' ? this.#texts : this.#actions;
    const waitMs = bucket.take(this.#options.nowMs());
    if (waitMs > 0) return hostRefusal('refused', `Too fast. Try again in ${waitMs} ms.`);
    switch (action.name) {
      case 'listRooms':
        return this.#listRooms();
      case 'listUsers':
        return this.#listUsers(action.input.roomId);
      case 'setPanel':
        return hostRefusal('notHere', 'A server has no panels.');
      default:
        return this.#run(commandOf(action));
    }
  }

  async #run(command: CommandMessage): Promise<HostAnswer> {
    const { desk, operator } = this.#options;
    try {
      const result = await desk.run(operator, command);
      return result.refused ? hostRefusal('refused', result.message) : { ok: true };
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      return hostRefusal('failed', error.message);
    }
  }

  #listRooms(): HostAnswer {
    const { desk, operator, limits } = this.#options;
    const { rooms } = desk.look(operator);
    const shown = rooms.slice(0, limits.roomsPerAnswerMax);
    return {
      ok: true,
      total: rooms.length,
      rooms: shown.map(({ roomId, parentId, name }) => ({ roomId, parentId, name })),
    };
  }

  #listUsers(ofRoom: string | undefined): HostAnswer {
    const { desk, operator, limits } = this.#options;
    const { sessions } = desk.look(operator);
    const found = sessions.filter(({ roomId }) => ofRoom === undefined || roomId === ofRoom);
    const users = found
      .slice(0, limits.usersPerAnswerMax)
      .map(({ userId, displayName, roomId, isBot }) => {
        return { userId, userName: displayName, roomId, isBot };
      });
    return { ok: true, total: found.length, users };
  }
}

type Commanding = Exclude<PluginAction, { readonly name: 'listRooms' | 'listUsers' | 'setPanel' }>;

function commandOf({ name, input }: Commanding): CommandMessage {
  switch (name) {
    case 'sendText':
      return {
        ...{ type: FrameType.SendMessage, ...input, clientMessageId: randomUUID() },
        ...{ replyToId: null, attachmentIds: [] },
      };
    case 'deleteMessage':
      return { type: FrameType.DeleteMessage, ...input };
    case 'kickUser':
      return { type: FrameType.Kick, ...input };
    case 'muteUser': {
      const { userId, isMuted } = input;
      const unchanged = { deafened: null, suppressed: null, prioritySpeaker: null };
      const type = FrameType.ModerateUser;
      return { type, userId, muted: isMuted, ...unchanged, reason: 'by a plugin' };
    }
  }
}
