import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config, Connection } from '@matrixai/quic/native/types.js';
import { connectionIdBytes, PacketHeader } from '@rookery/transport/packetHeader';
import { makeServerSettings } from '@rookery/transport/quicConfig';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { QuicServerTls } from '@rookery/transport/quicTypes';
import { ticketKey, workAlpn } from '../micro/quicWork.js';
import { answerRequests } from '../requestChannel.js';

/** What the bench asks of the process with the bare binding. */
export interface BareRequest {
  readonly type: 'start';
  readonly tls: QuicServerTls;
}

export interface BareReply {
  readonly port: number;
  readonly pid: number;
}

const host = '127.0.0.1';

/**
 * The binding on a socket with nothing around it: connections by their ids, and no more. It holds
 * what any server on this binding holds for a connection at the least.
 */
class BareServer {
  readonly #connections = new Map<string, Connection>();
  readonly #header = new PacketHeader();
  readonly #packet = new Uint8Array(1_200);
  readonly #socket = createSocket('udp4');
  #config!: Config;

  async start({ tls }: BareRequest): Promise<BareReply> {
    const limits = defaultQuicLimits;
    this.#config = makeServerSettings({ alpn: workAlpn, limits, ticketKey }, tls).config;
    this.#socket.on('message', (packet, from) => {
      this.#receive(packet, { host: from.address, port: from.port });
    });
    this.#socket.bind(0, host);
    await once(this.#socket, 'listening');
    return { port: this.#socket.address().port, pid: process.pid };
  }

  #receive(packet: Buffer, from: { readonly host: string; readonly port: number }): void {
    if (!this.#header.read(packet)) return;
    const { destinationOffset, destinationBytes, form } = this.#header;
    const id = packet.toString('hex', destinationOffset, destinationOffset + destinationBytes);
    const to = { host, port: this.#socket.address().port };
    let connection = this.#connections.get(id);
    if (connection === undefined) {
      if (form !== 'initial') return;
      const sourceId = randomBytes(connectionIdBytes);
      connection = quiche.Connection.accept(sourceId, null, to, from, this.#config);
      this.#connections.set(id, connection);
      this.#connections.set(sourceId.toString('hex'), connection);
    }
    connection.recv(packet, { from, to });
    this.#send(connection, from);
    // The client speaks to the other id from now on.
    if (connection.isEstablished() && form !== 'short') this.#connections.delete(id);
  }

  #send(connection: Connection, to: { readonly host: string; readonly port: number }): void {
    const packet = this.#packet;
    for (let sent = connection.send(packet); sent !== null; sent = connection.send(packet)) {
      this.#socket.send(packet.slice(0, sent[0]), to.port, to.host);
    }
  }
}

const server = new BareServer();
answerRequests((request: BareRequest) => server.start(request));
