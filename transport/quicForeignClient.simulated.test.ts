import { randomBytes } from 'node:crypto';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeClientConfig } from './quicConfig.js';
import { defaultQuicLimits } from './quicLimits.js';
import { clientAddress, eventsOf, serverAddress, testAlpn } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';
import type { UdpAddress } from './udpSocket.js';

let simulation: Simulation;

/** A client that is not ours: the library alone, doing only what a test tells it. */
class ForeignClient {
  address: UdpAddress = clientAddress;
  readonly native: Connection;
  readonly #pair: EndpointPair;

  constructor(pair: EndpointPair) {
    const config = makeClientConfig({
      alpn: testAlpn,
      limits: defaultQuicLimits,
      localAddress: clientAddress,
    });
    this.#pair = pair;
    const id = randomBytes(16);
    this.native = quiche.Connection.connect('x', id, clientAddress, serverAddress, config);
  }

  /** Packets go both ways at once until there are no more. */
  exchange(): void {
    const { endpoint } = this.#pair.server;
    const { nowMs } = this.#pair.network;
    const packet = new Uint8Array(1500);
    for (let isMoving = true; isMoving;) {
      isMoving = false;
      for (let sent = this.native.send(packet); sent !== null; sent = this.native.send(packet)) {
        endpoint.receive(packet.slice(0, sent[0]), this.address, nowMs);
        isMoving = true;
      }
      endpoint.flush(nowMs, (bytes, length) => {
        const info = { from: serverAddress, to: clientAddress };
        this.native.recv(bytes.slice(0, length), info);
        isMoving = true;
      });
      let event = endpoint.pollEvent();
      for (; event !== null; event = endpoint.pollEvent()) this.#pair.server.events.push(event);
    }
  }
}

describe.skipIf(steppedClockObstacle !== null)('QUIC server with a foreign client', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  it('ends a connection that moves without an id to follow it by, and no other', () => {
    const pair = simulation.pair();
    const other = pair.connect();
    const foreign = new ForeignClient(pair);
    foreign.exchange();
    foreign.exchange();
    expect(foreign.native.isEstablished()).toBe(true);
    const [, connected] = eventsOf(pair.server, 'connected');
    foreign.address = { host: '203.0.113.77', port: 9 };
    foreign.native.streamSend(0, Uint8Array.of(1), false);
    foreign.exchange();
    expect(eventsOf(pair.server, 'closed')).toMatchObject([
      { connection: connected!.connection, close: { by: 'local', isApplication: false } },
    ]);
    pair.network.run(5_000);
    expect(pair.server.endpoint.connectionCount).toBe(1);
    expect(eventsOf(pair.client, 'closed', other.onClient)).toEqual([]);
  });

  it('survives a client that retires its ids again and again', () => {
    const pair = simulation.pair();
    const foreign = new ForeignClient(pair);
    foreign.exchange();
    foreign.exchange();
    for (let i = 0; i < 300; i++) {
      foreign.address = { host: '203.0.113.77', port: 1 + (i % 3) };
      try {
        foreign.native.newSourceCid(randomBytes(16), BigInt(i), true);
        foreign.native.sendAckEliciting();
        foreign.exchange();
      } catch {
        // The client's own library may refuse to go on; the server may not.
        break;
      }
      pair.network.run(100);
    }
    pair.network.run(100_000);
    expect(pair.server.endpoint.connectionCount).toBe(0);
    pair.connect();
  });
});
