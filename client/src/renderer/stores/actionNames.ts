import { useI18n } from 'vue-i18n';
import type { KeyAction, OwnAction } from '@rookery/client/keys/keyCombination';
import { conflictsOf } from '../model/keyBindings.js';
import { useClientStore } from './clientStore.js';

/** What keys do, in words. For a component's setup. */
export function useActionNames() {
  const client = useClientStore();
  const { t } = useI18n();

  function nameOf(action: KeyAction): string {
    if (!action.startsWith('whisper:')) return t(`keys.${action as OwnAction}`);
    const { whisperLists } = client.state.settings;
    const list = whisperLists.find(({ listId }) => action === `whisper:${listId}`);
    return t('keys.whisper', { name: list?.name ?? '' });
  }

  /** What else the key of an action does; undefined: nothing. */
  function conflictNote(action: KeyAction): string | undefined {
    const actions = conflictsOf(client.state.settings, action).map(nameOf);
    return actions.length === 0 ? undefined : t('keys.conflict', { actions: actions.join(', ') });
  }

  return { nameOf, conflictNote };
}
