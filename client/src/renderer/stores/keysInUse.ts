import { computed, type ComputedRef } from 'vue';
import type { KeptKeys } from '@rookery/client/keys/keyCombination';
import { keysInUse } from '@rookery/client/keys/pluginKeys';
import { useClientStore } from './clientStore.js';

/** The keys that do something now. For a component's setup. */
export function useKeysInUse(): ComputedRef<KeptKeys> {
  const client = useClientStore();
  return computed(() => keysInUse(client.state.settings, client.state.plugins.installed));
}
