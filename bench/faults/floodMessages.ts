import type { LoadSession } from '../load/loadMessages.js';

/** Packets of a session that may speak, or bytes that are nobody's packet. */
export type FloodKind = 'session' | 'garbage';

/** What the bench asks of the process that floods. */
export type FloodRequest =
  | {
      readonly type: 'setUp';
      /** Voice port of the server on 127.0.0.1. */
      readonly port: number;
      readonly session: LoadSession;
    }
  | {
      readonly type: 'flood';
      readonly kind: FloodKind;
      readonly packetsPerSecond: number;
      readonly seconds: number;
    };

export interface FloodReply {
  /** 0 of a set-up. */
  readonly packetsSent: number;
}
