import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { bindError } from './bindError.js';
import { resolveHost } from './resolveHost.js';
import { TransportError } from './transportError.js';
import type {
  UdpAddress,
  UdpReceiver,
  UdpSocket,
  UdpSocketCounters,
  UdpSocketMaker,
  UdpSocketOptions,
} from './udpSocket.js';

/** How node:dgram shows an IPv4 peer on a dual-stack socket (RFC 4291 section 2.5.5.2). */
const mappedPrefix = '::ffff:';

/** What a socket speaks; `udp6` may be dual stack. */
export type SocketFamily = 'udp4' | 'udp6';

/**
 * A socket on node:dgram: runs everywhere, costs a few microseconds a packet.
 *
 * `::` takes IPv4 too; on a machine without IPv6 it becomes `0.0.0.0`.
 *
 * @throws TransportError `addressInUse`, `addressNotAvailable`, `permissionDenied`,
 *   `unresolvableHost`, else `internal`
 */
export const openPortableUdpSocket: UdpSocketMaker = async (options) => {
  const host = await resolveHost(options.host);
  if (!isIPv6(host)) return await open('udp4', host, options);
  try {
    return await open('udp6', host, options);
  } catch (error) {
    const isWithoutIpv6 = host === '::' && error instanceof TransportError && isFamilyFault(error);
    if (!isWithoutIpv6) throw error;
    return await open('udp4', '0.0.0.0', options);
  }
};

/**
 * Makes a socket of one that is bound already; closing it closes that one.
 *
 * @param fd of a UDP socket of this family
 */
export async function adoptUdpSocket(
  fd: number,
  family: SocketFamily,
  onPacket: UdpReceiver,
): Promise<UdpSocket> {
  const socket = createSocket(family);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ fd, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  return new PortableUdpSocket(socket, family, onPacket);
}

async function open(
  family: SocketFamily,
  host: string,
  options: UdpSocketOptions,
): Promise<UdpSocket> {
  // Addresses are numeric, so that nothing needs to be looked up; dgram's own look-up would defer
  // every packet to a later tick.
  const socket = createSocket({
    type: family,
    lookup: (address, _options, callback) => callback(null, address, family === 'udp6' ? 6 : 4),
  });
  try {
    await bind(socket, host, options.port);
  } catch (cause) {
    socket.close();
    throw bindError(cause, host, options.port);
  }
  if (options.bufferBytes !== undefined) askForBuffers(socket, options.bufferBytes);
  return new PortableUdpSocket(socket, family, options.onPacket);
}

function bind(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
}

/** The kernel grants what its own limit allows; less only means that bursts are dropped sooner. */
function askForBuffers(socket: Socket, bytes: number): void {
  try {
    socket.setRecvBufferSize(bytes);
    socket.setSendBufferSize(bytes);
  } catch {
    return;
  }
}

class PortableUdpSocket implements UdpSocket {
  readonly localAddress: UdpAddress;
  readonly #socket: Socket;
  readonly #family: SocketFamily;
  readonly #counters = { packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, sendFailures: 0 };
  #closing: Promise<void> | null = null;
  #unfinishedSends = 0;
  #onSendsFinished: (() => void) | null = null;

  constructor(socket: Socket, family: SocketFamily, onPacket: UdpReceiver) {
    this.#socket = socket;
    this.#family = family;
    const { address, port } = socket.address();
    this.localAddress = { host: address, port };
    socket.on('message', (packet, from) => {
      this.#counters.packetsIn++;
      this.#counters.bytesIn += packet.length;
      onPacket(packet, plainAddress(from));
    });
    // What the kernel reports here (an unreachable peer, say) concerns one packet, not the socket.
    socket.on('error', () => this.#counters.sendFailures++);
  }

  get counters(): UdpSocketCounters {
    return this.#counters;
  }

  send(packet: Uint8Array, offset: number, length: number, to: UdpAddress): void {
    if (this.#closing !== null) {
      this.#counters.sendFailures++;
      return;
    }
    // dgram may keep the buffer beyond the call.
    const copy = Buffer.allocUnsafe(length);
    copy.set(packet.subarray(offset, offset + length));
    const host =
      this.#family === 'udp6' && !to.host.includes(':') ? mappedPrefix + to.host : to.host;
    this.#unfinishedSends++;
    try {
      this.#socket.send(copy, 0, length, to.port, host, this.#onSent);
    } catch {
      // A port of 0 or the like, which only a forged source address brings here.
      this.#onSent(new Error('not sendable'), 0);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAfterSends();
    return this.#closing;
  }

  async #closeAfterSends(): Promise<void> {
    if (this.#unfinishedSends > 0) {
      await new Promise<void>((resolve) => {
        this.#onSendsFinished = resolve;
      });
    }
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  readonly #onSent = (error: Error | null, bytes: number): void => {
    if (error === null) {
      this.#counters.packetsOut++;
      this.#counters.bytesOut += bytes;
    } else {
      this.#counters.sendFailures++;
    }
    this.#unfinishedSends--;
    if (this.#unfinishedSends === 0) this.#onSendsFinished?.();
  };
}

function plainAddress(from: RemoteInfo): UdpAddress {
  const address = from.address;
  if (address.startsWith(mappedPrefix)) {
    return { host: address.slice(mappedPrefix.length), port: from.port };
  }
  const zone = address.indexOf('%');
  return { host: zone === -1 ? address : address.slice(0, zone), port: from.port };
}

/** Whether binding failed as it does where IPv6 is switched off. */
function isFamilyFault(error: TransportError): boolean {
  return error.code === 'addressNotAvailable';
}
