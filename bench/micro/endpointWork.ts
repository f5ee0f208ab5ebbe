import { performance } from 'node:perf_hooks';
import { createQuicClient, createQuicServer } from '@rookery/transport/quicEndpoint';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type {
  ConnectionId,
  QuicEndpoint,
  QuicServerTls,
  StreamId,
} from '@rookery/transport/quicTypes';
import { clientAddress, serverAddress, ticketKey, workAlpn } from './quicWork.js';
import type { QuicWork } from './quicWork.js';

/** One machine logs in more often here than a crowd behind one address would. */
const limits = {
  ...defaultQuicLimits,
  connectionsPerAddressMax: 1_000_000,
  handshakesPerAddressMax: 1_000_000,
  packetsPerSecondMax: 1_000_000,
};

/** The work, done by our endpoints on both sides. */
export class EndpointWork implements QuicWork {
  readonly #server: QuicEndpoint;
  readonly #client: QuicEndpoint;
  readonly #audience: { connection: ConnectionId; stream: StreamId }[] = [];
  readonly #onServer: ConnectionId[] = [];
  #receivedBytes = 0;

  constructor(tls: QuicServerTls) {
    const common = { alpn: workAlpn, limits };
    this.#server = createQuicServer({ ...common, tls, ticketKey, localAddress: serverAddress });
    this.#client = createQuicClient({ ...common, localAddress: clientAddress });
  }

  logIn(count: number): void {
    for (let i = 0; i < count; i++) {
      const connection = this.#connect();
      this.#client.close(connection, 0, '');
      this.#exchange();
    }
  }

  openAudience(count: number): void {
    for (let i = 0; i < count; i++) {
      this.#connect();
      const connection = this.#onServer.at(-1)!;
      this.#audience.push({ connection, stream: this.#server.openUni(connection) });
    }
  }

  deliver(message: Uint8Array, messages: number): number {
    this.#receivedBytes = 0;
    for (const { connection, stream } of this.#audience) {
      for (let i = 0; i < messages; i++) this.#server.write(connection, stream, message);
    }
    this.#exchange();
    return this.#receivedBytes;
  }

  #connect(): ConnectionId {
    const expected = this.#server.counters.established + 1;
    const nowMs = performance.now();
    const connection = this.#client.connect(serverAddress, 'rookery.test', nowMs);
    while (this.#server.counters.established < expected) this.#exchange();
    return connection;
  }

  /** Until neither side has anything more to say. */
  #exchange(): void {
    const server = this.#server;
    const client = this.#client;
    let packets: number;
    do {
      packets = 0;
      const nowMs = performance.now();
      client.flush(nowMs, (packet, length) => {
        packets++;
        server.receive(packet.subarray(0, length), clientAddress, nowMs);
      });
      this.#pollServer();
      server.flush(nowMs, (packet, length) => {
        packets++;
        client.receive(packet.subarray(0, length), serverAddress, nowMs);
      });
      this.#pollClient();
    } while (packets > 0);
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
