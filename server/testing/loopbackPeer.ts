import {
  bundleLengthBytes,
  readBundledLength,
  readKind,
  voiceHeaderBytes,
  VoiceKind,
} from '@rookery/schemas/voicePacket';
import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpSocket } from '@rookery/transport/udpSocket';
import type { VoicePeer } from './relayStage.js';

/** How long before a Ping without an answer is sent again: packets may be lost on loopback too. */
const pingIntervalMs = 100;

/** A client's voice on a real socket: keeps what it hears, and can wait until all is there. */
export class LoopbackPeer {
  /** Voice packets heard, oldest first; those of a bundle one by one. */
  readonly heard: Uint8Array[] = [];
  readonly peer: VoicePeer;
  readonly #socket: UdpSocket;
  readonly #serverPort: number;
  readonly #pongs = new Set<() => void>();

  /** @param peer who speaks; another socket may speak for the same */
  static async open(peer: VoicePeer, serverPort: number): Promise<LoopbackPeer> {
    const socket = await openUdpSocket({
      host: '127.0.0.1',
      port: 0,
      onPacket: (packet) => opened.#receive(packet),
    });
    const opened = new LoopbackPeer(peer, serverPort, socket);
    return opened;
  }

  private constructor(peer: VoicePeer, serverPort: number, socket: UdpSocket) {
    this.peer = peer;
    this.#serverPort = serverPort;
    this.#socket = socket;
  }

  /** Sends any bytes to the voice port. */
  send(packet: Uint8Array): void {
    const to = { host: '127.0.0.1', port: this.#serverPort };
    this.#socket.send(packet, 0, packet.length, to);
  }

  /**
   * Pings until what this socket sent before has been relayed, and what was sent to it before is
   * here. With several workers that says nothing of what other sockets sent: they ping first.
   * The first Pong may be sent before other packets of its batch, the second not.
   */
  async ping(): Promise<void> {
    await this.#pingOnce();
    await this.#pingOnce();
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  async #pingOnce(): Promise<void> {
    const answered = new Promise<void>((resolve) => this.#pongs.add(resolve));
    this.send(this.peer.ping());
    const again = setInterval(() => this.send(this.peer.ping()), pingIntervalMs);
    await answered;
    clearInterval(again);
  }

  #receive(packet: Uint8Array): void {
    switch (readKind(packet, 0)) {
      case VoiceKind.Pong:
        this.#pongs.forEach((resolve) => resolve());
        this.#pongs.clear();
        break;
      case VoiceKind.Bundle:
        this.heard.push(...unbundle(packet));
        break;
      default:
        // Not slice(): of a Buffer that is a view of memory that the socket uses again.
        this.heard.push(new Uint8Array(packet));
    }
  }
}

/** Copies the packets of a bundle's frames. @throws Error where it is not made as it should be */
export function unbundle(bundle: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let position = voiceHeaderBytes;
  while (position < bundle.length) {
    const length = readBundledLength(bundle, bundle.length, position);
    if (length === -1) throw new Error(`no frame at ${position} of ${bundle.length} bytes`);
    const at = position + bundleLengthBytes;
    packets.push(new Uint8Array(bundle.subarray(at, at + length)));
    position = at + length;
  }
  return packets;
}
