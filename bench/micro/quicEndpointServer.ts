import { startQuicServer } from '@rookery/transport/quicDriver';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type {
  ConnectionId,
  QuicEvent,
  QuicServerTls,
  StreamId,
} from '@rookery/transport/quicTypes';
import { answerRequests } from '../requestChannel.js';
import { limits } from './endpointWork.js';
import { ticketKey, workAlpn } from './quicWork.js';

/** What the bench asks of the process with the server under test. */
export type ServerRequest =
  | { readonly type: 'start'; readonly tls: QuicServerTls }
  /** From now on each stream data of a client is answered with a round of these to everyone. */
  | { readonly type: 'rounds'; readonly messageBytes: number; readonly messages: number }
  | { readonly type: 'usage' };

export interface ServerReply {
  readonly port: number;
  /** Of the whole process, since it began. */
  readonly cpuMicros: number;
}

/** A server that counts its clients and sends them what it is asked to. */
class ServerUnderTest {
  readonly #open = new Set<ConnectionId>();
  readonly #streams = new Map<ConnectionId, StreamId>();
  #driver: QuicDriver | null = null;
  #message = new Uint8Array(0);
  #messages = 0;

  async answer(request: ServerRequest): Promise<ServerReply> {
    if (request.type === 'start') {
      this.#driver = await startQuicServer({
        host: '127.0.0.1',
        port: 0,
        tls: request.tls,
        alpn: workAlpn,
        limits,
        ticketKey,
        onEvent: (event) => this.#hear(event),
      });
    } else if (request.type === 'rounds') {
      this.#message = new Uint8Array(request.messageBytes);
      this.#messages = request.messages;
    }
    const { user, system } = process.cpuUsage();
    return {
      port: this.#driver!.socket.localAddress.port,
      cpuMicros: user + system,
    };
  }

  #hear(event: QuicEvent): void {
    if (event.type === 'connected') this.#open.add(event.connection);
    if (event.type === 'closed') this.#forget(event.connection);
    if (event.type === 'stream') this.#sendRound();
  }

  #forget(connection: ConnectionId): void {
    this.#open.delete(connection);
    this.#streams.delete(connection);
  }

  #sendRound(): void {
    const { endpoint } = this.#driver!;
    for (const connection of this.#open) {
      const stream = this.#streams.get(connection) ?? endpoint.openUni(connection);
      this.#streams.set(connection, stream);
      for (let i = 0; i < this.#messages; i++) endpoint.write(connection, stream, this.#message);
    }
  }
}

const server = new ServerUnderTest();
answerRequests((request: ServerRequest) => server.answer(request));
