import { median } from '../statistics.js';
import { nextPacket, openRelayWorkbench, type RelayWorkbench } from './relayWorkbench.js';

/** What a packet costs the relay's core with few and with many sessions in its tables. */
export interface RouteCost {
  /** With 100 sessions in 10 rooms. */
  readonly smallNsPerPacket: number;
  /** With 10,000 sessions in 1,000 rooms. */
  readonly fullNsPerPacket: number;
  /** Median over the repetitions of one ÷ the other. */
  readonly fullToSmall: number;
}

const membersPerRoom = 10;
const rooms = { small: 10, full: 1_000 };
const warmUps = 3;
const repetitions = 15;
/** As many as rooms of the larger tables, so that a batch is one frame of each speaker there. */
const packetsPerBatch = rooms.full;
const batchesPerRepetition = 20;
const frameMs = 20;

/**
 * The same packets through the same relay, from check to send array, the kernel left out. Every
 * room has one speaker, and all speak in turn, so that no packet finds its rows warm in the cache
 * because it was the last one's too.
 */
export function measureRouteCost(): RouteCost {
  const small = new Round(openRelayWorkbench(rooms.small, membersPerRoom));
  const full = new Round(openRelayWorkbench(rooms.full, membersPerRoom));
  for (let i = 0; i < warmUps; i++) for (const round of [small, full]) round.run();
  const smallNs: number[] = [];
  const fullNs: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    smallNs.push(small.run());
    fullNs.push(full.run());
  }
  return {
    smallNsPerPacket: median(smallNs),
    fullNsPerPacket: median(fullNs),
    fullToSmall: median(fullNs.map((ns, index) => ns / smallNs[index]!)),
  };
}

/** A batch of packets, made before it is measured. */
class Round {
  readonly #bench: RelayWorkbench;
  readonly #packets: readonly Uint8Array[];
  /** Of each packet's sender: as a batch of the socket has them, however few the senders are. */
  readonly #addresses: readonly Int32Array[];

  constructor(bench: RelayWorkbench) {
    this.#bench = bench;
    const { packet } = bench.speakers[0]!;
    this.#packets = Array.from({ length: packetsPerBatch }, () => new Uint8Array(packet.length));
    this.#addresses = this.#packets.map((_packet, index) =>
      bench.speakers[index % bench.speakers.length]!.address.slice(),
    );
  }

  /** @returns nanoseconds of CPU a packet */
  run(): number {
    let spentUs = 0;
    for (let batch = 0; batch < batchesPerRepetition; batch++) {
      this.#makePackets();
      spentUs += this.#relayPackets();
    }
    return (spentUs * 1_000) / (batchesPerRepetition * packetsPerBatch);
  }

  /** Tagging is the clients' work. */
  #makePackets(): void {
    const { speakers } = this.#bench;
    this.#packets.forEach((packet, index) => {
      const speaker = speakers[index % speakers.length]!;
      nextPacket(speaker);
      packet.set(speaker.packet);
    });
  }

  /** @returns microseconds of CPU */
  #relayPackets(): number {
    const { relay, speakers, nowMs } = this.#bench;
    const before = process.cpuUsage();
    for (let index = 0; index < packetsPerBatch; index++) {
      const packet = this.#packets[index]!;
      // Each speaker's next frame comes 20 ms after its last, or it would be over its budget.
      if (index % speakers.length === 0) nowMs[0]! += frameMs;
      relay.receive(packet, packet.length, this.#addresses[index]!);
      relay.flushDue();
    }
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }
}
