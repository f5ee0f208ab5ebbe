import { EndpointPair } from './endpointPair.js';
import type { PairOptions } from './endpointPair.js';
import { takeOverQuicClock } from './steppedClock.js';
import type { SteppedClock } from './steppedClock.js';
import { makeTestCertificate } from './testCertificate.js';

/** More simulated time than any test takes. */
const epochMs = 10_000_000;

/** What the simulated tests of one process share: the stepped clock, and a certificate. */
export class Simulation {
  readonly tls: Awaited<ReturnType<typeof makeTestCertificate>>;
  readonly #clock: SteppedClock;
  #startMs = 0;

  private constructor(clock: SteppedClock, tls: Simulation['tls']) {
    this.#clock = clock;
    this.tls = tls;
  }

  static async start(): Promise<Simulation> {
    return new Simulation(takeOverQuicClock(), await makeTestCertificate());
  }

  /** A new server and client. They start after all earlier ones: the clock only runs forward. */
  pair(options: Partial<PairOptions> = {}): EndpointPair {
    this.#startMs += epochMs;
    return new EndpointPair({
      clock: this.#clock,
      tls: this.tls,
      startMs: this.#startMs,
      ...options,
    });
  }
}
