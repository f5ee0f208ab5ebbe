import type { FloodResult } from './wrongLogins.js';

/** What the bench and the process of the flood say to each other. */
export interface ToFlood {
  readonly type: 'flood';
  /** QUIC port of the server on 127.0.0.1. */
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export type FromFlood = FloodResult;
