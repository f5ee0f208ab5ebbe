import type { KeyAction, KeptKeys } from './keyCombination.js';

/** An action of a plugin: names of the two, as the plugin's manifest has them. */
export interface PluginKeyName {
  readonly plugin: string;
  /** Of its `[[keys]]`. */
  readonly name: string;
}

/** What is known of a plugin that keys may be bound to. */
export interface KeyedPlugin {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly keys: readonly { readonly name: string }[];
}

/** Neither of the names has a ":". */
export function pluginKeyAction({ plugin, name }: PluginKeyName): KeyAction {
  return `plugin:${plugin}:${name}`;
}

/** @returns null where the action is no plugin's */
export function pluginKeyOf(action: KeyAction): PluginKeyName | null {
  const [kind, plugin = '', name = ''] = action.split(':');
  return kind === 'plugin' ? { plugin, name } : null;
}

/**
 * What is kept without keys that do nothing now: those of plugins that are off or gone, and of
 * actions that a plugin has no longer. Nobody is to be told of such a key.
 */
export function keysInUse<Kept extends KeptKeys>(
  kept: Kept,
  plugins: readonly KeyedPlugin[],
): Kept {
  const isHeard = ({ plugin, name }: PluginKeyName): boolean =>
    plugins.some(
      (one) => one.name === plugin && one.isEnabled && one.keys.some((key) => key.name === name),
    );
  return { ...kept, pluginKeys: kept.pluginKeys.filter(isHeard) };
}
