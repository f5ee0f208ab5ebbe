import { LinuxSendQueue } from './linuxSendQueue.js';
import type { LinuxSocketCalls } from './linuxSocketCalls.js';
import { loadLinuxSocketCalls } from './linuxSocketCalls.js';
import { linux } from './linuxSocketLayout.js';
import { openLinuxUdpSockets } from './linuxUdpSocket.js';
import { adoptUdpSocket, openPortableUdpSocket } from './portableUdpSocket.js';
import { endpointLimits } from './quicLimits.js';
import { resolveHost } from './resolveHost.js';
import { addressFormOf } from './socketAddressForm.js';
import { TransportError } from './transportError.js';
import type { UdpAddress, UdpSocket, UdpSocketCounters, UdpSocketOptions } from './udpSocket.js';

/** A socket whose datagrams of one turn go out together. */
export interface QuicSocket extends UdpSocket {
  /** Hands what `send` has gathered to the kernel; nothing where each went out by itself. */
  flush(): void;
}

/** What a socket for QUIC must be told. */
export interface QuicSocketOptions extends UdpSocketOptions {
  readonly bufferBytes: number;
}

/**
 * Opens a socket for one QUIC endpoint. On Linux it receives on the event loop and sends in
 * batches; elsewhere it does both packet by packet.
 *
 * @throws TransportError as `openPortableUdpSocket`
 */
export async function openQuicSocket(options: QuicSocketOptions): Promise<QuicSocket> {
  const calls = tryLoadCalls();
  if (calls === null) return withoutQueue(await openPortableUdpSocket(options));
  const host = await resolveHost(options.host);
  const { port, bufferBytes, onPacket } = options;
  const [bound] = openLinuxUdpSockets(calls, { host, port, sockets: 1, bufferBytes });
  const { fd, family } = bound!;
  // From here on it is the receiver's, which closes it.
  const receiver = await adoptUdpSocket(fd, family === linux.AF_INET6 ? 'udp6' : 'udp4', onPacket);
  const { packetBytesMax } = endpointLimits;
  const queue = new LinuxSendQueue(calls, fd, addressFormOf(family), packetBytesMax);
  return new QueuedSocket(receiver, queue);
}

function tryLoadCalls(): LinuxSocketCalls | null {
  try {
    return loadLinuxSocketCalls();
  } catch (error) {
    if (error instanceof TransportError && error.code === 'unsupportedPlatform') return null;
    throw error;
  }
}

function withoutQueue(socket: UdpSocket): QuicSocket {
  return {
    localAddress: socket.localAddress,
    get counters() {
      return socket.counters;
    },
    send: (packet, offset, length, to) => socket.send(packet, offset, length, to),
    flush: () => undefined,
    close: () => socket.close(),
  };
}

class QueuedSocket implements QuicSocket {
  readonly localAddress: UdpAddress;
  readonly #receiver: UdpSocket;
  readonly #queue: LinuxSendQueue;
  #isClosed = false;

  constructor(receiver: UdpSocket, queue: LinuxSendQueue) {
    this.localAddress = receiver.localAddress;
    this.#receiver = receiver;
    this.#queue = queue;
  }

  get counters(): UdpSocketCounters {
    const { packetsIn, bytesIn, sendFailures } = this.#receiver.counters;
    const { counters } = this.#queue;
    return {
      ...counters,
      packetsIn,
      bytesIn,
      sendFailures: sendFailures + counters.sendFailures,
    };
  }

  send(packet: Uint8Array, offset: number, length: number, to: UdpAddress): void {
    // The number of a closed socket may be another's by now.
    if (this.#isClosed) return;
    this.#queue.push(packet, offset, length, to);
  }

  flush(): void {
    if (!this.#isClosed) this.#queue.flush();
  }

  close(): Promise<void> {
    this.flush();
    this.#isClosed = true;
    return this.#receiver.close();
  }
}
