import { startQuicClient } from '@rookery/transport/quicDriver';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId, QuicEvent, QuicServerTls } from '@rookery/transport/quicTypes';
import { RequestChild } from '../requestChannel.js';
import { limits } from './endpointWork.js';
import type { ServerReply, ServerRequest } from './quicEndpointServer.js';
import { workAlpn } from './quicWork.js';

type Server = RequestChild<ServerRequest, ServerReply>;

/** Our server with a real socket in a process of its own, and clients of it in this one. */
export class SocketWork {
  readonly #server: Server;
  readonly #port: number;
  #client!: QuicDriver;
  #connected = 0;
  #closed = 0;
  #receivedBytes = 0;
  #onChange: () => void = () => undefined;
  #audience: readonly ConnectionId[] = [];

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  /** @throws BenchError `childFailed` */
  static async start(tls: QuicServerTls): Promise<SocketWork> {
    const entry = new URL('./quicEndpointServer.js', import.meta.url);
    const server: Server = new RequestChild('QUIC server', entry);
    try {
      const { port } = await server.ask({ type: 'start', tls });
      const work = new SocketWork(server, port);
      const onEvent = (event: QuicEvent): void => work.#hear(event);
      work.#client = await startQuicClient({ alpn: workAlpn, limits, onEvent });
      return work;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  /** CPU that the server's whole process has used so far, and the kernel for it. */
  async serverCpuSeconds(): Promise<number> {
    return (await this.#server.ask({ type: 'usage' })).cpuMicros / 1e6;
  }

  async openAudience(count: number): Promise<void> {
    this.#audience = await this.#connect(count);
  }

  /** Shakes hands with `count` clients at once and closes each connection again. */
  async logIn(count: number): Promise<void> {
    const connections = await this.#connect(count);
    for (const connection of connections) this.#client.endpoint.close(connection, 0, '');
    this.#client.wake();
    await this.#until(() => this.#connected === this.#closed + this.#audience.length);
  }

  /** @returns how many bytes arrived */
  async deliver(messageBytes: number, messages: number, rounds: number): Promise<number> {
    await this.#server.ask({ type: 'rounds', messageBytes, messages });
    const { endpoint } = this.#client;
    const asker = this.#audience[0]!;
    const stream = endpoint.openUni(asker);
    this.#receivedBytes = 0;
    for (let round = 1; round <= rounds; round++) {
      endpoint.write(asker, stream, Uint8Array.of(round), round === rounds);
      this.#client.wake();
      const expectedBytes = round * messages * messageBytes * this.#audience.length;
      await this.#until(() => this.#receivedBytes >= expectedBytes);
    }
    return this.#receivedBytes;
  }

  async close(): Promise<void> {
    await this.#client.close(0, '');
    await this.#server.end();
  }

  async #connect(count: number): Promise<ConnectionId[]> {
    const remote = { host: '127.0.0.1', port: this.#port };
    const expected = this.#connected + count;
    const connections = Array.from({ length: count }, () =>
      this.#client.connect(remote, 'rookery.test'),
    );
    await this.#until(() => this.#connected === expected);
    return connections;
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone()) await new Promise<void>((resolve) => (this.#onChange = resolve));
  }

  #hear(event: QuicEvent): void {
    if (event.type === 'connected') this.#connected++;
    else if (event.type === 'closed') this.#closed++;
    else if (event.type === 'stream') this.#receivedBytes += event.bytes.length;
    this.#onChange();
  }
}
