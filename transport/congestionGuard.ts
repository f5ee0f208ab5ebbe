import type { Connection } from '@matrixai/quic/native/types.js';
import { endpointLimits } from './quicLimits.js';

/**
 * Notices a peer that talks up the congestion window, by acknowledging what it never got
 * (CVE-2025-4820, CVE-2025-4821). The library takes as many bytes of streams as that window has
 * room for, and keeps them until they are acknowledged: memory without end where it is.
 */
export class CongestionGuard {
  readonly #native: Pick<Connection, 'pathStats'>;
  #lookedAtBytes = 0;

  constructor(native: Pick<Connection, 'pathStats'>) {
    this.#native = native;
  }

  /**
   * Whether the window is larger than an honest peer makes it. Looks only now and then, since that
   * costs several microseconds.
   *
   * @param takenBytes bytes of streams that the library has taken so far
   */
  isExceeded(takenBytes: number): boolean {
    if (takenBytes - this.#lookedAtBytes < endpointLimits.congestionLookBytes) return false;
    this.#lookedAtBytes = takenBytes;
    const { congestionWindowBytesMax } = endpointLimits;
    return this.#native.pathStats().some(({ cwnd }) => cwnd > congestionWindowBytesMax);
  }
}
