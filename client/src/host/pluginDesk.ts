import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { pluginPermissions } from '@rookery/plugins/abi';
import { PluginError } from '@rookery/plugins/errors';
import { pluginLimits } from '@rookery/plugins/limits';
import {
  PluginLibrary,
  type InstalledPlugin,
  type LoadedPlugin,
} from '@rookery/plugins/pluginLibrary';
import { PluginLog } from '@rookery/plugins/pluginLog';
import { checkSoundModule } from '@rookery/plugins/sound/soundModule';
import { parseManifest } from '@rookery/plugins/manifest';
import { z } from 'zod';
import type {
  SoundPlugin,
  SoundPluginEnd,
  SoundPlugins,
} from '../engine/audio/plugins/soundPlugins.js';
import { ClientError } from '../engine/clientError.js';
import type { PluginKeyName } from '../keys/pluginKeys.js';
import { checked } from './checked.js';
import { EventPlugins, type EventEngine } from './eventPlugins.js';
import {
  noPlugins,
  type PluginEnd,
  type PluginReport,
  type PluginsState,
  type ShownPlugin,
} from './pluginsState.js';

const name = z.string().max(64);
const manifestText = z.string().max(pluginLimits.manifestBytesMax);
const moduleBytes = z.instanceof(Uint8Array);
const approval = z.strictObject({
  sha256: z.string().max(64),
  permissions: z.array(z.enum(pluginPermissions)).max(pluginPermissions.length),
});

/** To what somebody agrees: this module, with these permissions. */
export type ApprovalWish = Readonly<z.infer<typeof approval>>;

/** Ends that nobody has read; older ones are in the plugins' list anyway. */
const endsMax = 4;

export interface PluginDeskOptions {
  readonly profileFolder: string;
  readonly engine: EventEngine;
  readonly sound: SoundPlugins;
  readonly onChange: () => void;
  /** What else is kept of a plugin that is gone is to go, too. */
  readonly onRemoved: (name: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly wallClockMs?: () => number;
}

/**
 * The plugins of this client: kept in the profile's folder `plugins`, installed, approved, switched
 * and removed from windows, and run while they are on. Whatever a plugin asks for is asked of the
 * user before any of it runs, and again when it is another one. Commands come one after another,
 * and reject with ClientError `pluginRefused` where a plugin is not what it should be.
 */
export class PluginDesk {
  /** What windows show. */
  state: PluginsState = noPlugins;
  private readonly library: PluginLibrary;
  private readonly logs = new Map<string, PluginLog>();
  /** Those that are wanted: the same object while it is the same plugin. */
  private readonly sounds = new Map<string, SoundPlugin>();
  /** Those that are told what happens. */
  private readonly events: EventPlugins;
  private readonly stopFollowing: () => void;
  private ends: readonly PluginEnd[] = [];
  private work: Promise<unknown> = Promise.resolve();
  private readonly wallClockMs: () => number;

  constructor(private readonly options: PluginDeskOptions) {
    const folder = join(options.profileFolder, 'plugins');
    this.wallClockMs = options.wallClockMs ?? Date.now;
    this.library = new PluginLibrary(folder, 'client', pluginLimits);
    this.events = new EventPlugins({
      ...{ engine: options.engine, library: this.library, wallClockMs: this.wallClockMs },
      onChange: () => this.showPanels(),
      onOff: (called, reason) => void this.inTurn(() => this.endEvents(called, reason)),
    });
    this.stopFollowing = options.sound.subscribe((end) => void this.inTurn(() => this.end(end)));
  }

  /** Runs what is on. What is wrong with the folder shows in the State. */
  async open(): Promise<void> {
    try {
      await this.inTurn(() => this.refresh());
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      this.state = { ...noPlugins, broken: [{ name: 'plugins', reason: error.message }] };
      this.options.onChange();
    }
  }

  /**
   * Copies a plugin; it does nothing before it is approved.
   *
   * @param text of `plugin.toml`. @param module the bytes of `plugin.wasm`
   * @returns its name
   */
  install(text: string, module: Uint8Array): Promise<string> {
    return this.inTurn(async () => {
      const manifest = parseManifest(checked(manifestText, text));
      const bytes = checked(moduleBytes, module);
      if (manifest.sound !== undefined) checkSoundModule(bytes, manifest.sound, manifest.keys);
      const installed = await this.library.install(text, bytes, null);
      this.note(manifest.name, 'info', `version ${installed.manifest.version} was installed`);
      await this.refresh();
      return manifest.name;
    });
  }

  /** Agrees to what a plugin asks for, and switches it on. */
  approve(called: string, wish: ApprovalWish): Promise<void> {
    return this.inTurn(async () => {
      await this.library.approve(checked(name, called), checked(approval, wish));
      this.note(called, 'info', 'approved, and switched on');
      await this.refresh();
    });
  }

  setEnabled(called: string, isEnabled: boolean): Promise<void> {
    return this.inTurn(async () => {
      await this.library.setEnabled(checked(name, called), checked(z.boolean(), isEnabled));
      this.note(called, 'info', isEnabled ? 'switched on' : 'switched off');
      await this.refresh();
    });
  }

  /** With all that it kept. */
  remove(called: string): Promise<void> {
    return this.inTurn(async () => {
      await this.library.remove(checked(name, called));
      this.logs.delete(called);
      await this.refresh();
      this.events.forget(called);
      await this.options.onRemoved(called);
    });
  }

