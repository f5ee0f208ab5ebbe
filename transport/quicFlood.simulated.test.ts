import { beforeAll, describe, expect, it } from 'vitest';
import { defaultQuicLimits } from './quicLimits.js';
import { eventsOf, hasFinished } from './testing/endpointPair.js';
import { perfectLink } from './testing/simulatedLink.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';

const hoursMs = 2 * 60 * 60 * 1000;

let simulation: Simulation;

describe.skipIf(steppedClockObstacle !== null)('QUIC peer that sends too much', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it('has its packets dropped above their rate, and is heard again afterwards', () => {
    const pair = simulation.pair({ serverLimits: { packetsPerSecondMax: 100 } });
    const flooder = pair.connect();
    const other = pair.connect();
    for (let i = 0; i < 1000; i++) {
      pair.client.endpoint.sendDatagram(flooder.onClient, Uint8Array.of(i));
      if (i % 10 === 0) pair.client.endpoint.sendDatagram(other.onClient, Uint8Array.of(i));
      pair.network.run(1);
    }
    const heard = eventsOf(pair.server, 'datagram', flooder.onServer).length;
    expect(heard).toBeLessThan(400);
    expect(pair.server.endpoint.counters.droppedRate).toBeGreaterThan(500);
    expect(eventsOf(pair.server, 'datagram', other.onServer)).toHaveLength(100);
    pair.network.run(5_000);
    const stream = pair.client.endpoint.openUni(flooder.onClient);
    pair.client.endpoint.write(flooder.onClient, stream, Uint8Array.of(1), true);
    pair.network.runUntil(() => hasFinished(pair.server, flooder.onServer, stream));
  });

  it('is closed when its bytes carry nothing', () => {
    // The client's own patience with the acknowledgements it gets lies in its window.
    const pair = simulation.pair({
      limits: { keepAliveMs: 1, connectionWindowBytes: 100_000_000 },
      serverLimits: defaultQuicLimits,
    });
    pair.connect();
    const other = pair.connect();
    pair.network.runUntil(() => eventsOf(pair.server, 'closed').length > 0);
    expect(eventsOf(pair.server, 'closed')).toMatchObject([
      { close: { by: 'local', isApplication: false, code: 10 } },
    ]);
    expect(eventsOf(pair.server, 'closed', other.onServer)).toEqual([]);
  });

  it('is not closed for hours of keep-alives', () => {
    const pair = simulation.pair({ conditions: { ...perfectLink, loss: 0.05 } });
    pair.connect();
    pair.network.run(hoursMs);
    expect(pair.server.endpoint.connectionCount).toBe(1);
    expect(pair.client.endpoint.connectionCount).toBe(1);
  });

  it('is not closed for many small messages', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const up = pair.client.endpoint.openUni(onClient);
    const down = pair.server.endpoint.openUni(onServer);
    for (let i = 0; i < 20_000; i++) {
      pair.client.endpoint.write(onClient, up, Uint8Array.of(i));
      if (i % 2 === 0) pair.server.endpoint.write(onServer, down, Uint8Array.of(i));
      pair.network.run(5);
    }
    expect(pair.server.endpoint.connectionCount).toBe(1);
    expect(pair.client.endpoint.connectionCount).toBe(1);
  });

  it('has a share of each flush, and the rest in the next', () => {
    const windows = { streamWindowBytes: 1_000_000, connectionWindowBytes: 4_000_000 };
    const pair = simulation.pair({ limits: windows });
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    // A long transfer opens the congestion window.
    const first = endpoint.openUni(onClient);
    endpoint.write(onClient, first, new Uint8Array(4_000_000), true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, first));
    pair.network.run(1_000);
    for (let i = 0; i < 3; i++) {
      endpoint.write(onClient, endpoint.openUni(onClient), new Uint8Array(60_000), true);
    }
    const { nowMs } = pair.network;
    let packets = 0;
    endpoint.flush(nowMs, () => packets++);
    expect(packets).toBe(64);
    expect(endpoint.nextTimeoutMs(nowMs)).toBe(nowMs);
    endpoint.flush(nowMs, () => packets++);
    expect(packets).toBeGreaterThan(64);
  });
});
