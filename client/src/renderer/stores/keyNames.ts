import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { nameOfKey, type KeyLabels } from '../model/keyNames.js';

/** Not in every browser: https://wicg.github.io/keyboard-map/ */
interface LayoutKeyboard {
  getLayoutMap(): Promise<KeyLabels>;
}

/** Names of keys as they stand on this keyboard, and in the language of the window. */
export const useKeyNames = defineStore('keyNames', () => {
  const { t } = useI18n({ useScope: 'global' });
  const labels = shallowRef<KeyLabels>(new Map());
  const { keyboard } = navigator as { readonly keyboard?: LayoutKeyboard };
  keyboard?.getLayoutMap().then(
    (layout) => (labels.value = layout),
    // The names of a keyboard of the United States do.
    () => undefined,
  );

  /** @param key as writeCombination() writes it */
  function nameOf(key: string): string {
    return nameOfKey(key, labels.value, (code) => t(`keys.name.${code}`));
  }

  return { nameOf };
});
