import { computed, watchEffect } from 'vue';
import type { FaceSettings } from '@rookery/client/host/faceSettings';
import { i18n, systemLanguage } from '../i18n/index.js';
import { accentColours, hueOfAccent } from '../model/accentColours.js';
import { cssOf } from '../model/oklch.js';
import { useClientStore } from './clientStore.js';
import { useMediaQuery } from './mediaQuery.js';

type Looks = Pick<
  FaceSettings,
  | 'theme'
  | 'density'
  | 'fontSizePct'
  | 'language'
  | 'accent'
  | 'accentHue'
  | 'motion'
  | 'isChatCompact'
  | 'showsAvatars'
>;

/** Until the engine has told what the user wants. */
const usualLooks: Looks = {
  theme: 'system',
  density: 'comfortable',
  fontSizePct: 100,
  language: 'system',
  accent: 'dawn',
  accentHue: 0,
  motion: 'system',
  isChatCompact: false,
  showsAvatars: true,
};

/** Makes the page look and speak as the settings say, also when they change. */
export function useAppearance(): void {
  const client = useClientStore();
  const prefersLight = useMediaQuery('(prefers-color-scheme: light)');
  const looks = computed<Looks>(() => (client.isReady ? client.state.settings : usualLooks));
  watchEffect(() => {
    const root = document.documentElement;
    const { theme, density, fontSizePct, language, motion } = looks.value;
    const systemTheme = prefersLight.value ? 'light' : 'dark';
    const shownTheme = theme === 'system' ? systemTheme : theme;
    root.dataset['theme'] = shownTheme;
    root.dataset['density'] = density;
    root.dataset['motion'] = motion;
    root.dataset['chat'] = looks.value.isChatCompact ? 'compact' : 'comfortable';
    root.dataset['avatars'] = looks.value.showsAvatars ? 'shown' : 'hidden';
    root.style.fontSize = `${fontSizePct}%`;
    colour(root, looks.value, shownTheme);
    const spoken = language === 'system' ? systemLanguage(navigator.languages) : language;
    i18n.global.locale.value = spoken;
    root.lang = spoken;
  });
}

/** The usual accent stands in tokens.css; others take its place. */
function colour(root: HTMLElement, { accent, accentHue }: Looks, theme: 'dark' | 'light'): void {
  const isUsual = accent === 'dawn';
  const colours = accentColours(hueOfAccent(accent, accentHue), theme);
  const tokens = {
    '--accent': colours.accent,
    '--on-accent': colours.onAccent,
    '--accent-text': colours.accentText,
  };
  for (const [token, value] of Object.entries(tokens)) {
    if (isUsual) root.style.removeProperty(token);
    else root.style.setProperty(token, cssOf(value));
  }
}
