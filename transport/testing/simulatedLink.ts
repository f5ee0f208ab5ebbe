import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { UdpAddress } from '../udpSocket.js';

/** How a link treats packets. Probabilities are 0 … 1. */
export interface LinkConditions {
  readonly loss: number;
  readonly duplication: number;
  /** Flips one to four bits of a packet. */
  readonly corruption: number;
  /** Holds a packet back for up to four times the delay, past later ones. */
  readonly reordering: number;
  readonly delayMs: number;
  /** Added to the delay of each packet, evenly from 0. */
  readonly jitterMs: number;
  /** 0: no bound. */
  readonly bytesPerSecond: number;
}

export const perfectLink: LinkConditions = {
  loss: 0,
  duplication: 0,
  corruption: 0,
  reordering: 0,
  delayMs: 10,
  jitterMs: 0,
  bytesPerSecond: 0,
};

/** Worse than any network that people would stay on. */
export const roughLink: LinkConditions = {
  loss: 0.05,
  duplication: 0.03,
  corruption: 0.02,
  reordering: 0.1,
  delayMs: 20,
  jitterMs: 10,
  bytesPerSecond: 2_000_000,
};

export interface PacketInFlight {
  readonly bytes: Uint8Array;
  readonly from: UdpAddress;
  readonly to: UdpAddress;
  readonly dueAtMs: number;
}

/** On a bounded link, packets that would wait longer than this are dropped, as routers do. */
const queueMsMax = 200;

/**
 * One direction of a network path, in simulated time: what goes in comes out late, twice, damaged,
 * out of order or never, the same way for the same seed.
 */
export class SimulatedLink {
  conditions: LinkConditions;
  readonly #random: SeededRandom;
  /** Sorted by the time of arrival. */
  readonly #flying: PacketInFlight[] = [];
  #freeAtMs = 0;

  constructor(conditions: LinkConditions, seed: number) {
    this.conditions = conditions;
    this.#random = new SeededRandom(seed);
  }

  /** Takes `packet[0 .. length)`, which may be reused afterwards. */
  send(packet: Uint8Array, length: number, from: UdpAddress, to: UdpAddress, nowMs: number): void {
    const { loss, duplication } = this.conditions;
    const copies = this.#random.chance(duplication) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const leavesAtMs = this.#leave(length, nowMs);
      if (leavesAtMs === null || this.#random.chance(loss)) continue;
      const bytes = this.#damage(packet.slice(0, length));
      this.#insert({ bytes, from, to, dueAtMs: leavesAtMs + this.#delayMs() });
    }
  }

  /** When the next packet arrives; Infinity: none is on its way. */
  get nextArrivalMs(): number {
    return this.#flying[0]?.dueAtMs ?? Infinity;
  }

  /** The next packet that has arrived by `nowMs`, or null. */
  receive(nowMs: number): PacketInFlight | null {
    const next = this.#flying[0];
    if (next === undefined || next.dueAtMs > nowMs) return null;
    this.#flying.shift();
    return next;
  }

  #leave(bytes: number, nowMs: number): number | null {
    const { bytesPerSecond } = this.conditions;
    if (bytesPerSecond === 0) return nowMs;
    const startsAtMs = Math.max(nowMs, this.#freeAtMs);
    if (startsAtMs - nowMs > queueMsMax) return null;
    this.#freeAtMs = startsAtMs + (bytes / bytesPerSecond) * 1000;
    return this.#freeAtMs;
  }

  #delayMs(): number {
    const { delayMs, jitterMs, reordering } = this.conditions;
    const heldBack = this.#random.chance(reordering) ? 1 + this.#random.below(4) : 1;
    return delayMs * heldBack + (this.#random.below(1001) / 1000) * jitterMs;
  }

  #damage(bytes: Uint8Array): Uint8Array {
    if (!this.#random.chance(this.conditions.corruption)) return bytes;
    const flips = 1 + this.#random.below(4);
    for (let i = 0; i < flips; i++) {
      bytes[this.#random.below(bytes.length)]! ^= 1 << this.#random.below(8);
    }
    return bytes;
  }

  #insert(packet: PacketInFlight): void {
    let index = this.#flying.length;
    while (index > 0 && this.#flying[index - 1]!.dueAtMs > packet.dueAtMs) index--;
    this.#flying.splice(index, 0, packet);
  }
}
