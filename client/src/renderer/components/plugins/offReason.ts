import type { SoundPluginFault } from '@rookery/client/engine/audio/plugins/soundPluginThread';

const known = {
  late: 'plugins.offReason.late',
  trapped: 'plugins.offReason.trapped',
  stuck: 'plugins.offReason.stuck',
  unstartable: 'plugins.offReason.unstartable',
  died: 'plugins.offReason.died',
} as const satisfies Readonly<Record<SoundPluginFault, string>>;

/**
 * @param reason as `ShownPlugin.offReason`. @param t of vue-i18n
 * @returns in the user's language where there are words for it, else as it came
 */
export function offReasonWords(
  reason: string,
  t: (key: (typeof known)[SoundPluginFault]) => string,
): string {
  return Object.hasOwn(known, reason) ? t(known[reason as SoundPluginFault]) : reason;
}
