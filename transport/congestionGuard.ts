import type { Connection, PathStats } from '@matrixai/quic/native/types.js';
import { endpointLimits } from './quicLimits.js';

type Path = Pick<PathStats, 'cwnd' | 'sentBytes' | 'deliveryRate' | 'rtt'>;

/**
 * Notices a peer that misuses the congestion window (CVE-2025-4820, CVE-2025-4821). The library
 * takes as many bytes of streams as that window has room for, and keeps them until they are
 * acknowledged: memory without end where the window is talked up by acknowledging what was never
 * sent, or where it has grown and nothing is acknowledged any more. That it is large is no misuse:
 * the library lets it grow with all that was ever acknowledged, on a network that loses nothing.
 */
export class CongestionGuard {
  readonly #native: Pick<Connection, 'pathStats'>;
  #lookedAtBytes = 0;
  /** What was taken when the peer was last seen to acknowledge anything. */
  #acknowledgedAtBytes = 0;
  /** What changes with acknowledgements alone. */
  #acknowledged = '';

  constructor(native: Pick<Connection, 'pathStats'>) {
    this.#native = native;
  }

  /**
   * Whether the peer makes the library hold more than an honest one does. Looks only now and then,
   * since that costs several microseconds.
   *
   * @param takenBytes bytes of streams that the library has taken so far
   */
  isExceeded(takenBytes: number): boolean {
    if (takenBytes - this.#lookedAtBytes < endpointLimits.congestionLookBytes) return false;
    this.#lookedAtBytes = takenBytes;
    const { congestionWindowBytesMax } = endpointLimits;
    const paths: readonly Path[] = this.#native.pathStats();
    const acknowledged = paths.map(({ cwnd, deliveryRate, rtt }) => [cwnd, deliveryRate, rtt]);
    if (String(acknowledged) !== this.#acknowledged) {
      this.#acknowledged = String(acknowledged);
      this.#acknowledgedAtBytes = takenBytes;
    }
    if (paths.every(({ cwnd }) => cwnd <= congestionWindowBytesMax)) return false;
    return (
      paths.some(isTalkedUp) || takenBytes - this.#acknowledgedAtBytes > congestionWindowBytesMax
    );
  }
}

/** An honest window grows by what is acknowledged, which was sent before (RFC 9002, 7.3). */
function isTalkedUp({ cwnd, sentBytes }: Path): boolean {
  return cwnd > sentBytes + endpointLimits.congestionWindowBytesMax;
}
