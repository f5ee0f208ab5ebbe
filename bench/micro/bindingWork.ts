import { randomBytes } from 'node:crypto';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config, Connection } from '@matrixai/quic/native/types.js';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { QuicServerTls } from '@rookery/transport/quicTypes';
import { clientAddress, serverAddress, ticketKey, workAlpn } from './quicWork.js';
import type { QuicWork } from './quicWork.js';

interface BoundPair {
  readonly server: Connection;
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
  readonly #serverConfig: Config;
  readonly #clientConfig: Config;
  readonly #audience: BoundPair[] = [];
  readonly #packet = new Uint8Array(1200);
  readonly #scratch = new Uint8Array(64 * 1024);

  constructor(tls: QuicServerTls) {
    this.#serverConfig = makeConfig([tls.privateKey], [tls.certificate]);
    this.#serverConfig.setTicketKey(ticketKey);
    this.#clientConfig = makeConfig(null, null);
  }

  logIn(count: number): void {
    for (let i = 0; i < count; i++) {
      const pair = this.#connect();
      pair.client.close(true, 0, new Uint8Array(0));
      this.#exchange([pair]);
    }
  }

  openAudience(count: number): void {
    for (let i = 0; i < count; i++) this.#audience.push(this.#connect());
  }

  deliver(message: Uint8Array, messages: number): number {
    for (const { server } of this.#audience) {
      for (let i = 0; i < messages; i++) server.streamSend(firstServerStream, message, false);
    }
    return this.#exchange(this.#audience);
  }

  #connect(): BoundPair {
    const client = quiche.Connection.connect(
      'rookery.test',
      randomBytes(16),
      clientAddress,
      serverAddress,
      this.#clientConfig,
    );
    const server = quiche.Connection.accept(
      randomBytes(16),
      null,
      serverAddress,
      clientAddress,
      this.#serverConfig,
    );
    const pair = { server, client };
    while (!server.isEstablished()) this.#exchange([pair]);
    return pair;
  }

  /**
   * Until nobody has anything more to say: all clients, then all servers, as it is when each side
   * is one process.
   *
   * @returns bytes that the clients read
   */
  #exchange(pairs: readonly BoundPair[]): number {
    const packet = this.#packet;
    let readBytes = 0;
    let packets: number;
    do {
      packets = 0;
      for (const { client, server } of pairs) {
        for (let sent = client.send(packet); sent !== null; sent = client.send(packet)) {
          packets++;
          server.recv(packet.subarray(0, sent[0]), toServer);
        }
      }
      for (const { client, server } of pairs) {
        for (let sent = server.send(packet); sent !== null; sent = server.send(packet)) {
          packets++;
          client.recv(packet.subarray(0, sent[0]), toClient);
        }
      }
      for (const { client } of pairs) readBytes += this.#read(client);
    } while (packets > 0);
    return readBytes;
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
