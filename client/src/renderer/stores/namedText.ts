import { withNames } from '../model/composerText.js';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';
import { usePeopleNames } from './peopleNames.js';

/** @returns reads a message where it stands as bare words: with names in place of ids */
export function useNamedText(): (text: string) => string {
  const client = useClientStore();
  const people = usePeopleNames();
  const { t } = i18n.global;
  return (text) =>
    withNames(text, (sign, id) =>
      sign === '@'
        ? `@${people.nameOf(id) ?? t('chat.somebody')}`
        : `#${client.roomOf(id)?.name ?? t('chat.someRoom')}`,
    );
}
