import { beforeAll, describe, expect, it } from 'vitest';
import type { QuicServerTls } from './quicTypes.js';
import { EndpointPair, eventsOf } from './testing/endpointPair.js';
import type { PairOptions } from './testing/endpointPair.js';
import { steppedClockObstacle, takeOverQuicClock } from './testing/steppedClock.js';
import type { SteppedClock } from './testing/steppedClock.js';
import { makeTestCertificate } from './testing/testCertificate.js';

let clock: SteppedClock;
let tls: QuicServerTls & { fingerprint: Uint8Array };
let epochMs = 0;

function makePair(options: Partial<PairOptions> = {}): EndpointPair {
  // Time only runs forward within a process.
  epochMs += 10_000_000;
  return new EndpointPair({ clock, tls, startMs: epochMs, ...options });
}

describe.skipIf(steppedClockObstacle !== null)('QUIC endpoint on a simulated link', () => {
  beforeAll(async () => {
    clock = takeOverQuicClock();
    tls = await makeTestCertificate();
  });

  it('shakes hands after a Retry, and shows the certificate', () => {
    const pair = makePair();
    const { onClient } = pair.connect();
    const [connected] = eventsOf(pair.client, 'connected', onClient);
    expect(connected!.certificateFingerprint).toEqual(tls.fingerprint);
    expect(connected!.resumed).toBe(false);
    expect(pair.server.endpoint.counters).toMatchObject({
      retriesSent: 1,
      accepted: 1,
      established: 1,
    });
    expect(pair.server.endpoint.connectionCount).toBe(1);
  });
});
