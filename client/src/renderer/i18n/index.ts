import { createI18n } from 'vue-i18n';
import { de } from './de.js';
import { en } from './en.js';

export type Language = 'en' | 'de';

/** The first language of the user that there is; else English. */
export function systemLanguage(wished: readonly string[]): Language {
  for (const language of wished) {
    const [primary] = language.toLowerCase().split('-');
    if (primary === 'en' || primary === 'de') return primary;
  }
  return 'en';
}

export const i18n = createI18n({
  legacy: false,
  locale: systemLanguage(navigator.languages),
  fallbackLocale: 'en',
  messages: { en, de },
});
