import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpAddress, UdpSocket } from '@rookery/transport/udpSocket';

/** Numbers from 127.1.0.1 on: no honest client comes from there. */
const firstHost = 1 << 16;

/** One source address of an attack, and what it has sent. */
export class AttackSocket {
  readonly local: UdpAddress;
  readonly server: UdpAddress;
  packets = 0;
  bytes = 0;
  onPacket: (packet: Uint8Array) => void = () => undefined;
  readonly #socket: UdpSocket;

  /** @param number of the address, from 0 */
  static async open(number: number, serverPort: number): Promise<AttackSocket> {
    const host = hostOf(firstHost + 1 + number);
    let opened: AttackSocket | null = null;
    const onPacket = (packet: Uint8Array): void => opened?.onPacket(packet);
    const socket = await openUdpSocket({ host, port: 0, onPacket });
    opened = new AttackSocket(socket, { host: '127.0.0.1', port: serverPort });
    return opened;
  }

  private constructor(socket: UdpSocket, server: UdpAddress) {
    this.#socket = socket;
    this.local = socket.localAddress;
    this.server = server;
  }

  send(packet: Uint8Array): void {
    this.#socket.send(packet, 0, packet.length, this.server);
    this.packets++;
    this.bytes += packet.length;
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

function hostOf(number: number): string {
  return `127.${number >>> 16}.${(number >>> 8) & 0xff}.${number & 0xff}`;
}
