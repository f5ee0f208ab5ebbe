import { beforeAll, describe, expect, it } from 'vitest';
import type { QuicClose } from './quicTypes.js';
import { eventsOf, receivedBytes } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { perfectLink } from './testing/simulatedLink.js';
import type { SimulatedNode } from './testing/simulatedNetwork.js';
import { makeTestCertificate } from './testing/testCertificate.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';

const silence = { ...perfectLink, loss: 1 };

let simulation: Simulation;

function closesOf(node: SimulatedNode): QuicClose[] {
  return eventsOf(node, 'closed').map(({ close }) => close);
}

/** A ticket of the pair's server. */
function ticketFrom(pair: EndpointPair): Uint8Array {
  const { onClient } = pair.connect();
  pair.network.runUntil(() => eventsOf(pair.client, 'ticket', onClient).length > 0);
  return eventsOf(pair.client, 'ticket', onClient)[0]!.ticket;
}

describe.skipIf(steppedClockObstacle !== null)('life of a QUIC connection', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it.each(['client', 'server'] as const)('ends with the code that the %s gives', (closer) => {
    const pair = simulation.pair();
    const connections = pair.connect();
    const [near, far] = closer === 'client' ? ['client', 'server'] : ['server', 'client'];
    const connection = closer === 'client' ? connections.onClient : connections.onServer;
    pair[near as 'client'].endpoint.close(connection, 17, 'enough');
    pair.network.run(5_000);
    const close = { isApplication: true, code: 17, reason: 'enough' };
    expect(closesOf(pair[near as 'client'])).toEqual([{ by: 'local', ...close }]);
    expect(closesOf(pair[far as 'client'])).toEqual([{ by: 'peer', ...close }]);
    for (const { endpoint } of [pair.client, pair.server]) {
      expect(endpoint.connectionCount).toBe(0);
      expect(endpoint.hasUnsentCloses).toBe(false);
      expect(endpoint.nextTimeoutMs(pair.network.nowMs)).toBe(null);
    }
  });

  it('puts out what was written before it says goodbye', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const stream = pair.server.endpoint.openUni(onServer);
    const goodbye = new Uint8Array(40_000).fill(9);
    pair.server.endpoint.write(onServer, stream, goodbye);
    pair.server.endpoint.close(onServer, 1, '');
    expect(pair.server.endpoint.write(onServer, stream, goodbye)).toBe(false);
    pair.network.runUntil(() => closesOf(pair.client).length > 0);
    expect(receivedBytes(pair.client, onClient, stream)).toHaveLength(goodbye.length);
    expect(pair.client.events.at(-1)!.type).toBe('closed');
  });

  it('waits a second at most for a peer that takes nothing', () => {
    const pair = simulation.pair();
    const { onServer } = pair.connect();
    pair.client.isPolled = false;
    const stream = pair.server.endpoint.openUni(onServer);
    pair.server.endpoint.write(onServer, stream, new Uint8Array(200_000));
    pair.network.run(500);
    pair.server.endpoint.close(onServer, 1, '');
    pair.network.run(900);
    expect(pair.server.endpoint.hasUnsentCloses).toBe(true);
    pair.network.run(200);
    expect(pair.server.endpoint.hasUnsentCloses).toBe(false);
  });

  it('cuts a reason that is too long', () => {
    const pair = simulation.pair();
    const { onClient } = pair.connect();
    pair.client.endpoint.close(onClient, 1, 'x'.repeat(10_000));
    pair.network.run(100);
    expect(closesOf(pair.server)[0]!.reason).toHaveLength(200);
  });

  it('closes all connections at once', () => {
    const pair = simulation.pair();
    for (let i = 0; i < 5; i++) pair.connect();
    pair.server.endpoint.closeAll(3, 'stopping');
    pair.network.run(100);
    expect(closesOf(pair.client).map(({ code }) => code)).toEqual([3, 3, 3, 3, 3]);
  });

  it('times out when nothing is heard of the peer', () => {
    const pair = simulation.pair({ limits: { keepAliveMs: 0 } });
    pair.connect();
    pair.network.setConditions(silence);
    pair.network.run(29_000);
    expect(closesOf(pair.server)).toEqual([]);
    pair.network.run(2_000);
    expect(closesOf(pair.server)).toMatchObject([{ by: 'idleTimeout' }]);
    expect(closesOf(pair.client)).toMatchObject([{ by: 'idleTimeout' }]);
  });

  it('is kept alive while both sides are silent', () => {
    const pair = simulation.pair();
    pair.connect();
    // What still belongs to the handshake.
    pair.network.run(5_000);
    const sent = () =>
      [pair.client, pair.server].map(({ endpoint }) => endpoint.counters.packetsOut);
    const before = sent();
    pair.network.run(600_000);
    expect(pair.server.endpoint.connectionCount).toBe(1);
    // For each 15 s one packet of the client and its acknowledgement, and no more.
    for (const [i, packets] of sent().entries()) {
      expect(packets - before[i]!).toBeGreaterThanOrEqual(39);
      expect(packets - before[i]!).toBeLessThanOrEqual(41);
    }
  });

  it('gives up a handshake that is not answered', () => {
    const pair = simulation.pair({ conditions: silence });
    pair.dial();
    pair.network.run(9_900);
    expect(closesOf(pair.client)).toEqual([]);
    pair.network.run(200);
    expect(closesOf(pair.client)).toMatchObject([{ by: 'handshakeTimeout' }]);
    pair.network.run(60_000);
    expect(pair.client.endpoint.nextTimeoutMs(pair.network.nowMs)).toBe(null);
  });

  it('resumes with a ticket', () => {
    const pair = simulation.pair();
    const ticket = ticketFrom(pair);
    const { onClient, onServer } = pair.connect(ticket);
    for (const [node, connection] of [
      [pair.client, onClient],
      [pair.server, onServer],
    ] as const) {
      expect(eventsOf(node, 'connected', connection)[0]!.resumed).toBe(true);
    }
    const [connected] = eventsOf(pair.client, 'connected', onClient);
    expect(connected!.certificate?.fingerprint).toEqual(simulation.tls.fingerprint);
  });

  it('resumes at a server that was started again with the same key', () => {
    const ticket = ticketFrom(simulation.pair());
    const pair = simulation.pair();
    const { onServer } = pair.connect(ticket);
    expect(eventsOf(pair.server, 'connected', onServer)[0]!.resumed).toBe(true);
  });

  it.each([
    ['of another server', () => ticketFrom(simulation.pair({ ticketKey: new Uint8Array(48) }))],
    ['that is no ticket', () => new Uint8Array(100).fill(1)],
  ])('shakes hands in full with a ticket %s', (_name, makeTicket) => {
    const ticket = makeTicket();
    const pair = simulation.pair();
    const { onServer } = pair.connect(ticket);
    expect(eventsOf(pair.server, 'connected', onServer)[0]!.resumed).toBe(false);
  });

  it('shows another certificate to those who come later, and goes on with the others', async () => {
    const pair = simulation.pair();
    const first = pair.connect();
    const next = await makeTestCertificate();
    pair.server.endpoint.useCertificate(next);
    const second = pair.connect();
    for (const [node, before, after] of [
      [pair.client, first.onClient, second.onClient],
      [pair.server, first.onServer, second.onServer],
    ] as const) {
      const shown = [before, after].map((id) => eventsOf(node, 'connected', id)[0]!.certificate);
      expect(shown.map((one) => one!.fingerprint)).toEqual([
        simulation.tls.fingerprint,
        next.fingerprint,
      ]);
    }
    // What was read once is known again.
    const third = pair.connect();
    const [later, last] = [second, third].map(({ onClient }) => {
      return eventsOf(pair.client, 'connected', onClient)[0]!.certificate;
    });
    expect(last).toBe(later);
    const stream = pair.client.endpoint.openBidi(first.onClient);
    pair.client.endpoint.write(first.onClient, stream, Uint8Array.of(1, 2, 3), true);
    const heard = (): number => eventsOf(pair.server, 'stream', first.onServer).length;
    pair.network.runUntil(() => heard() > 0);
    expect(closesOf(pair.client)).toEqual([]);
  });

  it('keeps its certificate where the next cannot be used', async () => {
    const pair = simulation.pair();
    const { certificate } = await makeTestCertificate();
    const { privateKey } = await makeTestCertificate();
    for (const tls of [
      { certificate, privateKey },
      { certificate: 'none', privateKey },
    ]) {
      expect(() => pair.server.endpoint.useCertificate(tls)).toThrow('cannot be used');
    }
    expect(() => pair.client.endpoint.useCertificate(simulation.tls)).toThrow('shows no');
    const { onClient } = pair.connect();
    const [connected] = eventsOf(pair.client, 'connected', onClient);
    expect(connected!.certificate?.fingerprint).toEqual(simulation.tls.fingerprint);
  });

  it('shakes hands in full with a ticket of another certificate, and shows its own', async () => {
    const pair = simulation.pair();
    const ticket = ticketFrom(pair);
    const next = await makeTestCertificate(simulation.tls.privateKey);
    pair.server.endpoint.useCertificate(next);
    const { onClient, onServer } = pair.connect(ticket);
    expect(eventsOf(pair.server, 'connected', onServer)[0]!.resumed).toBe(false);
    const [connected] = eventsOf(pair.client, 'connected', onClient);
    expect(connected!.certificate).toMatchObject({
      fingerprint: next.fingerprint,
      keyFingerprint: simulation.tls.keyFingerprint,
    });
  });

  it('marks early data, and only that', () => {
    const pair = simulation.pair();
    const ticket = ticketFrom(pair);
    const { endpoint } = pair.client;
    const before = pair.server.events.length;
    const onClient = pair.dial(ticket);
    // The library repeats early data that it sent before a Retry only after the handshake.
    const { counters } = pair.server.endpoint;
    const retriesBefore = counters.retriesSent;
    pair.network.runUntil(() => counters.retriesSent > retriesBefore);
    pair.network.run(perfectLink.delayMs);
    const stream = endpoint.openBidi(onClient);
    endpoint.write(onClient, stream, Uint8Array.of(1));
    // From the server's first answer on nothing gets through to it: until the client's part of the
    // handshake comes, the data may be a replay.
    pair.network.onPacket = (packet, from) => {
      const isInitial = (packet[0]! & 0xf0) === 0xc0;
      if (isInitial && from === pair.server.address) pair.network.links[0].conditions = silence;
    };
    pair.network.runUntil(() => eventsOf(pair.server, 'stream').length > 0);
    pair.network.onPacket = () => undefined;
    pair.network.links[0].conditions = perfectLink;
    pair.network.runUntil(() => eventsOf(pair.client, 'connected', onClient).length > 0);
    endpoint.write(onClient, stream, Uint8Array.of(2));
    pair.network.run(5_000);
    const told = pair.server.events
      .slice(before)
      .map((event) =>
        event.type === 'stream' ? { early: event.early, byte: event.bytes[0] } : event.type,
      );
    expect(told).toEqual([{ early: true, byte: 1 }, 'connected', { early: false, byte: 2 }]);
  });

  it('brings the code of a stopping server to a client in its handshake', () => {
    const pair = simulation.pair();
    const { endpoint } = pair.server;
    pair.dial();
    pair.network.runUntil(() => endpoint.counters.accepted > 0);
    endpoint.closeAll(3, 'stopping');
    pair.network.runUntil(() => closesOf(pair.client).length > 0, 1_000);
    const close = { isApplication: true, code: 3, reason: 'stopping' };
    expect(closesOf(pair.client)).toEqual([{ by: 'peer', ...close }]);
    expect(closesOf(pair.server)).toEqual([{ by: 'local', ...close }]);
  });

  it('waits a second at most for a handshake that it is to end', () => {
    const pair = simulation.pair();
    const { endpoint } = pair.server;
    pair.dial();
    pair.network.runUntil(() => endpoint.counters.accepted > 0);
    pair.network.setConditions(silence);
    endpoint.closeAll(3, 'stopping');
    pair.network.run(900);
    expect(endpoint.hasUnsentCloses).toBe(true);
    pair.network.run(200);
    expect(endpoint.hasUnsentCloses).toBe(false);
  });

  it('ends by stateless reset when the server has forgotten the connection', () => {
    const pair = simulation.pair();
    const { onClient } = pair.connect();
    pair.network.nodes.splice(pair.network.nodes.indexOf(pair.server), 1);
    const restarted = pair.addServer();
    pair.client.endpoint.write(
      onClient,
      pair.client.endpoint.openBidi(onClient),
      new Uint8Array(9),
    );
    pair.network.runUntil(() => closesOf(pair.client).length > 0, 1_000);
    expect(closesOf(pair.client)).toMatchObject([{ by: 'statelessReset' }]);
    expect(restarted.endpoint.counters.statelessResetsSent).toBeGreaterThan(0);
  });

  it('takes no stateless reset of a server with another key', () => {
    const pair = simulation.pair();
    const { onClient } = pair.connect();
    pair.network.nodes.splice(pair.network.nodes.indexOf(pair.server), 1);
    const stranger = simulation.pair({ ticketKey: new Uint8Array(48) }).server;
    pair.network.nodes.push(stranger);
    pair.client.endpoint.write(
      onClient,
      pair.client.endpoint.openBidi(onClient),
      new Uint8Array(9),
    );
    pair.network.run(5_000);
    expect(stranger.endpoint.counters.statelessResetsSent).toBeGreaterThan(0);
    expect(closesOf(pair.client)).toEqual([]);
  });
});
