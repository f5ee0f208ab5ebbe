import { useMediaQuery } from './mediaQuery.js';
import { computed, watchEffect } from 'vue';
import { i18n, systemLanguage } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';

/** Makes the page look and speak as the settings say, also when they change. */
export function useAppearance(): void {
  const client = useClientStore();
  const prefersLight = useMediaQuery('(prefers-color-scheme: light)');
  const settings = computed(() => (client.isReady ? client.state.settings : null));
  watchEffect(() => {
    const root = document.documentElement;
    const theme = settings.value?.theme ?? 'system';
    const systemTheme = prefersLight.value ? 'light' : 'dark';
    root.dataset['theme'] = theme === 'system' ? systemTheme : theme;
    root.dataset['density'] = settings.value?.density ?? 'comfortable';
    root.style.fontSize = `${settings.value?.fontSizePct ?? 100}%`;
    const language = settings.value?.language ?? 'system';
    const spoken = language === 'system' ? systemLanguage(navigator.languages) : language;
    i18n.global.locale.value = spoken;
    root.lang = spoken;
  });
}
