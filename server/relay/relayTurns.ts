import type { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { packedAddressWords } from '@rookery/transport/packedAddress';
import type { VoiceLimits } from '../limits.js';
import { ReceivePause } from './receivePause.js';
import type { Relay } from './relay.js';
import type { WorkerTable } from '../tables/workerTable.js';
import type { RelayClock } from './relayClock.js';
import type { QuicSource } from './relayThreadParts.js';

export interface RelayTurnParts {
  readonly socket: LinuxBatchSocket;
  readonly relay: Relay;
  readonly quicSource: QuicSource;
  readonly clock: RelayClock;
  readonly limits: VoiceLimits;
  readonly workers: WorkerTable;
  /** Its row in the table of workers. */
  readonly ownIndex: number;
}

/**
 * What a relay's thread does again and again: waits in the kernel for packets, takes all that are
 * there, and sends what is due. Relay worker only; allocates nothing.
 *
 * A turn is a call of its own, and not the body of a loop that never ends, because only a function
 * that returns is compiled while few packets come.
 */
export class RelayTurns {
  readonly #socket: LinuxBatchSocket;
  readonly #relay: Relay;
  readonly #quicSource: QuicSource;
  readonly #clock: RelayClock;
  readonly #pause: ReceivePause;
  readonly #batchMax: number;
  readonly #idleWaitMsMax: number;
  readonly #from = new Int32Array(packedAddressWords);
  readonly #busyUs: WorkerTable['columns']['busyUs'];
  readonly #ownIndex: number;
  /** One element: when the packets of this turn had come. */
  readonly #cameMs = new Float64Array(1);
  /** Packets of the turn before. */
  #received = 0;

  constructor(parts: RelayTurnParts) {
    const { socket, relay, quicSource, clock, limits } = parts;
    this.#busyUs = parts.workers.columns.busyUs;
    this.#ownIndex = parts.ownIndex;
    this.#socket = socket;
    this.#relay = relay;
    this.#quicSource = quicSource;
    this.#clock = clock;
    this.#pause = new ReceivePause(limits, clock.nowMs);
    this.#batchMax = limits.receiveBatchMax;
    this.#idleWaitMsMax = limits.idleWaitMsMax;
  }

  /** Comes back after the longest idle wait at the latest. */
  next(): void {
    const received = this.#receive();
    this.#received = received;
    this.#clock.read();
    this.#cameMs[0] = this.#clock.nowMs[0]!;
    if (received > 0) this.#pause.count(received);
    for (let slot = 0; slot < received; slot++) {
      this.#socket.readSource(slot, this.#from);
      const packet = this.#socket.packets[slot]!;
      this.#relay.receive(packet, this.#socket.packetBytes(slot), this.#from);
    }
    this.#quicSource.take(this.#relay);
    this.#relay.flushDue();
    this.#clock.read();
    const busyMs = this.#clock.nowMs[0]! - this.#cameMs[0];
    this.#busyUs.add(this.#ownIndex, Math.round(busyMs * 1_000));
  }

  #receive(): number {
    const { waitedMs } = this.#relay;
    waitedMs[0] = 0;
    // More is likely there.
    if (this.#received === this.#batchMax || this.#quicSource.hasMore)
      return this.#socket.receive();
    const dueInMs = this.#relay.nextDueMs - this.#clock.nowMs[0]!;
    const pauseUs = this.#received > 0 ? this.#pause.pauseUs : 0;
    const pauseMs = Math.min(Math.max(pauseUs / 1_000, this.#relay.gatherMs), dueInMs);
    if (pauseMs > 0) {
      this.#socket.pause(pauseMs);
      waitedMs[0] = pauseMs;
      return this.#socket.receive();
    }
    if (dueInMs === Infinity && !this.#quicSource.isUsed) return this.#socket.receiveOrWait();
    const waitMs = Math.min(dueInMs, this.#idleWaitMsMax);
    if (waitMs > 0) this.#socket.wait(waitMs);
    return this.#socket.receive();
  }
}
