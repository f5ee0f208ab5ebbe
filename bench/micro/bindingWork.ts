import { randomBytes } from 'node:crypto';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config, Connection } from '@matrixai/quic/native/types.js';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { QuicServerTls } from '@rookery/transport/quicTypes';
import {
  clientAddress,
  CpuMeter,
  PacketBatch,
  serverAddress,
  ticketKey,
  workAlpn,
} from './quicWork.js';
import type { QuicWork } from './quicWork.js';

interface BoundPair {
  /** Made by the client's first packet. */
  server: Connection | null;
  readonly client: Connection;
}

/** The first unidirectional stream of a server. */
const firstServerStream = 3;

const toServer = { from: clientAddress, to: serverAddress };
const toClient = { from: serverAddress, to: clientAddress };

/**
 * The same work on the native binding with nothing around it: no routing, no Retry, no limits, no
 * timers, no events. What any endpoint on this binding costs at the least.
 */
export class BindingWork implements QuicWork {
  readonly serverCpu = new CpuMeter();
  readonly #serverConfig: Config;
  readonly #clientConfig: Config;
  readonly #audience: BoundPair[] = [];
  readonly #toClients = new PacketBatch<BoundPair>();
  readonly #toServers = new PacketBatch<BoundPair>();
  readonly #packet = new Uint8Array(1200);
  readonly #scratch = new Uint8Array(64 * 1024);

  constructor(tls: QuicServerTls) {
    this.#serverConfig = makeConfig([tls.privateKey], [tls.certificate]);
    this.#serverConfig.setTicketKey(ticketKey);
    this.#clientConfig = makeConfig(null, null);
  }

  logIn(count: number): void {
    const pairs = this.#connect(count);
    for (const { client } of pairs) client.close(true, 0, new Uint8Array(0));
    this.#exchange(pairs);
  }

  openAudience(count: number): void {
    this.#audience.push(...this.#connect(count));
  }

  deliver(message: Uint8Array, messages: number): number {
    this.serverCpu.measure(() => {
      for (const { server } of this.#audience) {
        for (let i = 0; i < messages; i++) server!.streamSend(firstServerStream, message, false);
      }
      this.#sendFromServers(this.#audience);
    });
    return this.#exchange(this.#audience);
  }

  /** Connections whose handshake is done and confirmed. */
  #connect(count: number): BoundPair[] {
    const pairs = Array.from({ length: count }, () => ({ server: null, client: this.#dial() }));
    this.#exchange(pairs);
    return pairs;
  }

  #dial(): Connection {
    const id = randomBytes(16);
    const config = this.#clientConfig;
    return quiche.Connection.connect('rookery.test', id, clientAddress, serverAddress, config);
  }

  #accept(): Connection {
    const id = randomBytes(16);
    const config = this.#serverConfig;
    return quiche.Connection.accept(id, null, serverAddress, clientAddress, config);
  }

  /**
   * Until nobody has anything more to say: all clients, then all servers, as it is when each side
   * is one process.
   *
   * @returns bytes that the clients read
   */
  #exchange(pairs: readonly BoundPair[]): number {
    let readBytes = 0;
    do {
      this.#toClients.drain(({ client }, packet) => client.recv(packet, toClient));
      for (const pair of pairs) {
        readBytes += this.#read(pair.client);
        this.#send(pair.client, pair, this.#toServers);
      }
      this.serverCpu.measure(() => {
        this.#toServers.drain((pair, packet) => {
          pair.server ??= this.#accept();
          pair.server.recv(packet, toServer);
        });
        this.#sendFromServers(pairs);
      });
    } while (this.#toClients.size > 0);
    return readBytes;
  }

  #sendFromServers(pairs: readonly BoundPair[]): void {
    for (const pair of pairs) {
      if (pair.server !== null) this.#send(pair.server, pair, this.#toClients);
    }
  }

  #send(from: Connection, pair: BoundPair, batch: PacketBatch<BoundPair>): void {
    const packet = this.#packet;
    for (let sent = from.send(packet); sent !== null; sent = from.send(packet)) {
      batch.add(pair, packet, sent[0]);
    }
  }

  #read(client: Connection): number {
    let readBytes = 0;
    while (client.isReadable()) {
      const read = client.streamRecv(firstServerStream, this.#scratch);
      if (read === null) break;
      readBytes += this.#scratch.slice(0, read[0]).length;
    }
    return readBytes;
  }
}

function makeConfig(privateKeys: string[] | null, certificates: string[] | null): Config {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const config = quiche.Config.withBoringSslCtx(
    false,
    false,
    null,
    privateKeys?.map(encode) ?? null,
    certificates?.map(encode) ?? null,
    null,
  );
  const { connectionWindowBytes, streamWindowBytes, uniStreamsMax } = defaultQuicLimits;
  config.setApplicationProtos([workAlpn]);
  config.setMaxIdleTimeout(defaultQuicLimits.idleTimeoutMs);
  config.setInitialMaxData(connectionWindowBytes);
  config.setInitialMaxStreamDataUni(streamWindowBytes);
  config.setMaxStreamWindow(streamWindowBytes);
  config.setMaxConnectionWindow(connectionWindowBytes);
  config.setInitialMaxStreamsUni(uniStreamsMax);
  config.enableEarlyData();
  config.enablePacing(false);
  return config;
}
