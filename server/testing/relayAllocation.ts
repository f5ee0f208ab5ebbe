import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { defaultRoom } from '@rookery/schemas/protocol';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { FanOut } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';
import { attachRelayTables } from '../tables/relayTables.js';
import { CounterTotals } from '../tables/counterTable.js';
import { VoiceTables } from '../tables/voiceTables.js';
import { stageLimits, VoicePeer } from './relayStage.js';
import { createPeerRings, type PeerRingMemory } from '../relay/peerFrames.js';
import { QuicOutlet } from '../relay/quicOutlet.js';
import { outgoingBytesOf, Relay } from '../relay/relay.js';

/** Takes every datagram and keeps none. */
class SinkFanOut implements FanOut {
  count = 0;

  resize(count: number): void {
    this.count = count;
  }

  setAddress(): void {
    return;
  }

  replace(): void {
    return;
  }

  addPiece(): void {
    return;
  }

  send(_offset: number, _length: number, omitted: number): number {
    return omitted === nobody ? this.count : this.count - 1;
  }
}

/** Relays on the same tables, and packets for them that were made before. */
class Traffic {
  readonly #packets: Uint8Array[] = [];
  readonly #addresses: Int32Array[] = [];
  readonly #peers: readonly VoicePeer[];
  readonly #limits = {
    ...stageLimits,
    packetsPerFrame: 1e4,
    packetsBurst: 5e6,
    shareReceiversMin: 0,
    bundleIdleFramesPerSecond: 0,
    bundleBusyFramesPerSecond: 1,
  };
  readonly #tables = new VoiceTables(this.#limits, 2);
  readonly #totals = new CounterTotals(2);
  readonly #nowMs = Float64Array.of(1_000.25);
  readonly #relays: readonly Relay[];

  /** @param workers who share the rooms where there are several */
  constructor(speakers: number, workers: number) {
    const rings = createPeerRings(workers);
    this.#relays = rings.map((peers, worker) => this.#makeRelay(worker, peers));
    this.#tables.setRoomVoice('capped', { ...defaultRoom, speakersMax: 2 });
    this.#peers = Array.from({ length: speakers }, (_peer, i) => {
      const hopKey = new Uint8Array(16).fill(i);
      const token = this.#tables.addSession(hopKey);
      this.#tables.moveSession(token, i % 2 === 0 ? 'open' : 'capped');
      const address = makePackedAddress();
      parsePackedAddress({ host: '127.0.0.1', port: 1_000 + i }, address);
      this.#addresses.push(address.words);
      const peer = new VoicePeer(token, hopKey);
      this.#relayOf(i).receive(peer.ping(), 24, address.words);
      return peer;
    });
  }

  #makeRelay(worker: number, peers: readonly (PeerRingMemory | null)[]): Relay {
    return new Relay({
      tables: attachRelayTables(this.#tables.memory, this.#totals.memory, this.#limits, worker),
      limits: this.#limits,
      peers,
      socket: {
        outgoing: new Uint8Array(outgoingBytesOf(this.#limits)),
        openFanOut: () => new SinkFanOut(),
      },
      quic: new QuicOutlet(
        new SpscRecordRing(createRecordRing(this.#limits.ringBytes)),
        this.#limits.sessionsMax,
      ),
      bundleWindowMsMax: 5,
      clock: { nowMs: this.#nowMs, epochMs: 1_790_000_000_000.5, read: () => undefined },
    });
  }

  /** Makes the next packets of all speakers. @returns how many */
  prepare(packetsEach: number): number {
    this.#packets.length = 0;
    for (let i = 0; i < packetsEach; i++) {
      for (const peer of this.#peers) this.#packets.push(i % 50 === 0 ? peer.ping() : peer.voice());
    }
    return this.#packets.length;
  }

  /** Hands all that was prepared to the relay. */
  run(): void {
    for (let i = 0; i < this.#packets.length; i++) {
      const packet = this.#packets[i]!;
      this.#nowMs[0]! += 0.37;
      const speaker = i % this.#addresses.length;
      const relay = this.#relayOf(speaker);
      relay.receive(packet, packet.length, this.#addresses[speaker]!);
      relay.flushDue();
    }
  }

  /** Those of each room are spread over the workers. */
  #relayOf(speaker: number): Relay {
    return this.#relays[(speaker >>> 1) % this.#relays.length]!;
  }

  get framesOut(): number {
    return this.#totals.read().framesOut;
  }
}

/** What a million packets left on the heap. */
export interface AllocationResult {
  readonly packets: number;
  readonly framesOut: number;
  readonly bytesPerPacket: number;
}

/**
 * Hands a million packets to one relay, or in turn to several that share rooms. To be called once a
 * thread: what was compiled for other relays before may box numbers.
 */
export function relayMillionPackets(workers: number): AllocationResult {
  setFlagsFromString('--expose-gc');
  // The loop here is compiled anew in every round: beside it, on another thread, it would go on
  // uncompiled meanwhile, and the numbers that it boxes would count as the relay's.
  setFlagsFromString('--no-concurrent-recompilation');
  const collect = runInNewContext('gc') as () => void;
  const traffic = new Traffic(20, workers);
  // Code that is being compiled lives on the same heap: the first rounds warm up.
  const warmUpRounds = 3;
  const rounds = 10;
  let bytes = 0;
  let packets = 0;
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    const prepared = traffic.prepare(5_000);
    collect();
    const before = getHeapStatistics().used_heap_size;
    traffic.run();
    const after = getHeapStatistics().used_heap_size;
    if (round < warmUpRounds) continue;
    bytes += Math.max(0, after - before);
    packets += prepared;
  }
  return { packets, framesOut: traffic.framesOut, bytesPerPacket: bytes / packets };
}
