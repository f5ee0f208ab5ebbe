import type { Connection } from '@matrixai/quic/native/types.js';
import { endpointLimits } from './quicLimits.js';
import type { PacketSink, QuicCounters } from './quicTypes.js';
import { RateBucket } from './rateBucket.js';
import type { UdpAddress } from './udpSocket.js';

/** How a turn of sending ended. */
export type SendOutcome =
  /** All that was due is out. */
  | 'done'
  /** The turn's share is used up: more follows in the next one. */
  | 'capped'
  /** The second's share is used up: more follows after a pause. */
  | 'paused'
  /** The library cannot go on: a path without an id of the peer, say. */
  | 'broken';

/** An address that the peer had, and until when its path is probed. */
interface FormerPath {
  readonly remote: UdpAddress;
  untilMs: number;
}

/** Puts out one connection's packets, at a bounded rate. */
export class PacketSender {
  readonly #native: Connection;
  readonly #counters: QuicCounters;
  readonly #rate: RateBucket;
  readonly #localAddress: UdpAddress;
  readonly #formerPaths: FormerPath[] = [];

  constructor(native: Connection, counters: QuicCounters, localAddress: UdpAddress, nowMs: number) {
    const { sentPacketsPerSecondMax } = endpointLimits;
    this.#native = native;
    this.#localAddress = localAddress;
    this.#counters = counters;
    this.#rate = new RateBucket(sentPacketsPerSecondMax, sentPacketsPerSecondMax, nowMs);
  }

  /**
   * The peer is somewhere else now. What was on its way to its former address is lost, but the
   * library would find out only by time-outs that double: it takes an acknowledgement of a later
   * packet of the same path for that. So that path's probes go to the new address.
   */
  leave(formerRemote: UdpAddress, nowMs: number): void {
    const untilMs = nowMs + endpointLimits.formerPathMs;
    this.#formerPaths.push({ remote: formerRemote, untilMs });
  }

  /**
   * @param out one packet's memory, overwritten for each
   * @param remote the object given to the sink for packets to that address
   */
  send(nowMs: number, out: Uint8Array, remote: UdpAddress, sink: PacketSink): SendOutcome {
    const allowed = this.#rate.available(nowMs);
    const share = Math.min(endpointLimits.packetsPerFlushMax, allowed);
    let count = 0;
    let outcome: SendOutcome = allowed === 0 ? 'paused' : 'capped';
    while (count < share) {
      let packet;
      try {
        packet = this.#native.send(out);
      } catch {
        outcome = 'broken';
        break;
      }
      if (packet === null) {
        outcome = 'done';
        break;
      }
      const { host, port } = packet[1].to;
      const isRemote = port === remote.port && host === remote.host;
      sink(out, packet[0], isRemote ? remote : { host, port });
      count++;
    }
    this.#rate.spend(count);
    this.#counters.packetsOut += count;
    if (this.#formerPaths.length > 0) this.#probeFormerPaths(nowMs, out, remote, sink);
    return outcome;
  }

  #probeFormerPaths(nowMs: number, out: Uint8Array, remote: UdpAddress, sink: PacketSink): void {
    const paths = this.#formerPaths;
    while (paths.length > 0 && paths[0]!.untilMs <= nowMs) paths.shift();
    for (const path of paths) {
      try {
        const packet = this.#native.sendOnPath(out, this.#localAddress, path.remote);
        if (packet === null) continue;
        sink(out, packet[0], remote);
        this.#counters.packetsOut++;
      } catch {
        // The library has given the path up itself.
        path.untilMs = nowMs;
      }
    }
  }
}
