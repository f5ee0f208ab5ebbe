import type { Component } from 'vue';
import AppearanceSettings from './AppearanceSettings.vue';
import SoundSettings from './SoundSettings.vue';

/** A page of the settings; its title is `settings.page.ID`. */
export interface SettingsPage {
  readonly id: string;
  readonly component: Component;
}

/** In the order in which they are listed. */
export const settingsPages = [
  { id: 'sound', component: SoundSettings },
  { id: 'appearance', component: AppearanceSettings },
] as const satisfies readonly SettingsPage[];

export type SettingsPageId = (typeof settingsPages)[number]['id'];
