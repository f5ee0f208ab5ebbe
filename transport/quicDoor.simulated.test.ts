import { beforeAll, describe, expect, it } from 'vitest';
import { closeCode } from './closeReason.js';
import { endpointLimits } from './quicLimits.js';
import { retryTokenLifetimeMs } from './retryToken.js';
import { clientAddress, eventsOf, hasFinished, serverAddress } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { perfectLink } from './testing/simulatedLink.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';
import type { UdpAddress } from './udpSocket.js';

/** How a client learns that there is no room for it. */
const refused = {
  by: 'peer',
  isApplication: false,
  code: closeCode.connectionRefused,
  reason: '',
};

const silence = { ...perfectLink, loss: 1 };

let simulation: Simulation;

/** The client's first packet and its answer to the Retry, neither of which the server has seen. */
function captureInitials(pair: EndpointPair): { first: Uint8Array; withToken: Uint8Array } {
  const captured: Uint8Array[] = [];
  pair.network.onPacket = (packet, from) => {
    if (from !== pair.client.address) return;
    captured.push(packet.slice());
    if (captured.length === 2) pair.network.links[0].conditions = silence;
  };
  pair.dial();
  pair.network.runUntil(() => captured.length === 2);
  pair.network.onPacket = () => undefined;
  return { first: captured[0]!, withToken: captured[1]! };
}

function deliver(pair: EndpointPair, packet: Uint8Array, from: UdpAddress = clientAddress): void {
  pair.server.endpoint.receive(packet.slice(), from, pair.network.nowMs);
}

/** What the server sends in answer to one packet. */
function answersTo(pair: EndpointPair, packet: Uint8Array): Uint8Array[] {
  deliver(pair, packet);
  const answers: Uint8Array[] = [];
  pair.server.endpoint.flush(pair.network.nowMs, (bytes, length) =>
    answers.push(bytes.slice(0, length)),
  );
  return answers;
}

