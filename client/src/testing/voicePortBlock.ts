import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpSocketMaker } from '@rookery/transport/udpSocket';

/** A firewall between a client and the voice port, for tests. */
export class VoicePortBlock {
  isBlocked = false;

  /** Makes sockets behind it. */
  readonly openSocket: UdpSocketMaker = async (options) => {
    const socket = await openUdpSocket({
      ...options,
      onPacket: (packet, from) => {
        if (!this.isBlocked) options.onPacket(packet, from);
      },
    });
    return {
      localAddress: socket.localAddress,
      counters: socket.counters,
      send: (packet, offset, length, to) => {
        if (!this.isBlocked) socket.send(packet, offset, length, to);
      },
      close: () => socket.close(),
    };
  };
}
