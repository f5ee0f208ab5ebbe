import {
  bindingsOf,
  type KeptKeys,
  type KeyAction,
  type KeyBinding,
  type OwnAction,
  type PluginKey,
} from '@rookery/client/keys/keyCombination';
import type { PluginKeyName } from '@rookery/client/keys/pluginKeys';

/** The key of an action; null where it has none. */
export function keyOf(kept: KeptKeys, action: KeyAction): string | null {
  return bindingsOf(kept).find((binding) => binding.action === action)?.key ?? null;
}

/** @param key in place of the one that the action had; null: none */
export function withKey(
  bindings: readonly KeyBinding<OwnAction>[],
  action: OwnAction,
  key: string | null,
): KeyBinding<OwnAction>[] {
  const others = bindings.filter((binding) => binding.action !== action);
  return key === null ? others : [...others, { action, key }];
}

/** @param key in place of the one that a plugin's action had; '': none */
export function withPluginKey(
  kept: readonly PluginKey[],
  { plugin, name }: PluginKeyName,
  key: string,
): PluginKey[] {
  const others = kept.filter((one) => one.plugin !== plugin || one.name !== name);
  return key === '' ? others : [...others, { plugin, name, key }];
}

/** Other actions that the key of this one does, too. */
export function conflictsOf(kept: KeptKeys, action: KeyAction): KeyAction[] {
  const key = keyOf(kept, action);
  return bindingsOf(kept)
    .filter((binding) => binding.action !== action && binding.key === key)
    .map((binding) => binding.action);
}