describe.skipIf(steppedClockObstacle !== null)('door of a QUIC server', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it('keeps nothing for a client that has not proved its address', () => {
    const pair = simulation.pair();
    const { first } = captureInitials(pair);
    for (let port = 1; port <= 1000; port++) deliver(pair, first, { host: '203.0.113.1', port });
    expect(pair.server.endpoint.connectionCount).toBe(0);
    expect(pair.server.endpoint.nextTimeoutMs(pair.network.nowMs)).toBe(null);
    expect(pair.server.endpoint.counters.accepted).toBe(0);
  });

  it('answers with less than it was sent', () => {
    const pair = simulation.pair();
    const { first } = captureInitials(pair);
    const otherVersion = first.slice();
    otherVersion.set([0x1a, 0x2a, 0x3a, 0x4a], 1);
    const stray = new Uint8Array(60).fill(0x41);
    for (const packet of [first, otherVersion, stray]) {
      const answers = answersTo(pair, packet);
      expect(answers).toHaveLength(1);
      expect(answers[0]!.length).toBeLessThan(packet.length);
    }
  });

  it('accepts the token it gave, once its address and time are right', () => {
    const pair = simulation.pair();
    const { withToken } = captureInitials(pair);
    deliver(pair, withToken);
    expect(pair.server.endpoint.counters.accepted).toBe(1);
  });

  it('tells whose a packet is before anything is done for it', () => {
    const pair = simulation.pair();
    const { endpoint } = pair.server;
    const { first, withToken } = captureInitials(pair);
    expect(endpoint.laneOf(first)).toBe('other');
    expect(endpoint.laneOf(withToken)).toBe('proven');
    expect(endpoint.laneOf(new Uint8Array(60).fill(0x41))).toBe('other');
    expect(endpoint.laneOf(Uint8Array.of(0x41))).toBe('other');
    deliver(pair, withToken);
    expect(endpoint.laneOf(withToken)).toBe('begun');
  });

  it('takes the packets of a connection for those of a member once it is preferred', () => {
    const pair = simulation.pair();
    const lanes: string[] = [];
    pair.network.onPacket = (packet, from) => {
      if (from === pair.client.address) lanes.push(pair.server.endpoint.laneOf(packet));
    };
    const { onClient, onServer } = pair.connect();
    expect(lanes.slice(0, 3)).toEqual(['other', 'proven', 'begun']);
    expect(lanes).not.toContain('member');
    pair.server.endpoint.prefer(onServer);
    const before = lanes.length;
    pair.client.endpoint.sendDatagram(onClient, Uint8Array.of(1));
    pair.network.run(100);
    expect(lanes.length).toBeGreaterThan(before);
    expect(new Set(lanes.slice(before))).toEqual(new Set(['member']));
  });

  it('keeps nothing of a packet whose memory is used again', () => {
    const pair = simulation.pair();
    const memory = Buffer.alloc(1500);
    const receive = pair.server.endpoint.receive.bind(pair.server.endpoint);
    pair.server.endpoint.receive = (packet, from, nowMs) => {
      memory.set(packet);
      receive(memory.subarray(0, packet.length), from, nowMs);
      memory.fill(0xff);
    };
    const { onClient, onServer } = pair.connect();
    const stream = pair.client.endpoint.openUni(onClient);
    pair.client.endpoint.write(onClient, stream, Uint8Array.of(1), true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, stream), 1_000);
  });

  it.each([
    ['another port', { ...clientAddress, port: clientAddress.port + 1 }],
    ['another host', { ...clientAddress, host: '203.0.113.1' }],
  ])('drops a token that comes from %s', (_name, from) => {
    const pair = simulation.pair();
    const { withToken } = captureInitials(pair);
    deliver(pair, withToken, from);
    expect(pair.server.endpoint.counters).toMatchObject({ accepted: 0, droppedInvalidToken: 1 });
  });

  it('drops a token that is too old', () => {
    const pair = simulation.pair();
    const { withToken } = captureInitials(pair);
    pair.network.run(retryTokenLifetimeMs);
    deliver(pair, withToken);
    expect(pair.server.endpoint.counters).toMatchObject({ accepted: 0, droppedInvalidToken: 1 });
  });

  it('drops a token of another server, and a forged one', () => {
    const pair = simulation.pair();
    const other = simulation.pair();
    const { withToken } = captureInitials(other);
    deliver(pair, withToken);
    const forged = captureInitials(pair).withToken;
    // The token begins behind header, two connection ids of 16 bytes and its own length.
    forged[6 + 16 + 1 + 16 + 2 + 10]! ^= 1;
    deliver(pair, forged);
    expect(pair.server.endpoint.counters).toMatchObject({ accepted: 0, droppedInvalidToken: 2 });
  });

  it('drops a token under another connection id', () => {
    const pair = simulation.pair();
    const { withToken } = captureInitials(pair);
    withToken[6]! ^= 1;
    deliver(pair, withToken);
    expect(pair.server.endpoint.counters).toMatchObject({ accepted: 0, droppedInvalidToken: 1 });
  });

  it('names its version to a client that speaks another', () => {
    const pair = simulation.pair();
    const { first } = captureInitials(pair);
    first.set([0x1a, 0x2a, 0x3a, 0x4a], 1);
    const [answer] = answersTo(pair, first);
    const view = new DataView(answer!.buffer);
    expect(answer![0]! & 0x80).toBe(0x80);
    expect(view.getUint32(1)).toBe(0);
    // The client's ids, exchanged.
    const clientId = first.subarray(23, 39);
    expect([...answer!.subarray(6, 22)]).toEqual([...clientId]);
    expect([...answer!.subarray(23, 39)]).toEqual([...first.subarray(6, 22)]);
    expect(view.getUint32(39)).toBe(1);
    expect(pair.server.endpoint.counters.versionNegotiationsSent).toBe(1);
  });

  it('answers no version negotiation, and no short first packet', () => {
    const pair = simulation.pair();
    const { first } = captureInitials(pair);
    const negotiation = first.slice();
    negotiation.set([0, 0, 0, 0], 1);
    expect(answersTo(pair, negotiation)).toEqual([]);
    expect(answersTo(pair, first.subarray(0, 1199))).toEqual([]);
    expect(pair.server.endpoint.counters.droppedMalformed).toBe(2);
  });

  it('lets nobody in with a packet longer than it said it takes', () => {
    const pair = simulation.pair();
    const { withToken } = captureInitials(pair);
    const tooLong = new Uint8Array(endpointLimits.receivedPacketBytesMax + 1);
    tooLong.set(withToken);
    expect(answersTo(pair, tooLong)).toEqual([]);
    expect(pair.server.endpoint.counters).toMatchObject({ droppedMalformed: 1, accepted: 0 });
    expect(answersTo(pair, tooLong.subarray(0, -1))).not.toEqual([]);
  });

  it('gives up with a client that hears of another version only', () => {
    const pair = simulation.pair();
    const answers: UdpAddress[] = [];
    pair.network.onPacket = (packet, from) => {
      if (from !== pair.client.address || answers.length > 0) return;
      answers.push(from);
      const negotiation = new Uint8Array(5 + 17 + 17 + 4);
      negotiation[0] = 0xc0;
      negotiation.set(packet.subarray(22, 39), 5);
      negotiation.set(packet.subarray(5, 22), 22);
      negotiation.set([0x1a, 0x2a, 0x3a, 0x4a], 39);
      pair.network.links[1].send(negotiation, negotiation.length, serverAddress, from, 0);
      pair.network.links[0].conditions = silence;
    };
    pair.dial();
    pair.network.runUntil(() => eventsOf(pair.client, 'closed').length > 0);
    expect(pair.client.endpoint.connectionCount).toBe(0);
  });

  it('bounds the connections of one address', () => {
    const pair = simulation.pair({ serverLimits: { connectionsPerAddressMax: 3 } });
    for (let i = 0; i < 3; i++) pair.connect();
    pair.dial();
    pair.network.run(500);
    expect(pair.server.endpoint.connectionCount).toBe(3);
    expect(pair.server.endpoint.counters).toMatchObject({
      droppedAddressLimit: 1,
      refusalsSent: 1,
    });
    expect(eventsOf(pair.client, 'closed').map(({ close }) => close)).toEqual([refused]);
  });

  it('refuses a barred address without a handshake, once it has proved itself', () => {
    const asked: string[] = [];
    const barred = new Set([clientAddress.host]);
    const isBarred = (host: string): boolean => {
      asked.push(host);
      return barred.has(host);
    };
    const pair = simulation.pair({ isBarred });
    const { first } = captureInitials(pair);
    deliver(pair, first, { host: '203.0.113.1', port: 9 });
    expect(asked).toEqual([]);
    pair.network.setConditions(perfectLink);
    pair.dial();
    pair.network.run(500);
    expect(asked).toContain(clientAddress.host);
    expect(pair.server.endpoint.counters).toMatchObject({ accepted: 0, established: 0 });
    expect(pair.server.endpoint.counters.droppedBarredAddress).toBeGreaterThan(0);
    expect(eventsOf(pair.client, 'closed').at(-1)?.close).toEqual(refused);
    barred.clear();
    const { onServer } = pair.connect();
    expect(pair.server.endpoint.remoteOf(onServer)).toEqual(clientAddress);
  });

  it('lets an address in again when its connections are over', () => {
    const pair = simulation.pair({ serverLimits: { connectionsPerAddressMax: 1 } });
    for (let i = 0; i < 5; i++) {
      const { onClient } = pair.connect();
      pair.client.endpoint.close(onClient, 0, '');
      pair.network.run(5_000);
    }
    expect(pair.server.endpoint.counters).toMatchObject({ established: 5, closed: 5 });
  });

  it('bounds all connections together', () => {
    const pair = simulation.pair({ serverLimits: { connectionsMax: 2 } });
    for (let i = 0; i < 2; i++) pair.connect();
    pair.dial();
    pair.network.run(500);
    expect(pair.server.endpoint.connectionCount).toBe(2);
    const { counters } = pair.server.endpoint;
    expect(counters).toMatchObject({ droppedConnectionLimit: 1, refusalsSent: 1 });
    expect(eventsOf(pair.client, 'closed').map(({ close }) => close)).toEqual([refused]);
  });

  it.each([
    ['of one address', { handshakesPerAddressMax: 4 }],
    ['of all', { handshakesMax: 4 }],
  ])('bounds the unfinished handshakes %s, until they time out', (_name, serverLimits) => {
    const pair = simulation.pair({ serverLimits, limits: { handshakeTimeoutMs: 60_000 } });
    // Clients that hear the Retry and nothing after it never finish.
    pair.network.onPacket = (packet, from) => {
      const isRetry = (packet[0]! & 0xf0) === 0xf0;
      if (from === pair.server.address) {
        pair.network.links[1].conditions = isRetry ? perfectLink : silence;
      }
    };
    for (let i = 0; i < 20; i++) pair.dial();
    pair.network.run(9_000);
    expect(pair.server.endpoint.connectionCount).toBe(4);
    expect(pair.server.endpoint.counters.droppedHandshakeLimit).toBeGreaterThanOrEqual(8);
    pair.network.onPacket = () => undefined;
    pair.network.setConditions(silence);
    pair.network.run(120_000);
    expect(pair.server.endpoint.connectionCount).toBe(0);
    pair.network.setConditions(perfectLink);
    pair.connect();
  });

  it('ends the oldest handshakes for somebody who comes when there are too many', () => {
    const pair = simulation.pair({ serverLimits: { handshakesMax: 4 } });
    pair.network.onPacket = (packet, from) => {
      const isRetry = (packet[0]! & 0xf0) === 0xf0;
      if (from === pair.server.address) {
        pair.network.links[1].conditions = isRetry ? perfectLink : silence;
      }
    };
    for (let i = 0; i < 4; i++) pair.dial();
    pair.network.run(endpointLimits.handshakeMsMin);
    expect(pair.server.endpoint.connectionCount).toBe(4);
    pair.network.onPacket = () => undefined;
    pair.network.setConditions(perfectLink);
    const { nowMs } = pair.network;
    pair.connect();
    expect(pair.network.nowMs - nowMs).toBeLessThan(1_000);
  });

  it('answers a bounded number of strays in a second', () => {
    const pair = simulation.pair();
    const stray = new Uint8Array(60).fill(0x41);
    let answers = 0;
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < 100; j++) deliver(pair, stray, { host: '203.0.113.1', port: 1 + j });
      pair.server.endpoint.flush(pair.network.nowMs, () => answers++);
    }
    expect(answers).toBe(1000);
    expect(pair.server.endpoint.counters).toMatchObject({
      statelessResetsSent: 1000,
      droppedUnknownConnection: 10_000,
      droppedRate: 9_000,
    });
  });
});
