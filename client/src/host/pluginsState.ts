import type { PluginPermission } from '@rookery/plugins/abi';
import type { PanelRow } from '@rookery/plugins/hostInputs';
import type { PluginLogLine } from '@rookery/plugins/pluginLog';
import type { PluginCounts } from '@rookery/plugins/runningPlugin';
import type { SoundUse } from '@rookery/plugins/sound/soundUse';
import type { SoundPluginCounts } from '../engine/audio/plugins/soundPluginThread.js';

/** A plugin of this client, as windows show it. All texts are its author's. */
export interface ShownPlugin {
  readonly name: string;
  readonly version: string;
  readonly author: string;
  readonly description: string;
  /** In the order in which people are shown them. */
  readonly permissions: readonly PluginPermission[];
  /** What keys can be bound to. */
  readonly keys: readonly { readonly name: string; readonly title: string }[];
  /** Where it changes sound; null: nowhere. */
  readonly sound: SoundUse | null;
  /** Of its module, in hexadecimal. */
  readonly sha256: string;
  /** Whether somebody agreed to it as it is now. */
  readonly isApproved: boolean;
  readonly isEnabled: boolean;
  /** Why it was switched off by itself: a `SoundPluginFault`, or words; null: it was not. */
  readonly offReason: string | null;
}

/** A folder of a plugin that cannot be used. */
export interface BrokenPlugin {
  readonly name: string;
  readonly reason: string;
}

/** A plugin that was switched off by itself. */
export interface PluginEnd {
  readonly name: string;
  /** As `ShownPlugin.offReason`. */
  readonly reason: string;
}

/** What a plugin shows in every window. */
export interface ShownPanel {
  /** Of the plugin. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly PanelRow[];
}

/** The plugins of this client. */
export interface PluginsState {
  readonly installed: readonly ShownPlugin[];
  readonly broken: readonly BrokenPlugin[];
  /** What was switched off since somebody has read it last; windows say so. */
  readonly ends: readonly PluginEnd[];
  readonly panels: readonly ShownPanel[];
}

export const noPlugins: PluginsState = { installed: [], broken: [], ends: [], panels: [] };

/** How a plugin did since it was switched on. */
export interface PluginReport {
  /** null where it changes no sound, or is off. */
  readonly sound: SoundPluginCounts | null;
  /** null where it is told of no events, or is off. */
  readonly events: PluginCounts | null;
  /** The oldest first. */
  readonly log: readonly PluginLogLine[];
}