  /** A key went down or up that the user bound to it. A plugin that is off hears nothing. */
  key({ plugin, name: action }: PluginKeyName, isDown: boolean): void {
    const sound = this.sounds.get(plugin);
    if (sound === undefined) this.events.key(plugin, action, isDown);
    else this.options.sound.key(sound, sound.keys.indexOf(action), isDown);
  }

  /** How it does, and what happened to it. */
  report(called: string): PluginReport {
    const sound = this.sounds.get(checked(name, called));
    return {
      sound: sound === undefined ? null : this.options.sound.countsOf(sound),
      events: this.events.countsOf(called),
      log: [...(this.logs.get(called)?.lines ?? []), ...this.events.logOf(called)],
    };
  }

  /** Somebody pressed a button of what a plugin shows. */
  panelAction(called: string, id: string): void {
    this.events.panelAction(checked(name, called), checked(name, id));
  }

  /** Somebody has read which plugins were switched off. */
  dismissEnds(): void {
    this.ends = [];
    this.state = { ...this.state, ends: [] };
    this.options.onChange();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.stopFollowing();
    await this.work;
    await this.events.close();
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.work.then(work).catch((error: unknown) => {
      throw error instanceof PluginError ? refused(error) : error;
    });
    this.work = done.catch(() => undefined);
    return done;
  }

  /** Reads what there is, and runs what is on. */
  private async refresh(): Promise<void> {
    const { plugins } = await this.library.list();
    const running = plugins.filter(({ standing, isApproved }) => standing.isEnabled && isApproved);
    const wanted = running.filter(({ manifest }) => manifest.sound !== undefined);
    for (const called of this.sounds.keys()) {
      if (!wanted.some(({ manifest }) => manifest.name === called)) this.sounds.delete(called);
    }
    for (const plugin of wanted) await this.take(plugin);
    const told = running.filter(({ manifest }) => manifest.sound === undefined);
    const loaded: LoadedPlugin[] = [];
    for (const { manifest } of told) loaded.push(...(await this.load(manifest.name)));
    await this.events.run(loaded);
    await this.show();
  }

  /** Runs what is loaded, and shows what there is. */
  private async show(): Promise<void> {
    this.options.sound.run([...this.sounds.values()]);
    const { plugins, broken } = await this.library.list();
    const { panels } = this.events;
    this.state = { installed: plugins.map(shown), broken, panels, ends: this.ends };
    this.options.onChange();
  }

  private showPanels(): void {
    this.state = { ...this.state, panels: this.events.panels };
    this.options.onChange();
  }

  /** Loads a plugin that is on, where it is not loaded already. */
  private async take({ manifest }: InstalledPlugin): Promise<void> {
    const { name: called, sound: use, sha256 } = manifest;
    if (use === undefined) return;
    const wanted = { name: called, use, sha256, keys: manifest.keys.map((key) => key.name) };
    const before = this.sounds.get(called);
    if (before !== undefined && isDeepStrictEqual(before, { ...wanted, wasm: before.wasm })) return;
    this.sounds.delete(called);
    for (const { module: wasm } of await this.load(called)) {
      this.sounds.set(called, { ...wanted, wasm });
    }
  }

  /** @returns nothing where it is not what it should be: it is switched off then */
  private async load(called: string): Promise<readonly LoadedPlugin[]> {
    try {
      const loaded = await this.library.load(called);
      const { sound, keys } = loaded.manifest;
      if (sound !== undefined) checkSoundModule(loaded.module, sound, keys);
      return [loaded];
    } catch (error) {
      if (!(error instanceof PluginError)) throw error;
      await this.switchOff(called, error.message);
      return [];
    }
  }

  private async endEvents(called: string, reason: string): Promise<void> {
    await this.switchOff(called, reason);
    await this.refresh();
  }

  private async end({ plugin, fault, detail }: SoundPluginEnd): Promise<void> {
    // One that was switched off or taken out meanwhile is nobody's loss.
    if (this.sounds.get(plugin.name) !== plugin) return;
    this.sounds.delete(plugin.name);
    if (detail !== '') this.note(plugin.name, 'error', detail);
    await this.switchOff(plugin.name, fault);
    await this.show();
  }

  /** Shows with the next show(), at once with that the plugin is off. */
  private async switchOff(called: string, reason: string): Promise<void> {
    this.note(called, 'error', `switched off by itself: ${reason}`);
    await this.library.setEnabled(called, false, reason);
    const others = this.ends.filter((end) => end.name !== called);
    this.ends = [...others, { name: called, reason }].slice(-endsMax);
  }

  private note(called: string, level: 'info' | 'error', text: string): void {
    const log = this.logs.get(called) ?? new PluginLog(pluginLimits);
    this.logs.set(called, log);
    log.note(level, text, this.wallClockMs());
  }
}

function shown({ manifest, standing, isApproved }: InstalledPlugin): ShownPlugin {
  const { name: called, version, author, description, permissions, keys, sound, sha256 } = manifest;
  return {
    ...{ name: called, version, author, description, keys, sha256, isApproved },
    permissions: pluginPermissions.filter((permission) => permissions.includes(permission)),
    sound: sound ?? null,
    isEnabled: standing.isEnabled && isApproved,
    offReason: standing.offReason,
  };
}

function refused(error: PluginError): ClientError {
  return new ClientError('pluginRefused', error.message, { cause: error });
}
