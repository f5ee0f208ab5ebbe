import { randomInt } from 'node:crypto';
import type { PluginEvent } from '@rookery/plugins/abi';
import type { KeyValueStore } from '@rookery/plugins/keyValueStore';
import type { LoadedPlugin } from '@rookery/plugins/pluginLibrary';
import { RunningPlugin } from '@rookery/plugins/runningPlugin';
import type { Uuid } from '@rookery/schemas/messages';
import type { Operator, OperatorDesk } from '../operators/operatorDesk.js';
import type { ServerPluginsLimits } from '../pluginsLimits.js';
import { PluginActions } from './pluginActions.js';
import type { FeedEvent } from './pluginFeed.js';
import type { PluginUser } from './pluginUser.js';

export interface ServerPluginOptions {
  readonly loaded: LoadedPlugin;
  readonly user: PluginUser;
  readonly store: KeyValueStore;
  readonly desk: OperatorDesk;
  readonly limits: ServerPluginsLimits;
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  readonly onOff: (reason: string) => void;
}

/** Text that begins with one of a plugin's commands, and what follows it. */
const commandForm = /^!([a-z][a-z0-9-]*)(?:\s+([\s\S]*))?$/;

/** A plugin that runs on the server as a user of its own, who is in no room. Main thread. */
export class ServerPlugin {
  readonly running: RunningPlugin;
  readonly userId: Uuid;
  readonly #loaded: LoadedPlugin;
  readonly #desk: OperatorDesk;
  readonly #operator: Operator;

  constructor(options: ServerPluginOptions) {
    const { loaded, user, desk, limits, nowMs } = options;
    const { manifest, module, standing } = loaded;
    this.#loaded = loaded;
    this.#desk = desk;
    this.userId = user.userId;
    this.#operator = desk.open(user.userId, user.displayName);
    const actions = new PluginActions({ desk, operator: this.#operator, limits, nowMs });
    this.running = new RunningPlugin({
      ...options,
      ...{ name: manifest.name, module, settings: manifest.settings, limits: limits.plugin },
      // What it asks for now may be less than what was approved.
      permissions: manifest.permissions.filter((one) =>
        standing.approved?.permissions.includes(one),
      ),
      randomSeed: () => randomInt(2 ** 32),
      carryOut: (action) => actions.carryOut(action),
    });
    this.running.start();
  }

  /** Hands over what it wants and may know. Does not throw. */
  tell({ event, roomId }: FeedEvent): void {
    if (!this.#maySee(event, roomId)) return;
    const { events } = this.#loaded.manifest;
    const command = event.type === 'message' ? this.#commandIn(event) : null;
    if (command !== null) this.running.send(command);
    if (events.includes(event.type)) this.running.send(event);
  }

  async close(): Promise<void> {
    await this.running.close();
    this.#desk.close(this.#operator);
  }

  #maySee({ type }: PluginEvent, roomId: string | null): boolean {
    if (roomId === null) return true;
    return this.#desk.can(this.#operator, type === 'message' ? 'text' : 'traverse', roomId);
  }

  #commandIn(event: PluginEvent): PluginEvent | null {
    const found = commandForm.exec(String(event['text']));
    if (found === null || event['isEdit'] === true) return null;
    const [, name = '', args = ''] = found;
    if (!this.#loaded.manifest.commands.some((command) => command.name === name)) return null;
    return { ...event, type: 'command', name, args: args.trim() };
  }
}
