import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const loopback = '127.0.0.1';

/** A way to a UDP port on loopback that can be shut, as when the network is away. */
export class UdpGate {
  isOpen = true;
  /** One towards the port for each who sends, by port. */
  private readonly beyond = new Map<number, Socket>();

  private constructor(
    private readonly socket: Socket,
    private readonly targetPort: number,
  ) {}

  static async open(targetPort: number): Promise<UdpGate> {
    const socket = createSocket('udp4');
    const gate = new UdpGate(socket, targetPort);
    socket.on('message', (packet, from) => gate.forward(packet, from.port));
    socket.bind(0, loopback);
    await once(socket, 'listening');
    return gate;
  }

  get port(): number {
    return this.socket.address().port;
  }

  close(): void {
    this.isOpen = false;
    for (const socket of [this.socket, ...this.beyond.values()]) socket.close();
  }

  private forward(packet: Uint8Array, fromPort: number): void {
    if (this.isOpen) this.towards(fromPort).send(packet, this.targetPort, loopback);
  }

  private towards(fromPort: number): Socket {
    const known = this.beyond.get(fromPort);
    if (known !== undefined) return known;
    const socket = createSocket('udp4');
    socket.on('message', (packet) => {
      if (this.isOpen) this.socket.send(packet, fromPort, loopback);
    });
    this.beyond.set(fromPort, socket);
    return socket;
  }
}
