import type { QuicCounters } from '@rookery/transport/quicTypes';
import type { CertificateStats } from '../certificate/certificateDesk.js';
import type { ControlPlaneStats } from '../controlPlaneStats.js';
import type { VoiceStats } from './voiceStats.js';

/** What `/stats` tells, and `/metrics` counts. All totals are since the server started. */
export interface ServerStats extends ControlPlaneStats {
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly ports: { readonly quic: number; readonly voice: number; readonly admin: number };
  readonly quic: QuicCounters & {
    /** Newcomers whom there was no time to look at. */
    readonly droppedNewcomers: number;
  };
  readonly voice: VoiceStats;
  readonly certificate: CertificateStats;
  /** Seconds that each thread was at work: `main`, `relay_0` and so on. */
  readonly threadSeconds: Readonly<Record<string, number>>;
}
