import { performance } from 'node:perf_hooks';
import { createQuicClient, createQuicServer } from '@rookery/transport/quicEndpoint';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type {
  ConnectionId,
  QuicEndpoint,
  QuicServerTls,
  StreamId,
} from '@rookery/transport/quicTypes';
import {
  clientAddress,
  CpuMeter,
  PacketBatch,
  serverAddress,
  ticketKey,
  workAlpn,
} from './quicWork.js';
import type { QuicWork } from './quicWork.js';

/** One machine logs in more often here than a crowd behind one address would. */
export const limits = {
  ...defaultQuicLimits,
  connectionsPerAddressMax: 1_000_000,
  handshakesPerAddressMax: 1_000_000,
  handshakesMax: 1_000_000,
  connectionsMax: 1_000_000,
  packetsPerSecondMax: 1_000_000,
};

/** The work, done by our endpoints on both sides. */
export class EndpointWork implements QuicWork {
  readonly serverCpu = new CpuMeter();
  readonly #server: QuicEndpoint;
  readonly #client: QuicEndpoint;
  readonly #audience: { connection: ConnectionId; stream: StreamId }[] = [];
  readonly #onServer: ConnectionId[] = [];
  readonly #toClient = new PacketBatch<null>();
  readonly #toServer = new PacketBatch<null>();
  #receivedBytes = 0;

  constructor(tls: QuicServerTls) {
    const common = { alpn: workAlpn, limits };
    this.#server = createQuicServer({ ...common, tls, ticketKey, localAddress: serverAddress });
    this.#client = createQuicClient({ ...common, localAddress: clientAddress });
  }

  logIn(count: number): void {
    for (const connection of this.#connect(count)) this.#client.close(connection, 0, '');
    this.#exchange();
  }

  openAudience(count: number): void {
    this.#onServer.length = 0;
    this.#connect(count);
    for (const connection of this.#onServer) {
      this.#audience.push({ connection, stream: this.#server.openUni(connection) });
    }
  }

  deliver(message: Uint8Array, messages: number): number {
    this.#receivedBytes = 0;
    this.serverCpu.measure(() => {
      for (const { connection, stream } of this.#audience) {
        for (let i = 0; i < messages; i++) this.#server.write(connection, stream, message);
      }
      this.#flushServer();
    });
    this.#exchange();
    return this.#receivedBytes;
  }

  #connect(count: number): ConnectionId[] {
    const nowMs = performance.now();
    const connections = Array.from({ length: count }, () =>
      this.#client.connect(serverAddress, 'rookery.test', nowMs),
    );
    this.#exchange();
    return connections;
  }

  /** Until neither side has anything more to say: each turn is one of the driver's. */
  #exchange(): void {
    do {
      const nowMs = performance.now();
      this.#toClient.drain((_, packet) => this.#client.receive(packet, serverAddress, nowMs));
      this.#client.advance(nowMs);
      this.#pollClient();
      this.#client.flush(nowMs, (packet, length) => this.#toServer.add(null, packet, length));
      this.#pollClient();
      this.serverCpu.measure(() => this.#serverTurn());
    } while (this.#toClient.size > 0);
  }

  #serverTurn(): void {
    const nowMs = performance.now();
    this.#toServer.drain((_, packet) => this.#server.receive(packet, clientAddress, nowMs));
    this.#server.advance(nowMs);
    this.#pollServer();
    this.#flushServer();
    this.#pollServer();
    this.#server.nextTimeoutMs(nowMs);
  }

  #flushServer(): void {
    this.#server.flush(performance.now(), (packet, length) =>
      this.#toClient.add(null, packet, length),
    );
  }

  #pollServer(): void {
    for (let event = this.#server.pollEvent(); event !== null; event = this.#server.pollEvent()) {
      if (event.type === 'connected') this.#onServer.push(event.connection);
    }
  }

  #pollClient(): void {
    for (let event = this.#client.pollEvent(); event !== null; event = this.#client.pollEvent()) {
      if (event.type === 'stream') this.#receivedBytes += event.bytes.length;
    }
  }
}
