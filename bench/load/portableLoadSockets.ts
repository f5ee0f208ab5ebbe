import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { openPortableUdpSocket } from '@rookery/transport/portableUdpSocket';
import type { UdpSocket } from '@rookery/transport/udpSocket';
import { nowUs } from './loadClock.js';
import type { LoadReceiver, LoadSockets } from './loadSockets.js';

interface WaitingPacket {
  readonly socket: number;
  readonly bytes: Uint8Array;
  readonly arrivedAtUs: number;
}

const host = '127.0.0.1';
const bufferBytes = 8 * 1_048_576;
/** Timers are no finer than this. */
const timerUsMin = 1_000;

/** Sockets of node:dgram: slower, and delays hold the time until the event loop turns. */
export async function openPortableLoadSockets(
  count: number,
  remotePort: number,
): Promise<LoadSockets> {
  const waiting: WaitingPacket[] = [];
  const sockets: UdpSocket[] = [];
  for (let socket = 0; socket < count; socket++) {
    const opened = await openPortableUdpSocket({
      host,
      port: 0,
      bufferBytes,
      onPacket: (packet) => {
        waiting.push({ socket, bytes: packet.slice(), arrivedAtUs: nowUs() });
      },
    });
    sockets.push(opened);
  }
  const outgoing = new Uint8Array(voicePacketBytesMax);
  const remote = { host, port: remotePort };
  return {
    kind: 'portable',
    localPorts: sockets.map(({ localAddress }) => localAddress.port),
    outgoing,
    send: (socket, length) => sockets[socket]!.send(outgoing, 0, length, remote),
    receive: (receiver: LoadReceiver) => {
      const arrived = waiting.splice(0);
      for (const { socket, bytes, arrivedAtUs } of arrived) {
        receiver(socket, bytes, bytes.length, arrivedAtUs);
      }
      return arrived.length;
    },
    wait: (microseconds) =>
      new Promise((resolve) => {
        if (microseconds < timerUsMin) setImmediate(resolve);
        else setTimeout(resolve, microseconds / 1_000);
      }),
    close: async () => {
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}
