import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventsOf, hasFinished, receivedBytes, writeAll } from './testing/endpointPair.js';
import { perfectLink, roughLink } from './testing/simulatedLink.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';

/**
 * The library gives up a new address when a probe of it gets lost, or is taken for lost because
 * packets overtook it, while the transfer has used up what may be sent to an address that is not
 * validated (RFC 9000 section 8.1).
 */
const orderlyLink = { ...roughLink, loss: 0, corruption: 0, reordering: 0, jitterMs: 0 };

let simulation: Simulation;

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

describe.skipIf(steppedClockObstacle !== null)('QUIC connection behind a NAT', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it.each(seeds)('goes on at a new address in mid-transfer (seed %i)', (seed) => {
    const pair = simulation.pair({ seed });
    const { onClient, onServer } = pair.connect();
    pair.network.setConditions(orderlyLink);
    const up = pair.client.endpoint.openUni(onClient);
    const down = pair.server.endpoint.openUni(onServer);
    const bytes = new SeededRandom(seed).bytes(400_000);
    writeAll(pair.client, onClient, up, bytes);
    writeAll(pair.server, onServer, down, bytes);
    pair.network.runUntil(() => receivedBytes(pair.server, onServer, up).length > 100_000);
    pair.client.address = { host: '198.51.100.8', port: 50_001 };
    pair.network.runUntil(
      () => hasFinished(pair.server, onServer, up) && hasFinished(pair.client, onClient, down),
      300_000,
    );
    expect(Buffer.compare(receivedBytes(pair.server, onServer, up), bytes)).toBe(0);
    expect(Buffer.compare(receivedBytes(pair.client, onClient, down), bytes)).toBe(0);
    expect(eventsOf(pair.server, 'migrated', onServer)).toMatchObject([
      { remote: pair.client.address },
    ]);
  });

  it.each(seeds)('goes on or ends on both sides over a rough link (seed %i)', (seed) => {
    const pair = simulation.pair({ seed });
    const { onClient, onServer } = pair.connect();
    pair.network.setConditions(roughLink);
    const up = pair.client.endpoint.openUni(onClient);
    writeAll(pair.client, onClient, up, new SeededRandom(seed).bytes(400_000));
    pair.network.runUntil(() => receivedBytes(pair.server, onServer, up).length > 100_000);
    pair.client.address = { host: '198.51.100.8', port: 50_001 };
    const isOver = (): boolean =>
      eventsOf(pair.server, 'closed').length > 0 && eventsOf(pair.client, 'closed').length > 0;
    pair.network.runUntil(() => hasFinished(pair.server, onServer, up) || isOver(), 120_000);
  });

  it('follows seven changes of address', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    pair.network.run(100);
    const stream = pair.client.endpoint.openUni(onClient);
    for (let change = 1; change <= 7; change++) {
      pair.client.address = { host: '198.51.100.8', port: 50_000 + change };
      pair.client.endpoint.write(onClient, stream, Uint8Array.of(change));
      pair.network.runUntil(
        () => eventsOf(pair.server, 'migrated', onServer).length === change,
        10_000,
      );
      pair.network.run(5_000);
    }
    expect([...receivedBytes(pair.server, onServer, stream)]).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(pair.server.endpoint.connectionCount).toBe(1);
  });

  it('drops what comes from too many new addresses, and keeps the connection', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    // An attacker on the path sends copies of the client's packets from everywhere.
    pair.network.onPacket = (packet, from) => {
      if (from !== pair.client.address) return;
      for (let port = 1; port <= 10; port++) {
        const forged = { host: '203.0.113.9', port };
        pair.server.endpoint.receive(packet.slice(), forged, pair.network.nowMs);
      }
    };
    const stream = pair.client.endpoint.openUni(onClient);
    for (let i = 0; i < 50; i++) {
      pair.client.endpoint.write(onClient, stream, Uint8Array.of(i));
      pair.network.run(20);
    }
    pair.network.onPacket = () => undefined;
    expect(pair.server.endpoint.counters.droppedRate).toBeGreaterThan(400);
    expect(receivedBytes(pair.server, onServer, stream)).toHaveLength(50);
    pair.client.endpoint.write(onClient, stream, Uint8Array.of(99), true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, stream));
  });

  it('closes a peer that changes its address again and again', () => {
    const pair = simulation.pair();
    const { onClient } = pair.connect();
    pair.network.run(100);
    const stream = pair.client.endpoint.openUni(onClient);
    for (let i = 0; i < 60 && eventsOf(pair.server, 'closed').length === 0; i++) {
      pair.client.address = { host: '198.51.100.8', port: 50_000 + (i % 2) };
      pair.client.endpoint.write(onClient, stream, Uint8Array.of(i));
      pair.network.run(5 * perfectLink.delayMs);
    }
    expect(eventsOf(pair.server, 'closed')).toMatchObject([
      { close: { by: 'local', isApplication: false, reason: 'the address changed too often' } },
    ]);
  });

  it('takes packets of its server from one address only', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    pair.network.onPacket = (packet, from) => {
      if (from !== pair.server.address) return;
      const elsewhere = { host: '203.0.113.9', port: 4640 };
      pair.client.endpoint.receive(packet.slice(), elsewhere, pair.network.nowMs);
    };
    const before = pair.client.endpoint.counters.droppedMalformed;
    const stream = pair.server.endpoint.openUni(onServer);
    pair.server.endpoint.write(onServer, stream, Uint8Array.of(1), true);
    pair.network.runUntil(() => hasFinished(pair.client, onClient, stream));
    expect(pair.client.endpoint.counters.droppedMalformed).toBeGreaterThan(before);
  });
});
