import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostAnswer, PluginPermission } from '../abi.js';
import { moduleHash } from '../examineModule.js';
import type { PluginAction } from '../hostInputs.js';
import { KeyValueStore } from '../keyValueStore.js';
import { pluginLimits, type PluginLimits } from '../limits.js';
import { RunningPlugin } from '../runningPlugin.js';

export interface StagedOptions {
  readonly permissions?: readonly PluginPermission[];
  readonly limits?: Partial<PluginLimits>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly carryOut?: (action: PluginAction) => HostAnswer | Promise<HostAnswer>;
  readonly storeFile?: string;
}

export interface Staged {
  readonly plugin: RunningPlugin;
  readonly store: KeyValueStore;
  /** What it had the host do. */
  readonly actions: PluginAction[];
  /** Why it was switched off; empty while it is on. */
  readonly offReasons: string[];
}

/** Runs plugins without a server, in a folder of its own. Close it. */
export class PluginStage {
  readonly folder = mkdtempSync(join(tmpdir(), 'rookery-plugins-'));
  readonly #running: RunningPlugin[] = [];

  async run(module: Uint8Array, options: StagedOptions = {}): Promise<Staged> {
    const { permissions = [], settings = {}, carryOut } = options;
    const limits = { ...pluginLimits, ...options.limits };
    const file = options.storeFile ?? join(this.folder, `store-${this.#running.length}.json`);
    const store = await KeyValueStore.open(file, limits);
    const actions: PluginAction[] = [];
    const offReasons: string[] = [];
    const plugin = new RunningPlugin({
      ...{ name: 'staged', module, settings, permissions, store, limits },
      carryOut: (action) => {
        actions.push(action);
        return carryOut?.(action) ?? { ok: true };
      },
      wallClockMs: () => 1_700_000_000_000,
      randomSeed: () => 1,
      onOff: (reason) => offReasons.push(reason),
    });
    this.#running.push(plugin);
    return { plugin, store, actions, offReasons };
  }

  async close(): Promise<void> {
    for (const plugin of this.#running) await plugin.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** A manifest of a module, as its author would write it. */
export function manifestOf(
  module: Uint8Array,
  { name = 'staged', lines = [] as readonly string[] } = {},
): string {
  return [
    `name = "${name}"`,
    'version = "1.0.0"',
    'author = "Ada"',
    'description = "For tests"',
    ...(lines.some((line) => line.startsWith('kind')) ? [] : ['kind = "server"']),
    `sha256 = "${moduleHash(module)}"`,
    ...lines,
    '',
  ].join('\n');
}
