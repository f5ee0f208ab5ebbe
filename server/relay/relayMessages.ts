import type { TransportErrorCode } from '@rookery/transport/transportError';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { VoiceLimits } from '../limits.js';
import type { VoiceTablesMemory } from '../tables/voiceTables.js';

/** Everything that is said between the main thread and a relay worker. Packets never are. */

/** Given to the worker when it is made (`workerData`). */
export interface RelaySetup {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly limits: VoiceLimits;
  readonly tables: VoiceTablesMemory;
  readonly counters: SharedTableMemory;
  readonly counterRow: number;
}

export type ToRelayWorker =
  /** Close the socket and end. */
  { readonly type: 'stop' };

export type FromRelayWorker =
  /** The socket is bound. */
  | { readonly type: 'ready'; readonly port: number }
  /** The socket could not be bound; the worker ends. */
  | { readonly type: 'failed'; readonly code: TransportErrorCode; readonly message: string };
