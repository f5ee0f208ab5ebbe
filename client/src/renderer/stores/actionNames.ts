import { useI18n } from 'vue-i18n';
import type { KeyAction, OwnAction } from '@rookery/client/keys/keyCombination';
import { pluginKeyOf } from '@rookery/client/keys/pluginKeys';
import { conflictsOf } from '../model/keyBindings.js';
import { useClientStore } from './clientStore.js';
import { useKeysInUse } from './keysInUse.js';

/** What keys do, in words. For a component's setup. */
export function useActionNames() {
  const client = useClientStore();
  const inUse = useKeysInUse();
  const { t } = useI18n();

  function nameOf(action: KeyAction): string {
    const ofPlugin = pluginKeyOf(action);
    if (ofPlugin !== null) {
      const plugin = client.state.plugins.installed.find(({ name }) => name === ofPlugin.plugin);
      const title = plugin?.keys.find(({ name }) => name === ofPlugin.name)?.title ?? '';
      return `${title} (${ofPlugin.plugin})`;
    }
    if (!action.startsWith('whisper:')) return t(`keys.${action as OwnAction}`);
    const { whisperLists } = client.state.settings;
    const list = whisperLists.find(({ listId }) => action === `whisper:${listId}`);
    return t('keys.whisper', { name: list?.name ?? '' });
  }

  /** What else the key of an action does; undefined: nothing. */
  function conflictNote(action: KeyAction): string | undefined {
    const actions = conflictsOf(inUse.value, action).map(nameOf);
    return actions.length === 0 ? undefined : t('keys.conflict', { actions: actions.join(', ') });
  }

  return { nameOf, conflictNote };
}
