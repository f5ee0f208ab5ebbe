import type { PacketSink, QuicEndpoint, QuicEvent } from '../quicTypes.js';
import type { UdpAddress } from '../udpSocket.js';
import { SimulatedLink, perfectLink } from './simulatedLink.js';
import type { LinkConditions } from './simulatedLink.js';
import type { SteppedClock } from './steppedClock.js';

/** An endpoint on the simulated network, and what it told so far. */
export interface SimulatedNode {
  readonly endpoint: QuicEndpoint;
  /** May be changed at any time, as a NAT does. */
  address: UdpAddress;
  readonly events: QuicEvent[];
  /** While false, events stay in the endpoint, as with an application that is busy. */
  isPolled: boolean;
  /** Called with each event as it is polled. */
  onEvent: (event: QuicEvent) => void;
}

/** Enough for any test here; one that needs more is stuck. */
const stepsMax = 200_000;

/**
 * Endpoints that send to each other over one link in each direction, in stepped time: from event to
 * event, however long that takes on the simulated clock.
 */
export class SimulatedNetwork {
  readonly nodes: SimulatedNode[] = [];
  /** From the first node to the others, and back. */
  readonly links: readonly [SimulatedLink, SimulatedLink];
  /** Sees each packet before the link does. */
  onPacket: (packet: Uint8Array, from: UdpAddress, to: UdpAddress) => void = () => undefined;
  readonly #clock: SteppedClock;
  #nowMs: number;

  constructor(clock: SteppedClock, startMs: number, seed: number, conditions = perfectLink) {
    this.#clock = clock;
    this.#nowMs = startMs;
    this.links = [
      new SimulatedLink(conditions, seed * 2),
      new SimulatedLink(conditions, seed * 2 + 1),
    ];
    clock.set(startMs);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  add(endpoint: QuicEndpoint, address: UdpAddress): SimulatedNode {
    const node = {
      endpoint,
      address,
      events: [],
      isPolled: true,
      onEvent: () => undefined,
    };
    this.nodes.push(node);
    return node;
  }

  setConditions(conditions: LinkConditions): void {
    for (const link of this.links) link.conditions = conditions;
  }

  /** Runs until `isDone` holds. @throws Error when that takes over `timeoutMs` of simulated time */
  runUntil(isDone: () => boolean, timeoutMs = 60_000): void {
    const endMs = this.#nowMs + timeoutMs;
    this.#settle();
    for (let step = 0; !isDone(); step++) {
      if (step >= stepsMax || this.#nowMs >= endMs) {
        throw new Error(`not done after ${this.#nowMs - (endMs - timeoutMs)} simulated ms`);
      }
      this.#moveTo(Math.min(endMs, Math.max(this.#nowMs, this.#nextMs())));
    }
  }

  /** Lets simulated time pass. */
  run(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    this.runUntil(() => this.#nowMs >= endMs, durationMs + 1);
  }

  #nextMs(): number {
    let nextMs = Math.min(...this.links.map((link) => link.nextArrivalMs));
    for (const { endpoint } of this.nodes) {
      nextMs = Math.min(nextMs, endpoint.nextTimeoutMs(this.#nowMs) ?? Infinity);
    }
    return nextMs;
  }

  #moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#clock.set(nowMs);
    for (const link of this.links) {
      for (let packet = link.receive(nowMs); packet !== null; packet = link.receive(nowMs)) {
        const { bytes, from, to } = packet;
        const target = this.nodes.find(({ address }) => isSame(address, to));
        target?.endpoint.receive(bytes, from, nowMs, this.#sinkOf(target));
      }
    }
    for (const { endpoint } of this.nodes) endpoint.advance(nowMs);
    this.#settle();
  }

  /** Events, then what was written in answer to them, as one turn of a driver. */
  #settle(): void {
    for (const node of this.nodes) {
      this.#poll(node);
      node.endpoint.flush(this.#nowMs, this.#sinkOf(node));
      this.#poll(node);
    }
  }

  #poll(node: SimulatedNode): void {
    if (!node.isPolled) return;
    let event = node.endpoint.pollEvent();
    while (event !== null) {
      node.events.push(event);
      node.onEvent(event);
      event = node.endpoint.pollEvent();
    }
  }

  #sinkOf(node: SimulatedNode): PacketSink {
    const link = node === this.nodes[0] ? this.links[0] : this.links[1];
    return (packet, length, to) => {
      this.onPacket(packet.subarray(0, length), node.address, to);
      link.send(packet, length, node.address, to, this.#nowMs);
    };
  }
}

function isSame(a: UdpAddress, b: UdpAddress): boolean {
  return a.port === b.port && a.host === b.host;
}
