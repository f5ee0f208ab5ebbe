import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';

/**
 * One datagram for several sessions is one record of the ring:
 *
 *     ┌ u32 count ┬ u32 token ┬ u32 token ┬ … ┬ packet ┐
 */
const wordBytes = Uint32Array.BYTES_PER_ELEMENT;

/** Memory that holds the longest record. */
function makeRecord(sessionsMax: number): Uint32Array {
  return new Uint32Array(1 + sessionsMax + Math.ceil(voicePacketBytesMax / wordBytes));
}

/**
 * Where a relay puts what goes to sessions that it hears over QUIC: a ring to the main thread,
 * which has their connections. Relay worker only; allocates nothing.
 */
export class QuicOutlet {
  readonly #ring: SpscRecordRing;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  #receivers = 0;
  #hasNews = false;

  constructor(ring: SpscRecordRing, sessionsMax: number) {
    this.#ring = ring;
    this.#words = makeRecord(sessionsMax);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /** How many get the next datagram. */
  get receiverCount(): number {
    return this.#receivers;
  }

  /** One more that gets the next datagram. */
  addReceiver(token: number): void {
    this.#words[++this.#receivers] = token;
  }

  /**
   * Sends `packet[offset .. offset + length)` to all that were added since the last one.
   *
   * @returns false where the ring is full: none of them gets it
   */
  send(packet: Uint8Array, offset: number, length: number): boolean {
    const at = wordBytes * (1 + this.#receivers);
    for (let i = 0; i < length; i++) this.#bytes[at + i] = packet[offset + i]!;
    this.#words[0] = this.#receivers;
    this.#receivers = 0;
    this.#hasNews = true;
    return this.#ring.push(this.#bytes, at + length, 0);
  }

  /** Wakes the reader where there is something new. Once a batch, because it takes a lock. */
  tellReader(): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#ring.header.wake();
  }
}

/** The main thread's end of such a ring. */
export class QuicInlet {
  readonly #ring: SpscRecordRing;
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;

  constructor(ring: SpscRecordRing, sessionsMax: number) {
    this.#ring = ring;
    this.#words = makeRecord(sessionsMax);
    this.#bytes = new Uint8Array(this.#words.buffer);
  }

  /**
   * Hands over everything that waits, datagram by datagram.
   *
   * @param deliver its packet is valid during the call only
   * @returns whether there was anything
   */
  drain(deliver: (token: number, packet: Uint8Array) => void): boolean {
    let records = 0;
    for (;;) {
      const bytes = this.#ring.pop(this.#bytes);
      if (bytes === -1) return records > 0;
      records++;
      const receivers = this.#words[0]!;
      const packet = this.#bytes.subarray(wordBytes * (1 + receivers), bytes);
      for (let i = 1; i <= receivers; i++) deliver(this.#words[i]!, packet);
    }
  }
}
