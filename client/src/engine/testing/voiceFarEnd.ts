import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DatagramKind } from '@rookery/schemas/protocol';
import { readKind, VoiceKind } from '@rookery/schemas/voicePacket';
import { expect } from 'vitest';
import type { DatagramPath } from '../voiceConnection.js';
import { pongOf } from './voicePackets.js';

/** The other end: a voice port that keeps what it gets and answers pings while it is told to. */
export class VoicePort {
  readonly packets: Uint8Array[] = [];
  answersPings = true;
  client: RemoteInfo | null = null;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (packet, from) => this.onPacket(new Uint8Array(packet), from));
  }

  static async open(): Promise<VoicePort> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new VoicePort(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  get voicePackets(): Uint8Array[] {
    return this.packets.filter((packet) => readKind(packet, 0) === VoiceKind.Voice);
  }

  send(packet: Uint8Array): void {
    this.socket.send(packet, this.client!.port, this.client!.address);
  }

  close(): void {
    this.socket.close();
  }

  private onPacket(packet: Uint8Array, from: RemoteInfo): void {
    this.client = from;
    this.packets.push(packet);
    if (this.answersPings && readKind(packet, 0) === VoiceKind.Ping) this.send(pongOf(packet));
  }
}

/** The datagrams of a control connection whose other end answers pings while it is told to. */
export class TestDatagrams implements DatagramPath {
  readonly sent: Uint8Array[] = [];
  answersPings = false;
  takes = true;
  private readonly listeners = new Set<(datagram: Uint8Array) => void>();

  send(datagram: Uint8Array): boolean {
    if (!this.takes) return false;
    const packet = datagram.slice(1);
    expect(datagram[0]).toBe(DatagramKind.Voice);
    this.sent.push(packet);
    if (this.answersPings && readKind(packet, 0) === VoiceKind.Ping) {
      setImmediate(() => this.receive(DatagramKind.Voice, pongOf(packet)));
    }
    return true;
  }

  listen(listener: (datagram: Uint8Array) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  receive(kind: number, packet: Uint8Array): void {
    const datagram = new Uint8Array([kind, ...packet]);
    for (const listener of this.listeners) listener(datagram);
  }
}
