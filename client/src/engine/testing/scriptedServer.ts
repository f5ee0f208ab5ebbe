import { FrameReader } from '@rookery/schemas/frame';
import type { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { Message, ReceivedMessage } from '@rookery/schemas/messages';
import {
  applicationProtocol,
  CloseCode,
  framePayloadBytesMax,
  StreamKind,
} from '@rookery/schemas/protocol';
import { startQuicServer, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId, QuicClose, QuicEvent, StreamId } from '@rookery/transport/quicTypes';
import type { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { expect } from 'vitest';

/** A server over real QUIC that answers as a test tells it. */
export class ScriptedServer {
  readonly received: ReceivedMessage[] = [];
  /** What to answer to a type of message; nothing where there is none. */
  answers: Partial<Record<FrameType, Message>> = {};
  closed: QuicClose | null = null;
  private driver!: QuicDriver;
  private connection!: ConnectionId;
  private control: StreamId | null = null;
  private readonly readers = new Map<StreamId, FrameReader>();

  static async start(
    tls: Awaited<ReturnType<typeof makeTestCertificate>>,
  ): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.driver = await startQuicServer({
      host: '127.0.0.1',
      port: 0,
      tls,
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      ticketKey: new Uint8Array(48).fill(1),
      onEvent: (event) => server.onEvent(event),
    });
    return server;
  }

  get port(): number {
    return this.driver.socket.localAddress.port;
  }

  sendControl(message: Message, requestId = 0): void {
    this.write(this.control!, encodeMessage(message, requestId));
  }

  /** On a new unidirectional stream, as its first bytes. */
  sendStream(...parts: readonly Uint8Array[]): void {
    this.write(this.driver.endpoint.openUni(this.connection), Buffer.concat(parts));
  }

  write(stream: StreamId, bytes: Uint8Array): void {
    this.driver.endpoint.write(this.connection, stream, bytes);
    this.driver.wake();
  }

  writeControl(bytes: Uint8Array): void {
    this.write(this.control!, bytes);
  }

  closeConnection(code: CloseCode): void {
    this.driver.endpoint.close(this.connection, code, '');
    this.driver.wake();
  }

  stop(): Promise<void> {
    return this.driver.close(CloseCode.Stopping, '');
  }

  private onEvent(event: QuicEvent): void {
    if (event.type === 'connected') this.connection = event.connection;
    if (event.type === 'closed') this.closed = event.close;
    if (event.type !== 'stream') return;
    const reader =
      this.readers.get(event.stream) ?? new FrameReader(framePayloadBytesMax.fromClient);
    const isNew = !this.readers.has(event.stream);
    this.readers.set(event.stream, reader);
    const isUni = (event.stream & 2) !== 0;
    if (isNew && isUni) expect(event.bytes[0]).toBe(StreamKind.Commands);
    if (isNew && !isUni) this.control = event.stream;
    reader.push(isNew && isUni ? event.bytes.subarray(1) : event.bytes);
    for (let frame = reader.next(); frame !== null; frame = reader.next()) {
      const received = decodeMessage(frame.type, frame.payload);
      this.received.push(received);
      const answer = this.answers[received.message.type];
      if (answer !== undefined) this.sendControl(answer, received.requestId);
    }
  }
}
