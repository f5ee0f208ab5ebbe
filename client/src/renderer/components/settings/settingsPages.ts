import {
  Bell,
  Bug,
  Ear,
  Keyboard,
  Monitor,
  Palette,
  Puzzle,
  Shield,
  UserRound,
  Volume2,
} from '@lucide/vue';
import { soundNames } from '@rookery/client/host/noticeNames';
import { defineAsyncComponent, type Component } from 'vue';

/** A page of the settings; its title is `settings.page.ID`. */
export interface SettingsPage {
  readonly id: string;
  readonly component: Component;
  /** Beside its title. */
  readonly icon?: Component;
  /**
   * Keys of the words of its settings, by which the search finds them: each is the `setting` of a
   * `SettingRow` on the page. Left out, the page is found by its title alone.
   */
  readonly settings?: readonly string[];
}

/** In the order in which they are listed. */
export const settingsPages = [
  {
    id: 'sound',
    icon: Volume2,
    component: defineAsyncComponent(() => import('./SoundSettings.vue')),
    settings: [
      'sound.input',
      'sound.output',
      'sound.inputGain',
      'sound.mode',
      'sound.startsAbove',
      'sound.holdMs',
      'sound.releaseMs',
      'sound.isHighPassOn',
      'sound.isEchoCancellerOn',
      'sound.isNoiseSuppressorOn',
      'sound.isGainControlOn',
      'sound.stopsBelow',
      'sound.isDtxOn',
    ],
  },
  {
    id: 'keys',
    icon: Keyboard,
    component: defineAsyncComponent(() => import('./KeySettings.vue')),
    settings: ['keys.pushToTalk', 'keys.toggleMute', 'keys.toggleDeafen'],
  },
  {
    id: 'whispers',
    icon: Ear,
    component: defineAsyncComponent(() => import('./WhisperSettings.vue')),
  },
  {
    id: 'notifications',
    icon: Bell,
    component: defineAsyncComponent(() => import('./NotificationSettings.vue')),
    settings: [
      'notify.isDoNotDisturb',
      'notify.level',
      'notify.showsDesktopNotices',
      'notify.showsPreviews',
      'notify.soundVolume',
      'notify.isQuietWhileDeafened',
      ...soundNames.map((name) => `notify.sound.${name}`),
      'notify.readsAloud',
      'notify.readingLanguage',
      'notify.readingPace',
    ],
  },
  {
    id: 'appearance',
    icon: Palette,
    component: defineAsyncComponent(() => import('./AppearanceSettings.vue')),
    settings: [
      'settings.theme',
      'settings.accent',
      'settings.accentHue',
      'settings.fontSize',
      'settings.density',
      'settings.isChatCompact',
      'settings.showsAvatars',
      'settings.motion',
      'settings.language',
      'settings.clock',
    ],
  },
  {
    id: 'identities',
    icon: UserRound,
    component: defineAsyncComponent(() => import('./IdentitySettings.vue')),
  },
  {
    id: 'plugins',
    icon: Puzzle,
    component: defineAsyncComponent(() => import('../plugins/PluginSettings.vue')),
  },
  {
    id: 'privacy',
    icon: Shield,
    component: defineAsyncComponent(() => import('./PrivacySettings.vue')),
    settings: ['settings.showsTyping'],
  },
  {
    id: 'desktop',
    icon: Monitor,
    component: defineAsyncComponent(() => import('./DesktopSettings.vue')),
    settings: ['updates.looksForUpdates', 'desktop.closesToTray', 'desktop.startsWithSystem'],
  },
  {
    id: 'developer',
    icon: Bug,
    component: defineAsyncComponent(() => import('../developer/DeveloperSettings.vue')),
  },
] as const satisfies readonly SettingsPage[];

export type SettingsPageId = (typeof settingsPages)[number]['id'];
