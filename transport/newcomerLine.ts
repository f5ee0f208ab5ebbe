import type { NewcomerLane } from './quicTypes.js';
import type { UdpAddress } from './udpSocket.js';

/** What a line of newcomers may take. */
export interface NewcomerLimits {
  /** Packets of each lane that may wait; one more is dropped, and its sender repeats it. */
  readonly packetsMax: number;
  /** How long newcomers are served in one turn of the event loop, while others leave time. */
  readonly msPerTurnMin: number;
  /** In a turn that is long for other reasons: as a share of the time since they were served. */
  readonly busyShare: number;
  /** And at most so long. */
  readonly msPerTurnMax: number;
}

/** Where a packet waits. */
export interface NewcomerPlace {
  readonly lane: NewcomerLane;
  readonly isKnown: boolean;
}

/** A packet that waits. */
export interface WaitingPacket {
  readonly bytes: Uint8Array;
  readonly from: UdpAddress;
}

interface Lane {
  readonly name: NewcomerLane;
  readonly isKnown: boolean;
  /** Packets of a round. */
  readonly share: number;
  readonly waiting: WaitingPacket[];
  /** Of `waiting`, those that were served. */
  served: number;
}

/**
 * A handshake is two packets that begin it and about five of a connection that is begun: so those
 * go on that were let in, however many more knock. Each lane has its packets in each round, so that
 * none can keep another waiting for long.
 */
const shares: Readonly<Record<NewcomerLane, number>> = { begun: 8, proven: 1, other: 2 };

function lanesOf(isKnown: boolean): Lane[] {
  const names = Object.keys(shares) as NewcomerLane[];
  return names.map((name) => ({ name, isKnown, share: shares[name], waiting: [], served: 0 }));
}

/**
 * Packets of those who have not logged in. A handshake costs as much as dozens of packets of those
 * who are in, so they wait here until all others are served, and are served for a short while at a
 * time. What a crowd or a flood costs is taken from what members leave over, and comes in pieces
 * that are no longer than that. Where members leave nothing, newcomers have a share all the same.
 */
export class NewcomerLine {
  /** Packets that found their lane full. */
  dropped = 0;
  readonly #limits: NewcomerLimits;
  readonly #lanes = [...lanesOf(true), ...lanesOf(false)];
  #lane = 0;
  #leftOfRound = this.#lanes[0]!.share;
  #size = 0;
  /** When the last turn left some waiting; null where it left none. */
  #leftAtMs: number | null = null;

  constructor(limits: NewcomerLimits) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /**
   * @param packet copied: the socket may reuse its memory
   * @param place its lane, of those for known addresses or of those for others
   */
  push(packet: Uint8Array, from: UdpAddress, place: NewcomerPlace): void {
    const { waiting, served } = this.#lanes.find(
      ({ name, isKnown }) => name === place.lane && isKnown === place.isKnown,
    )!;
    if (waiting.length - served >= this.#limits.packetsMax) {
      this.dropped += 1;
      return;
    }
    waiting.push({ bytes: new Uint8Array(packet), from });
    this.#size += 1;
  }

  /**
   * Serves one packet after the other until none waits or the time of a turn is over, and at least
   * one.
   *
   * @param nowMs a clock that runs on while `serve` works
   */
  serve(serve: (packet: WaitingPacket) => void, nowMs: () => number): void {
    const beganMs = nowMs();
    const endMs = beganMs + this.#turnMs(beganMs);
    let packet = this.#next();
    while (packet !== null) {
      serve(packet);
      packet = nowMs() < endMs ? this.#next() : null;
    }
    this.#leftAtMs = this.isEmpty ? null : nowMs();
  }

  #turnMs(nowMs: number): number {
    const { msPerTurnMin, msPerTurnMax, busyShare } = this.#limits;
    const sinceMs = this.#leftAtMs === null ? 0 : nowMs - this.#leftAtMs;
    return Math.min(Math.max(msPerTurnMin, sinceMs * busyShare), msPerTurnMax);
  }

  #next(): WaitingPacket | null {
    if (this.#size === 0) return null;
    for (;;) {
      const lane = this.#lanes[this.#lane]!;
      if (this.#leftOfRound > 0 && lane.served < lane.waiting.length) {
        this.#leftOfRound -= 1;
        this.#size -= 1;
        return takeFirst(lane);
      }
      this.#lane = (this.#lane + 1) % this.#lanes.length;
      this.#leftOfRound = this.#lanes[this.#lane]!.share;
    }
  }
}

function takeFirst(lane: Lane): WaitingPacket {
  const packet = lane.waiting[lane.served]!;
  lane.served += 1;
  // Moved up seldom, so that each packet is moved a few times at most.
  if (lane.served * 2 >= lane.waiting.length) {
    lane.waiting.splice(0, lane.served);
    lane.served = 0;
  }
  return packet;
}
