import type { PluginPermission } from '@rookery/plugins/abi';
import type { SoundUse } from '@rookery/plugins/sound/soundUse';
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

type WishKey =
  `plugins.permission.${Exclude<PluginPermission, 'sound'>}` | `plugins.sound.${SoundUse}`;

/**
 * What a plugin of this client wants, a line for each permission.
 *
 * @param t of vue-i18n
 */
export function wishesOf(
  plugin: ShownPlugin,
  t: (key: WishKey | 'plugins.quoted', named: { readonly [name: string]: string }) => string,
): string[] {
  const titles = titlesOf(plugin, t);
  return plugin.permissions.map((permission) =>
    permission === 'sound'
      ? t(`plugins.sound.${plugin.sound ?? 'capture'}`, {})
      : t(`plugins.permission.${permission}`, { titles }),
  );
}
