import type { TransportErrorCode } from '@rookery/transport/transportError';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { VoiceLimits } from '../limits.js';
import type { VoiceTablesMemory } from '../tables/voiceTables.js';
import type { PeerRingMemory } from './peerFrames.js';
import type { VoiceRingMemory } from './voiceRings.js';

/** Everything that is said between the main thread and a relay worker. Packets never are. */

/** What a worker receives and sends with. */
export type RelaySocket =
  /** Bound by the main thread, so that it outlives the worker: whoever takes its place has it. */
  | {
      readonly kind: 'linux';
      readonly fd: number;
      readonly family: number;
      /** An eventfd that ends the worker's waits. */
      readonly wakeFd: number;
      readonly port: number;
    }
  /** Bound by the worker; port 0 lets the kernel choose. */
  | { readonly kind: 'portable'; readonly host: string; readonly port: number };

/** Given to the worker when it is made (`workerData`), or later to one that waits for it. */
export interface RelaySetup {
  readonly socket: RelaySocket;
  readonly limits: VoiceLimits;
  readonly bundleWindowMs: number;
  readonly tables: VoiceTablesMemory;
  readonly counters: SharedTableMemory;
  readonly rings: VoiceRingMemory;
  /** Its rings to and from the other workers. */
  readonly peers: readonly (PeerRingMemory | null)[];
  /** Where its CPU profile goes when it ends; null: it makes none. */
  readonly profileFolder: string | null;
  /** Its row in the tables of workers. */
  readonly workerIndex: number;
}

export type ToRelayWorker =
  /** To one that was made without: relay with this. */
  | { readonly type: 'setUp'; readonly setup: RelaySetup }
  /** Close the socket and end. A worker that blocks in the kernel is told by its table instead. */
  | { readonly type: 'stop' };

export type FromRelayWorker =
  /** All that it is made of is loaded and warm, and it waits to be set up. */
  | { readonly type: 'loaded' }
  /** Packets are relayed from now on. */
  | { readonly type: 'ready'; readonly port: number }
  /** The socket could not be bound; the worker ends. */
  | { readonly type: 'failed'; readonly code: TransportErrorCode; readonly message: string };
