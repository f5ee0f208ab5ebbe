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
  readonly #startedAtMs: number;
  readonly #floorBytes: number;
  /** Bytes received, less what they are explained by. May be far below zero. */
  #unexplainedBytes = 0;

  /** @param windowBytes what may wait unread or out of order inside the connection */
  constructor(windowBytes: number, nowMs: number) {
    this.#startedAtMs = nowMs;
    this.#floorBytes = overheadLimits.freeBytes + windowBytes;
  }

  /** A packet came in. */
  received(packetBytes: number): void {
    this.#unexplainedBytes += packetBytes;
  }

  /** Application bytes came out of it. Twice, since they may have been retransmitted. */
  delivered(applicationBytes: number): void {
    this.#unexplainedBytes -= 2 * applicationBytes + overheadLimits.bytesPerDelivery;
  }

  /** Packets with application bytes went out, and will be acknowledged. */
  sent(packets: number): void {
    this.#unexplainedBytes -= packets * overheadLimits.bytesPerSentPacket;
  }

  isExceeded(nowMs: number): boolean {
    if (this.#unexplainedBytes <= this.#floorBytes) return false;
    const elapsedSeconds = (nowMs - this.#startedAtMs) / 1000;
    const allowance = this.#floorBytes + elapsedSeconds * overheadLimits.bytesPerSecond;
    return this.#unexplainedBytes > allowance;
  }
}
