import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { quicAddress } from '../tables/pathTable.js';
import type { Relay, RelayParts } from './relay.js';

/** Longest packet that is put into a ring: a byte more than the relay takes, so that it counts. */
export const ringPacketBytesMax = voicePacketBytesMax + 1;

/** What a relay's thread has, whatever socket it runs on. */
export interface RelayThreadParts extends Pick<RelayParts, 'tables' | 'limits' | 'quic' | 'peers'> {
  /** Packets from sessions that are heard over QUIC. */
  readonly fromQuic: SpscRecordRing;
}

/** Hands a relay the packets of a ring, a batch at most. Allocates nothing in `take`. */
export class QuicSource {
  readonly #ring: SpscRecordRing;
  readonly #batchMax: number;
  readonly #packet = new Uint8Array(ringPacketBytesMax);

  constructor({ fromQuic, limits }: RelayThreadParts) {
    this.#ring = fromQuic;
    this.#batchMax = limits.receiveBatchMax;
  }

  /** Whether there ever was one. */
  get isUsed(): boolean {
    return this.#ring.header.writeIndex !== 0;
  }

  /** Whether packets wait. */
  get hasMore(): boolean {
    return this.#ring.header.used > 0;
  }

  take(relay: Relay): void {
    for (let taken = 0; taken < this.#batchMax; taken++) {
      const bytes = this.#ring.pop(this.#packet);
      if (bytes === -1) return;
      relay.receive(this.#packet, bytes, quicAddress);
    }
  }
}
