import { i18n } from '../i18n/index.js';
import { useNotices } from './notices.js';

/** Puts a text where others can be pasted from, and says so. */
export function copyText(text: string): void {
  const notices = useNotices();
  void notices.attempt(async () => {
    await navigator.clipboard.writeText(text);
    notices.tell('done', i18n.global.t('person.copied'));
  });
}
