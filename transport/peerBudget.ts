import type { Connection } from '@matrixai/quic/native/types.js';
import { overheadLimits } from './quicLimits.js';

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
  readonly #startedAtMs: number;
  readonly #floorBytes: number;
  /** At least what the peer really sent: a forger's packets may be among it. */
  #receivedBytes = 0;
  #explainedBytes = 0;

  /** @param windowBytes what may wait unread or out of order inside the connection */
  constructor(native: Pick<Connection, 'stats'>, windowBytes: number, nowMs: number) {
    this.#native = native;
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

  isExceeded(nowMs: number): boolean {
    const elapsedSeconds = (nowMs - this.#startedAtMs) / 1000;
    const allowedBytes = this.#floorBytes + elapsedSeconds * overheadLimits.bytesPerSecond;
    if (this.#receivedBytes - this.#explainedBytes <= allowedBytes) return false;
    // Only the library knows what was authentic; asking costs too much to do it for each packet.
    this.#receivedBytes = this.#native.stats().recvBytes;
    return this.#receivedBytes - this.#explainedBytes > allowedBytes;
  }
}
