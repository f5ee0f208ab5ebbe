import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  eventPermissions,
  hostRefusal,
  type HostAnswer,
  type PluginEvent,
} from '@rookery/plugins/abi';
import type { PluginAction } from '@rookery/plugins/hostInputs';
import { pluginLimits } from '@rookery/plugins/limits';
import type { LoadedPlugin, PluginLibrary } from '@rookery/plugins/pluginLibrary';
import type { PluginLog, PluginLogLine } from '@rookery/plugins/pluginLog';
import { RunningPlugin, type PluginCounts } from '@rookery/plugins/runningPlugin';
import { ClientError } from '../engine/clientError.js';
import type { Engine } from '../engine/engine.js';
import { PluginFeed } from './pluginFeed.js';
import type { ShownPanel } from './pluginsState.js';

export type EventEngine = Pick<Engine, 'state' | 'subscribe' | 'sendMessage'>;

export interface EventPluginsOptions {
  readonly engine: EventEngine;
  readonly library: Pick<PluginLibrary, 'openStore'>;
  /** A panel is another. */
  readonly onChange: () => void;
  /** One was switched off for its faults. @param reason for people */
  readonly onOff: (name: string, reason: string) => void;
  readonly wallClockMs: () => number;
}

interface Running {
  readonly loaded: LoadedPlugin;
  readonly plugin: RunningPlugin;
  panel: ShownPanel | null;
  /** When it wrote lately. */
  readonly writtenAtMs: number[];
}

/** What one plugin may write in the user's name. */
const texts = { max: 5, inMs: 10_000 } as const;
/** Of a large server; how many there are in all it is told beside them. */
const listedMax = 500;

/**
 * Plugins that are told what happens: each in its sandbox, with what the user has allowed it. What
 * they write carries a mark, and none is told of what a plugin of this client wrote.
 */
export class EventPlugins {
  private readonly feed = new PluginFeed();
  private readonly running = new Map<string, Running>();
  /** Also of those that ended: why is what one looks for then. */
  private readonly logs = new Map<string, PluginLog>();
  private readonly stopFollowing: () => void;

  constructor(private readonly options: EventPluginsOptions) {
    const { engine } = options;
    this.feed.follow(engine.state);
    this.stopFollowing = engine.subscribe((state) => {
      for (const event of this.feed.follow(state)) if (!this.isOwnMark(event)) this.tell(event);
    });
  }

  get panels(): readonly ShownPanel[] {
    return [...this.running.values()].flatMap(({ panel }) => (panel === null ? [] : [panel]));
  }

  /** From now on these, and no others. */
  async run(plugins: readonly LoadedPlugin[]): Promise<void> {
    for (const [name, { loaded, plugin }] of this.running) {
      if (plugins.some((one) => isSame(one, loaded))) continue;
      this.running.delete(name);
      await plugin.close();
    }
    for (const loaded of plugins) {
      if (!this.running.has(loaded.manifest.name)) await this.start(loaded);
    }
  }

  /** Somebody pressed a button of a panel. @throws ClientError `invalidInput` */
  panelAction(name: string, id: string): void {
    const running = this.running.get(name);
    const isThere = running?.panel?.rows.some((row) => row.kind === 'button' && row.id === id);
    if (running === undefined || isThere !== true) {
      throw new ClientError('invalidInput', 'the panel has changed: look at it again');
    }
    running.plugin.send({ type: 'panelAction', id });
  }

  /** A key went down or up that the user bound to an action of it; which key, it is not told. */
  key(name: string, action: string, isDown: boolean): void {
    const running = this.running.get(name);
    // What it may hear is in its manifest, beside the permission that was approved.
    if (running?.loaded.manifest.keys.some((key) => key.name === action) !== true) return;
    running.plugin.send({ type: 'key', name: action, isDown });
  }

  /** How it did since it was started; null where it does not run. */
  countsOf(name: string): PluginCounts | null {
    return this.running.get(name)?.plugin.counts ?? null;
  }

  /** What it logged since it was started last, the oldest first. */
  logOf(name: string): readonly PluginLogLine[] {
    return this.logs.get(name)?.lines ?? [];
  }

  /** One is gone for good. */
  forget(name: string): void {
    this.logs.delete(name);
  }

