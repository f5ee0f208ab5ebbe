import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionId, StreamId } from './quicTypes.js';
import { eventsOf, hasFinished, receivedBytes, writeAll } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { perfectLink, roughLink } from './testing/simulatedLink.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

let simulation: Simulation;

interface Transfer {
  readonly stream: StreamId;
  readonly bytes: Uint8Array;
}

/** Sends 256 KB on each of four streams, alternately bidirectional and unidirectional. */
function beginTransfers(pair: EndpointPair, connection: ConnectionId, seed: number): Transfer[] {
  const random = new SeededRandom(seed);
  const { endpoint } = pair.client;
  const transfers = Array.from({ length: 4 }, (_, index) => ({
    stream: index % 2 === 0 ? endpoint.openBidi(connection) : endpoint.openUni(connection),
    bytes: random.bytes(256 * 1024),
  }));
  for (const { stream, bytes } of transfers) {
    writeAll(pair.client, connection, stream, bytes, 1 + random.below(9000));
  }
  return transfers;
}

describe.skipIf(steppedClockObstacle !== null)('QUIC endpoint on a simulated link', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it('shakes hands after a Retry, and shows the certificate', () => {
    const pair = simulation.pair();
    const { onClient } = pair.connect();
    const [connected] = eventsOf(pair.client, 'connected', onClient);
    expect(connected!.certificate?.fingerprint).toEqual(simulation.tls.fingerprint);
    expect(connected!.resumed).toBe(false);
    expect(pair.server.endpoint.counters).toMatchObject({
      retriesSent: 1,
      accepted: 1,
      established: 1,
    });
    expect(pair.server.endpoint.connectionCount).toBe(1);
    expect(pair.client.endpoint.roundTripMs(onClient)).toBe(2 * perfectLink.delayMs);
  });

  it.each(seeds)('shakes hands although a fifth of all packets is lost (seed %i)', (seed) => {
    const pair = simulation.pair({
      seed,
      conditions: { ...perfectLink, loss: 0.2 },
      limits: { handshakeTimeoutMs: 60_000 },
    });
    pair.connect();
    expect(pair.server.endpoint.counters.established).toBe(1);
  });

  it.each(seeds)('carries 1 MB on several streams intact over a rough link (seed %i)', (seed) => {
    const pair = simulation.pair({ seed });
    const { onClient, onServer } = pair.connect();
    pair.network.setConditions(roughLink);
    const transfers = beginTransfers(pair, onClient, seed);
    pair.network.runUntil(
      () => transfers.every(({ stream }) => hasFinished(pair.server, onServer, stream)),
      300_000,
    );
    for (const { stream, bytes } of transfers) {
      const received = receivedBytes(pair.server, onServer, stream);
      expect(Buffer.compare(received, bytes), `seed ${seed}, stream ${stream}`).toBe(0);
    }
    expect(eventsOf(pair.server, 'closed')).toEqual([]);
  });

  it('carries datagrams whole, in any order or not at all', () => {
    const pair = simulation.pair({ seed: 3 });
    const { onClient, onServer } = pair.connect();
    pair.network.setConditions(roughLink);
    const longest = pair.client.endpoint.datagramBytesMax(onClient);
    const random = new SeededRandom(3);
    const sent = Array.from({ length: 500 }, () => random.bytes(1 + random.below(longest)));
    for (const datagram of sent) {
      expect(pair.client.endpoint.sendDatagram(onClient, datagram)).toBe(true);
      pair.network.run(20);
    }
    const texts = new Set(sent.map((datagram) => Buffer.from(datagram).toString('hex')));
    const received = eventsOf(pair.server, 'datagram', onServer);
    expect(received.length).toBeGreaterThan(300);
    for (const { bytes } of received) {
      expect(texts.has(Buffer.from(bytes).toString('hex'))).toBe(true);
    }
  });

  it('refuses a datagram that does not fit, and drops the oldest of too many', () => {
    const pair = simulation.pair({ limits: { datagramQueueMax: 8 } });
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const longest = endpoint.datagramBytesMax(onClient);
    expect(endpoint.sendDatagram(onClient, new Uint8Array(longest + 1))).toBe(false);
    for (let i = 0; i < 20; i++) {
      expect(endpoint.sendDatagram(onClient, Uint8Array.of(i))).toBe(true);
    }
    pair.network.run(100);
    const received = eventsOf(pair.server, 'datagram', onServer).map(({ bytes }) => bytes[0]);
    expect(received).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
    expect(endpoint.counters.droppedDatagrams).toBe(12);
  });

  it('takes all of a write or nothing, and tells when there is room again', () => {
    const limits = { streamSendBytesMax: 32 * 1024, connectionSendBytesMax: 48 * 1024 };
    const pair = simulation.pair({ limits });
    const { onClient } = pair.connect();
    pair.server.isPolled = false;
    const { endpoint } = pair.client;
    const stream = endpoint.openUni(onClient);
    const chunk = new Uint8Array(5000);
    let writtenBytes = 0;
    while (endpoint.write(onClient, stream, chunk)) {
      writtenBytes += chunk.length;
      pair.network.run(50);
    }
    // The peer's window and our own buffer, and nothing beyond.
    expect(endpoint.bufferedBytes(onClient)).toBeLessThanOrEqual(limits.streamSendBytesMax);
    expect(writtenBytes).toBeLessThanOrEqual(64 * 1024 + limits.streamSendBytesMax);
    pair.network.run(5_000);
    expect(eventsOf(pair.client, 'writable')).toEqual([]);
    pair.server.isPolled = true;
    pair.network.runUntil(() => eventsOf(pair.client, 'writable', onClient).length > 0);
    expect(endpoint.write(onClient, stream, chunk)).toBe(true);
    pair.network.runUntil(() => endpoint.bufferedBytes(onClient) === 0);
  });

  it('tells of room no sooner than the refused write would be taken', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    pair.client.isPolled = false;
    const stream = pair.server.endpoint.openUni(onServer);
    const message = new Uint8Array(48_000);
    let taken = 0;
    const writeMore = (): void => {
      while (pair.server.endpoint.write(onServer, stream, message)) taken++;
    };
    pair.server.onEvent = (event) => {
      if (event.type === 'writable') writeMore();
    };
    writeMore();
    // The client reads nothing, and less than half of the buffer waits.
    pair.network.run(5_000);
    expect(pair.server.endpoint.bufferedBytes(onServer)).toBeLessThan(32_768);
    expect(eventsOf(pair.server, 'writable').length).toBeLessThan(10);
    pair.client.isPolled = true;
    const takenBefore = taken;
    pair.network.runUntil(() => taken > takenBefore + 10);
    expect(receivedBytes(pair.client, onClient, stream).length).toBeGreaterThan(400_000);
  });

  it('keeps what is written until the next flush, when all of it goes out in order', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const stream = endpoint.openUni(onClient);
    // Small ones are gathered; a large one takes what was gathered before it along.
    const pieces = [10, 20, 5_000, 30, 4_090, 7, 1].map((length, index) =>
      new Uint8Array(length).fill(index),
    );
    const packetsBefore = endpoint.counters.packetsOut;
    expect(endpoint.write(onClient, stream, pieces[0]!)).toBe(true);
    expect(endpoint.bufferedBytes(onClient)).toBe(10);
    for (const piece of pieces.slice(1)) endpoint.write(onClient, stream, piece);
    expect(endpoint.counters.packetsOut).toBe(packetsBefore);
    endpoint.write(onClient, stream, new Uint8Array(0), true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, stream));
    expect(Buffer.from(receivedBytes(pair.server, onServer, stream))).toEqual(
      Buffer.concat(pieces),
    );
    expect(endpoint.bufferedBytes(onClient)).toBe(0);
  });

  it('tells that a stream was stopped also where what was written is not out yet', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const stream = pair.client.endpoint.openUni(onClient);
    pair.client.endpoint.write(onClient, stream, new Uint8Array(10));
    pair.network.runUntil(() => eventsOf(pair.server, 'stream', onServer).length > 0);
    pair.server.endpoint.resetStream(onServer, stream, 9);
    pair.network.run(500);
    pair.client.endpoint.write(onClient, stream, new Uint8Array(10));
    pair.network.run(500);
    expect(eventsOf(pair.client, 'streamReset', onClient)).toMatchObject([{ stream }]);
    expect(pair.client.endpoint.write(onClient, stream, new Uint8Array(10))).toBe(false);
    expect(pair.client.endpoint.bufferedBytes(onClient)).toBe(0);
  });

  it('bounds what waits over all streams of a connection', () => {
    const limits = { streamSendBytesMax: 32 * 1024, connectionSendBytesMax: 48 * 1024 };
    const pair = simulation.pair({ limits });
    const { onClient } = pair.connect();
    pair.server.isPolled = false;
    const { endpoint } = pair.client;
    const streams = Array.from({ length: 8 }, () => endpoint.openUni(onClient));
    const chunk = new Uint8Array(4096);
    for (let round = 0; round < 100; round++) {
      for (const stream of streams) endpoint.write(onClient, stream, chunk);
      pair.network.run(10);
    }
    expect(endpoint.bufferedBytes(onClient)).toBeLessThanOrEqual(limits.connectionSendBytesMax);
    pair.server.isPolled = true;
    pair.network.runUntil(() => endpoint.bufferedBytes(onClient) === 0);
    const writable = new Set(eventsOf(pair.client, 'writable').map(({ stream }) => stream));
    expect([...writable].sort((a, b) => a - b)).toEqual(streams);
  });

  it('takes a message longer than its buffers while nothing waits', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const stream = endpoint.openUni(onClient);
    const message = new SeededRandom(1).bytes(300_000);
    expect(endpoint.write(onClient, stream, message, true)).toBe(true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, stream));
    expect(Buffer.compare(receivedBytes(pair.server, onServer, stream), message)).toBe(0);
  });

  it('sends what is urgent before what waited longer', () => {
    const pair = simulation.pair({ conditions: { ...perfectLink, bytesPerSecond: 100_000 } });
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const bulk = endpoint.openUni(onClient);
    const control = endpoint.openBidi(onClient);
    endpoint.setPriority(onClient, bulk, 200);
    endpoint.setPriority(onClient, control, 0);
    endpoint.write(onClient, bulk, new Uint8Array(60_000), true);
    pair.network.run(20);
    endpoint.write(onClient, control, new Uint8Array(20_000), true);
    pair.network.runUntil(() => hasFinished(pair.server, onServer, bulk));
    const finished = eventsOf(pair.server, 'stream', onServer).filter(({ fin }) => fin);
    expect(finished.map(({ stream }) => stream)).toEqual([control, bulk]);
  });

  it('lets streams of one urgency take turns', () => {
    const pair = simulation.pair({ conditions: { ...perfectLink, bytesPerSecond: 200_000 } });
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const streams = [endpoint.openUni(onClient), endpoint.openUni(onClient)];
    for (const stream of streams) {
      endpoint.write(onClient, stream, new Uint8Array(60_000), true);
    }
    const received = (stream: StreamId): number =>
      receivedBytes(pair.server, onServer, stream).length;
    pair.network.runUntil(() => streams.some((stream) => received(stream) > 30_000));
    for (const stream of streams) expect(received(stream)).toBeGreaterThan(10_000);
  });

  it('tells both sides of a stream that is reset', () => {
    const pair = simulation.pair();
    const { onClient, onServer } = pair.connect();
    const { endpoint } = pair.client;
    const stream = endpoint.openBidi(onClient);
    endpoint.write(onClient, stream, new Uint8Array(10));
    pair.network.runUntil(() => eventsOf(pair.server, 'stream', onServer).length > 0);
    endpoint.resetStream(onClient, stream, 33);
    const resets = () => eventsOf(pair.server, 'streamReset', onServer);
    pair.network.runUntil(() => resets().length > 0);
    expect(resets()).toMatchObject([{ stream, code: 33 }]);
    // The server learns that nobody reads its answer when it writes one.
    expect(pair.server.endpoint.write(onServer, stream, new Uint8Array(10))).toBe(false);
    pair.network.run(1);
    expect(resets()).toHaveLength(2);
    expect(endpoint.write(onClient, endpoint.openBidi(onClient), new Uint8Array(1))).toBe(true);
  });

  it('opens no more streams than the peer allows', () => {
    const pair = simulation.pair({ serverLimits: { uniStreamsMax: 2 } });
    const { onClient } = pair.connect();
    const { endpoint } = pair.client;
    endpoint.openUni(onClient);
    endpoint.openUni(onClient);
    expect(() => endpoint.openUni(onClient)).toThrow('the peer allows no more streams');
  });

  it('refuses what its role or its connections cannot do', () => {
    const pair = simulation.pair({ limits: { connectionsMax: 1 } });
    const { onClient } = pair.connect();
    const { nowMs } = pair.network;
    const { endpoint } = pair.client;
    expect(() => pair.server.endpoint.connect(pair.client.address, '', nowMs)).toThrow(
      'makes no connections',
    );
    expect(() => pair.dial()).toThrow('all the connections');
    const nameless = simulation.pair().client;
    expect(() => nameless.endpoint.connect(pair.server.address, '', nowMs)).toThrow(
      "is no server's name",
    );
    expect(() => endpoint.openUni(onClient + 1)).toThrow('is over');
    expect(endpoint.write(onClient + 1, 0, new Uint8Array(1))).toBe(false);
    expect(endpoint.sendDatagram(onClient + 1, new Uint8Array(1))).toBe(false);
    expect(() => endpoint.write(onClient, 1001, new Uint8Array(1))).toThrow('takes no bytes');
  });

  it('keeps the streams of many connections on one socket apart', () => {
    const pair = simulation.pair();
    const connections = Array.from({ length: 20 }, () => pair.connect());
    for (const { onClient } of connections) {
      const stream = pair.client.endpoint.openUni(onClient);
      pair.client.endpoint.write(onClient, stream, Uint8Array.of(onClient), true);
    }
    pair.network.run(200);
    for (const { onClient, onServer } of connections) {
      const [event] = eventsOf(pair.server, 'stream', onServer);
      expect([...event!.bytes]).toEqual([onClient]);
    }
  });
});
