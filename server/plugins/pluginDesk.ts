import { PluginError } from '@rookery/plugins/errors';
import type { Approval, InstalledPlugin, PluginLibrary } from '@rookery/plugins/pluginLibrary';
import type { ShownLog, ShownPlugin, ShownPlugins } from '@rookery/plugins/shownPlugin';
import type { PluginCounts } from '@rookery/plugins/runningPlugin';
import type { Logger } from 'pino';
import type { NameDesk } from '../accounts/nameDesk.js';
import type { OperatorDesk } from '../operators/operatorDesk.js';
import type { ServerPluginsLimits } from '../pluginsLimits.js';
import type { Store } from '../store/store.js';
import type { FeedEvent, PluginFeed } from './pluginFeed.js';
import { pluginUserOf } from './pluginUser.js';
import { ServerPlugin } from './serverPlugin.js';

export interface PluginDeskOptions {
  readonly library: PluginLibrary;
  readonly desk: OperatorDesk;
  readonly feed: PluginFeed;
  readonly names: NameDesk;
  readonly store: Pick<Store, 'users'>;
  readonly limits: ServerPluginsLimits;
  readonly log: Logger;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/**
 * All plugins of the server: which are installed, which run, and what they are told. Nothing that a
 * plugin does is waited for. Changes take turns. Main thread.
 */
export class PluginDesk {
  readonly #options: PluginDeskOptions;
  readonly #running = new Map<string, ServerPlugin>();
  /** Of those that do not run any more, since this start. */
  readonly #oldLogs = new Map<string, ShownLog>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PluginDeskOptions) {
    this.#options = options;
  }

  /** Starts those that are on. What is wrong with one of them is logged, and keeps nothing back. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      const { plugins, broken } = await this.#options.library.list();
      for (const { name, reason } of broken) this.#options.log.warn({ name }, reason);
      for (const plugin of plugins) if (plugin.standing.isEnabled) await this.#start(plugin);
    });
  }

  async list(): Promise<ShownPlugins> {
    const { plugins, broken } = await this.#options.library.list();
    return { plugins: plugins.map((plugin) => this.#shown(plugin)), broken };
  }

  /** @throws PluginError, as all of these do; nothing was changed then */
  install(manifest: string, module: Uint8Array, approval: Approval | null): Promise<ShownPlugin> {
    return this.#change(() => this.#options.library.install(manifest, module, approval));
  }

  approve(name: string, approval: Approval): Promise<ShownPlugin> {
    return this.#change(() => this.#options.library.approve(name, approval));
  }

  setEnabled(name: string, isEnabled: boolean): Promise<ShownPlugin> {
    const { library } = this.#options;
    return this.#change(async () => {
      // What cannot run is not said to be on.
      if (isEnabled) await library.load(name);
      return library.setEnabled(name, isEnabled);
    });
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#options.library.find(name).catch(ignoreBroken);
      await this.#stop(name);
      this.#oldLogs.delete(name);
      await this.#options.library.remove(name);
    });
  }

  /** @throws PluginError `noSuchPlugin` */
  async logOf(name: string): Promise<ShownLog> {
    const running = this.#running.get(name)?.running.log;
    if (running !== undefined) return { lines: running.lines, dropped: running.dropped };
    await this.#options.library.find(name);
    return this.#oldLogs.get(name) ?? { lines: [], dropped: 0 };
  }

  /** Of those that run, by name. */
  stats(): Readonly<Record<string, PluginCounts>> {
    return Object.fromEntries(
      [...this.#running].map(([name, { running }]) => [name, running.counts]),
    );
  }

  /** When no plugin has anything to do any more. */
  async idle(): Promise<void> {
    await this.#turn;
    for (const { running } of this.#running.values()) await running.idle();
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      for (const name of [...this.#running.keys()]) await this.#stop(name);
    });
  }

  /** Changes what is kept of a plugin, and runs it as it is from then on. */
  #change(change: () => Promise<InstalledPlugin>): Promise<ShownPlugin> {
    return this.#inTurn(async () => {
      const changed = await change();
      await this.#stop(changed.manifest.name);
      if (changed.standing.isEnabled) await this.#start(changed);
      return this.#shown(changed);
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #start({ manifest: { name } }: InstalledPlugin): Promise<void> {
    const { library, desk, names, store, limits, log, nowMs, wallClockMs } = this.#options;
    try {
      const loaded = await library.load(name);
      const user = pluginUserOf(name);
      // Known as somebody who was here, so that it can be given a role.
      store.users.noteLogin(user.userId, user, wallClockMs());
      names.arrive(user.userId, user.displayName);
      const kept = await library.openStore(name);
      const plugin = new ServerPlugin({
        ...{ loaded, user, store: kept, desk, limits, nowMs, wallClockMs },
        onOff: (reason) => this.#noteOff(name, reason),
      });
      this.#running.set(name, plugin);
      this.#oldLogs.delete(name);
      this.#listen();
      log.info({ name, version: loaded.manifest.version }, 'a plugin runs');
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      log.warn({ name }, `a plugin does not run: ${error.message}`);
    }
  }

  async #stop(name: string): Promise<void> {
    const plugin = this.#running.get(name);
    if (plugin === undefined) return;
    this.#running.delete(name);
    this.#listen();
    this.#options.names.leave(pluginUserOf(name).userId);
    await plugin.close();
    const { lines, dropped } = plugin.running.log;
    this.#oldLogs.set(name, { lines, dropped });
  }

  /** A plugin was switched off for its faults. */
  #noteOff(name: string, reason: string): void {
    const { library, log } = this.#options;
    log.warn({ name }, `a plugin was switched off. ${reason}`);
    this.#inTurn(async () => {
      await this.#stop(name);
      await library.setEnabled(name, false, reason);
    }).catch((error: unknown) => log.error({ err: error, name }, 'that is not kept'));
  }

  #listen(): void {
    const { feed } = this.#options;
    if (this.#running.size === 0) feed.follow(null);
    else if (!feed.isFollowed) feed.follow((told) => this.#tell(told));
  }

  #tell(told: FeedEvent): void {
    // What a plugin writes is told to none, or two of them could talk for ever.
    const plugins = [...this.#running.values()];
    if (plugins.some(({ userId }) => userId === told.userId)) return;
    for (const plugin of plugins) plugin.tell(told);
  }

  #shown({ manifest, standing, isApproved }: InstalledPlugin): ShownPlugin {
    const { name, version, author, description, permissions, events, commands, sha256 } = manifest;
    const { userId, displayName } = pluginUserOf(name);
    const running = this.#running.get(name)?.running;
    return {
      ...{ name, version, author, description, permissions, events, commands, sha256, isApproved },
      ...{ isEnabled: standing.isEnabled, isRunning: running !== undefined },
      ...{ offReason: standing.offReason, userId },
      role: this.#options.desk.roleOf({ token: 0, userId, displayName }),
      counts: running?.counts ?? null,
    };
  }
}

/** What is broken can be removed. @throws what says that there is nothing of that name */
function ignoreBroken(error: unknown): void {
  if (!(error instanceof PluginError) || error.code === 'noSuchPlugin') throw error;
}
