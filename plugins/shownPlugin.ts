import type { Role } from '@rookery/schemas/roles';
import type { PluginPermission } from './abi.js';
import type { PluginLogLine } from './pluginLog.js';
import type { PluginCounts } from './runningPlugin.js';

/** A plugin as whoever runs a server is shown it. */
export interface ShownPlugin {
  readonly name: string;
  readonly version: string;
  readonly author: string;
  readonly description: string;
  readonly permissions: readonly PluginPermission[];
  readonly events: readonly string[];
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  readonly sha256: string;
  readonly isApproved: boolean;
  readonly isEnabled: boolean;
  readonly isRunning: boolean;
  /** Why it is off though it was to be on; null where it is not. */
  readonly offReason: string | null;
  /** As whom it writes, and which role it has. */
  readonly userId: string;
  readonly role: Role;
  /** Of this run; null while it does not run. */
  readonly counts: PluginCounts | null;
}

export interface ShownPlugins {
  readonly plugins: readonly ShownPlugin[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

/** The log of a plugin that runs, or ran last; the oldest line first. */
export interface ShownLog {
  readonly lines: readonly PluginLogLine[];
  /** Lines that came too fast. */
  readonly dropped: number;
}
