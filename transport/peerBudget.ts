import type { Connection } from '@matrixai/quic/native/types.js';
import { overheadLimits } from './quicLimits.js';

/** What the peers of all connections together have sent that carries nothing, bytes. */
export class OverheadLedger {
  #bytes = 0;

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Whether that is more than so many connections may. */
  isExceeded(connections: number): boolean {
    const { sharedBytes, sharedBytesPerConnection } = overheadLimits;
    return this.#bytes > sharedBytes + connections * sharedBytesPerConnection;
  }
}

/**
 * Notices a peer whose bytes carry nothing for the application.
 *
 * The QUIC library keeps some frames of a peer without bound: path challenges that it cannot answer
 * yet, retired connection ids, CRYPTO data behind a gap (CVE-2023-6193, CVE-2024-1410,
 * CVE-2024-1765). They are encrypted, so that they cannot be told apart out here, but each is paid
 * for in bytes that show up neither as stream data nor as datagrams. Acknowledgements, keep-alives
 * and retransmissions are such bytes too; they are few beside what they acknowledge or repeat, and
 * get an allowance each.
 */
export class PeerBudget {
  readonly #native: Pick<Connection, 'stats'>;
  readonly #ledger: OverheadLedger;
  readonly #startedAtMs: number;
  readonly #floorBytes: number;
  /** At least what the peer really sent: a forger's packets may be among it. */
  #receivedBytes = 0;
  #explainedBytes = 0;
  /** As the ledger knows it. */
  #overheadBytes = 0;

  /** @param windowBytes what may wait unread or out of order inside the connection */
  constructor(
    native: Pick<Connection, 'stats'>,
    windowBytes: number,
    ledger: OverheadLedger,
    nowMs: number,
  ) {
    this.#native = native;
    this.#ledger = ledger;
    this.#startedAtMs = nowMs;
    this.#floorBytes = overheadLimits.freeBytes + windowBytes;
  }

  /** A packet came in that may be the peer's. */
  received(packetBytes: number): void {
    this.#receivedBytes += packetBytes;
  }

  /** Application bytes came out of it. Twice, since they may have been retransmitted. */
  delivered(applicationBytes: number): void {
    this.#explainedBytes += 2 * applicationBytes + overheadLimits.bytesPerDelivery;
  }

  /** Packets with application bytes went out, and will be acknowledged. */
  sent(packets: number): void {
    this.#explainedBytes += packets * overheadLimits.bytesPerSentPacket;
  }

  /** What came of this peer that neither the application nor the time explains. */
  get bytes(): number {
    return this.#overheadBytes;
  }

  isExceeded(nowMs: number): boolean {
    this.#weigh(nowMs);
    return this.#overheadBytes > this.#floorBytes && this.recount(nowMs) > this.#floorBytes;
  }

  /**
   * Counts what was authentic. Only the library knows, and asking costs too much to do it for each
   * packet.
   *
   * @returns `bytes`
   */
  recount(nowMs: number): number {
    this.#receivedBytes = this.#native.stats().recvBytes;
    this.#weigh(nowMs);
    return this.#overheadBytes;
  }

  /** The connection is over: nothing of it counts any more. */
  release(): void {
    this.#setOverhead(0);
  }

  #weigh(nowMs: number): void {
    const { bytesPerSecond, bytesOverTimeMax } = overheadLimits;
    const elapsedSeconds = (nowMs - this.#startedAtMs) / 1000;
    const overTimeBytes = Math.min(elapsedSeconds * bytesPerSecond, bytesOverTimeMax);
    this.#setOverhead(this.#receivedBytes - this.#explainedBytes - overTimeBytes);
  }

  #setOverhead(bytes: number): void {
    const overheadBytes = Math.max(bytes, 0);
    this.#ledger.add(overheadBytes - this.#overheadBytes);
    this.#overheadBytes = overheadBytes;
  }
}