  async close(): Promise<void> {
    this.stopFollowing();
    await this.run([]);
  }

  private async start(loaded: LoadedPlugin): Promise<void> {
    const { name, settings } = loaded.manifest;
    const { library, wallClockMs, onOff } = this.options;
    const plugin = new RunningPlugin({
      ...{ name, module: loaded.module, settings, limits: pluginLimits, wallClockMs },
      permissions: loaded.standing.approved?.permissions ?? [],
      store: await library.openStore(name),
      carryOut: (action) => this.carryOut(name, action),
      randomSeed: () => randomInt(2 ** 32),
      onOff: (reason) => onOff(name, reason),
    });
    this.running.set(name, { loaded, plugin, panel: null, writtenAtMs: [] });
    this.logs.set(name, plugin.log);
    plugin.start();
  }

  private tell(event: PluginEvent): void {
    for (const { loaded, plugin } of this.running.values()) {
      const { events, permissions } = loaded.manifest;
      const needed = eventPermissions[event.type];
      const isAllowed = needed === null || permissions.includes(needed);
      if (isAllowed && events.includes(event.type)) plugin.send(event);
    }
  }

  private isOwnMark({ type, text, userId }: PluginEvent): boolean {
    const { connection } = this.options.engine.state;
    const isOwn = 'userId' in connection && connection.userId === userId;
    return type === 'message' && isOwn && String(text).startsWith(markStart);
  }

  private async carryOut(name: string, action: PluginAction): Promise<HostAnswer> {
    const running = this.running.get(name);
    if (running === undefined) return hostRefusal('failed', 'It was switched off.');
    switch (action.name) {
      case 'listRooms':
        return this.listRooms();
      case 'listUsers':
        return this.listUsers(action.input.roomId);
      case 'sendText':
        return this.sendText(running, action.input);
      case 'setPanel':
        running.panel = { name, ...action.input };
        this.options.onChange();
        return { ok: true };
      default:
        return hostRefusal('notHere', 'A client moderates nobody.');
    }
  }

  private listRooms(): HostAnswer {
    const { rooms } = this.options.engine.state.view;
    const listed = [...rooms.values()].slice(0, listedMax);
    return {
      ...{ ok: true, total: rooms.size },
      rooms: listed.map(({ roomId, parentId, name }) => ({ roomId, parentId, name })),
    };
  }

  private listUsers(ofRoom: string | undefined): HostAnswer {
    const sessions = [...this.options.engine.state.view.sessions.values()];
    const found = sessions.filter(({ roomId }) => ofRoom === undefined || roomId === ofRoom);
    const users = found.slice(0, listedMax).map(({ userId, displayName, roomId, isBot }) => {
      return { userId, userName: displayName, roomId, isBot };
    });
    return { ok: true, total: found.length, users };
  }

  private async sendText(
    { loaded, writtenAtMs }: Running,
    { roomId, text }: { readonly roomId: string; readonly text: string },
  ): Promise<HostAnswer> {
    // Talks are between people.
    if (!this.options.engine.state.view.rooms.has(roomId)) {
      return hostRefusal('refused', 'There is no such room.');
    }
    const nowMs = this.options.wallClockMs();
    while (writtenAtMs.length > 0 && nowMs - writtenAtMs[0]! >= texts.inMs) writtenAtMs.shift();
    if (writtenAtMs.length >= texts.max) {
      return hostRefusal('refused', `Too fast: ${texts.max} texts in ${texts.inMs / 1_000} s.`);
    }
    writtenAtMs.push(nowMs);
    try {
      await this.options.engine.sendMessage(roomId, `${markStart}${loaded.manifest.name}] ${text}`);
      return { ok: true };
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      return hostRefusal('refused', error.message);
    }
  }
}

/** How what a plugin wrote begins, before its name. */
const markStart = '[plugin ';

/** Whoever gave it other settings, keys or events meant that to hold. */
function isSame(one: LoadedPlugin, other: LoadedPlugin): boolean {
  const approved = [one, other].map(({ standing }) => standing.approved);
  return (
    isDeepStrictEqual(one.manifest, other.manifest) && isDeepStrictEqual(approved[0], approved[1])
  );
}
