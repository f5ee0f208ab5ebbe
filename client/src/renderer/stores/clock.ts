import { defineStore } from 'pinia';
import { computed } from 'vue';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';

/** Times of day as the user reads them: by 12 or 24 hours, or as the system does. */
export const useClock = defineStore('clock', () => {
  const client = useClientStore();
  const hourCycle = computed(() => {
    const { clock } = client.state.settings;
    if (clock !== 'system') return clock === 'h12' ? 'h12' : 'h23';
    const system = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions();
    return system.hourCycle ?? 'h23';
  });
  const format = computed(
    () =>
      new Intl.DateTimeFormat(i18n.global.locale.value, {
        hour: 'numeric',
        minute: '2-digit',
        hourCycle: hourCycle.value,
      }),
  );

  /** @param at a moment, or milliseconds since 1970 @returns as "9:05 PM", "21:05" */
  function time(at: Date | number): string {
    return format.value.format(at);
  }

  // To make one costs more than to use it a hundred times, and every message shows some.
  const formatOf = (options: Intl.DateTimeFormatOptions) =>
    computed(() => new Intl.DateTimeFormat(i18n.global.locale.value, options));
  const formats = {
    day: formatOf({ dateStyle: 'full' }),
    moment: formatOf({ dateStyle: 'medium', timeStyle: 'short' }),
    exactly: formatOf({ dateStyle: 'full', timeStyle: 'medium' }),
  };

  /** A day, a day with its time, or that to the second, in words of the window's language. */
  function words(kind: keyof typeof formats, at: Date | number): string {
    return formats[kind].value.format(at);
  }

  return { time, words };
});
