import type { ShownPlugin } from '@rookery/client/host/pluginsState';

/**
 * What keys can be bound to in a plugin, in its author's words, which are to be seen for such.
 *
 * @param t of vue-i18n
 */
export function titlesOf(
  { keys }: ShownPlugin,
  t: (key: 'plugins.quoted', named: { readonly title: string }) => string,
): string {
  return keys.map(({ title }) => t('plugins.quoted', { title })).join(', ');
}
