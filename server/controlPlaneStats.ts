import type { PluginCounts } from '@rookery/plugins/runningPlugin';
import type { AbuseStats } from './abuse/abuseDesk.js';
import type { ResyncCounts } from './broadcast/viewBroadcast.js';
import type { RefusalReason } from './session/protocolCounters.js';
import type { ServerCardStats } from './session/serverCards.js';
import type { SignalStats } from './session/signals.js';
import type { DatagramCounters } from './session/voiceDatagrams.js';

/** What the admin interface tells of the control plane. */
export interface ControlPlaneStats {
  readonly connections: number;
  readonly sessions: number;
  /** Who talked in the last second. */
  readonly speakers: number;
  /** Newcomers are turned away. */
  readonly isDraining: boolean;
  readonly rooms: number;
  /** Of talks, at this moment. */
  readonly calls: number;
  readonly protocolErrors: Readonly<Record<RefusalReason, number>>;
  /** Commands that were refused for want of a permission, by type. */
  readonly notPermitted: Readonly<Record<string, number>>;
  readonly datagrams: Readonly<DatagramCounters>;
  readonly signals: SignalStats;
  readonly abuse: AbuseStats;
  readonly serverCards: ServerCardStats;
  /** Parts of the view that clients asked for again. */
  readonly resyncs: Readonly<ResyncCounts>;
  /** Plugins that run, by name. */
  readonly plugins: Readonly<Record<string, PluginCounts>>;
  /** Of the tree of rooms and everybody in it, as it was told last; 64 hexadecimal digits. */
  readonly stateHash: string;
}
