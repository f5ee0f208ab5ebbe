import { opusPayloadBytesMax } from './audioLimits.js';

/** A place for one packet, filled again and again. */
export interface WaitingPacket {
  counter: number;
  timestamp: number;
  endOfSpurt: boolean;
  arrivalStep: number;
  payloadBytes: number;
  /** Its duration. */
  steps: number;
  readonly payload: Uint8Array;
}

/** The packets of one speaker that wait, by counter. Nothing is allocated after construction. */
export class PacketQueue {
  readonly #waiting: WaitingPacket[] = [];
  readonly #free: WaitingPacket[];

  /** @param capacity packets that it holds at most */
  constructor(capacity: number) {
    this.#free = Array.from({ length: capacity }, emptyPacket);
  }

  get length(): number {
    return this.#waiting.length;
  }

  get isFull(): boolean {
    return this.#free.length === 0;
  }

  /** The packet with the lowest counter. */
  get head(): WaitingPacket | undefined {
    return this.#waiting[0];
  }

  /** Duration of all packets. */
  get steps(): number {
    let steps = 0;
    for (const packet of this.#waiting) steps += packet.steps;
    return steps;
  }

  /** When the packet came that waits the longest. */
  get firstArrivalStep(): number {
    let first = Infinity;
    for (const packet of this.#waiting) first = Math.min(first, packet.arrivalStep);
    return first;
  }

  holds(counter: number): boolean {
    for (const packet of this.#waiting) if (packet.counter === counter) return true;
    return false;
  }

  /** @returns the place of a new packet, to be filled; only where the queue is not full */
  insert(counter: number): WaitingPacket {
    const packet = this.#free.pop()!;
    packet.counter = counter;
    const waiting = this.#waiting;
    let at = waiting.length;
    waiting.push(packet);
    for (; at > 0 && waiting[at - 1]!.counter > counter; at--) waiting[at] = waiting[at - 1]!;
    waiting[at] = packet;
    return packet;
  }

  removeHead(): void {
    this.#free.push(this.#waiting.shift()!);
  }
}

function emptyPacket(): WaitingPacket {
  return {
    counter: 0,
    timestamp: 0,
    endOfSpurt: false,
    arrivalStep: 0,
    payloadBytes: 0,
    steps: 0,
    payload: new Uint8Array(opusPayloadBytesMax),
  };
}
