import { setImmediate } from 'node:timers/promises';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { readToken, tokenSlot, voiceHeaderBytes } from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { CounterTable } from '../tables/counterTable.js';
import { QuicInlet } from './quicOutlet.js';
import { ringPacketBytesMax } from './relayThreadParts.js';

/** The memory of one worker's rings; may be posted to it. */
export interface VoiceRingMemory {
  /** Packets from clients, as they came. */
  readonly toWorker: SharedArrayBuffer;
  /** Records of `QuicOutlet`. */
  readonly toMain: SharedArrayBuffer;
}

export interface VoiceRingOptions {
  readonly workers: number;
  readonly limits: VoiceLimits;
  /** Counted in the main thread's own row, which is the last. */
  readonly counters: CounterTable;
  /** Workers that take packets: the first so many. */
  readonly activeWorkers: () => number;
  /** Ends the wait of a worker. */
  readonly wake: (worker: number) => void;
  /** Sends a datagram on a session's connection; its bytes are valid during the call only. */
  readonly sendDatagram: (token: number, packet: Uint8Array) => void;
}

/**
 * The main thread's end of the rings by which voice goes over QUIC where its own port is blocked:
 *
 *     QUIC DATAGRAM ──► ring of worker (slot mod active) ──► relay ──► ring ──► QUIC DATAGRAMs
 *
 * The rings outlive the workers.
 */
export class VoiceRings {
  readonly memory: readonly VoiceRingMemory[];
  readonly #options: VoiceRingOptions;
  readonly #toWorkers: readonly SpscRecordRing[];
  readonly #toMain: readonly SpscRecordRing[];

  constructor(options: VoiceRingOptions) {
    const { workers, limits } = options;
    this.#options = options;
    this.memory = Array.from({ length: workers }, () => ({
      toWorker: createRecordRing(limits.ringBytes),
      toMain: createRecordRing(limits.ringBytes),
    }));
    this.#toWorkers = this.memory.map(({ toWorker }) => new SpscRecordRing(toWorker));
    this.#toMain = this.memory.map(({ toMain }) => new SpscRecordRing(toMain));
    for (const ring of this.#toMain) void this.#deliver(ring);
  }

  /** Hands a datagram to a worker. One that names another session than it came from is dropped. */
  push(token: number, packet: Uint8Array): void {
    const isOwn = packet.length >= voiceHeaderBytes && readToken(packet, 0) === token;
    if (!isOwn) {
      this.#count('dropAddress');
      return;
    }
    const worker = tokenSlot(token) % this.#options.activeWorkers();
    const ring = this.#toWorkers[worker]!;
    const writeIndex = ring.header.writeIndex;
    if (!ring.push(packet, Math.min(packet.length, ringPacketBytesMax), 0)) {
      this.#count('dropRing');
      return;
    }
    // Where it had taken all before, it may be waiting. Looked at after the push, so that it either
    // finds this packet before it waits, or is seen to have taken all.
    if (ring.header.readIndex === writeIndex) {
      ring.header.wake();
      this.#options.wake(worker);
    }
  }

  close(): void {
    for (const ring of [...this.#toWorkers, ...this.#toMain]) ring.header.close();
  }

  async #deliver(ring: SpscRecordRing): Promise<void> {
    const { limits, sendDatagram } = this.#options;
    const inlet = new QuicInlet(ring, limits.sessionsMax);
    while (!ring.header.closed) {
      const { signal } = ring.header;
      // Voice must not keep the control plane waiting, nor wait for a turn where nothing came.
      if (inlet.drain(sendDatagram)) await setImmediate();
      else await ring.header.sleepAsync(signal);
    }
  }

  #count(reason: 'dropAddress' | 'dropRing'): void {
    const { counters } = this.#options;
    counters.columns[reason].add(counters.rows - 1, 1);
  }
}
