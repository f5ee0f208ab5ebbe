import { LinuxSendQueue } from './linuxSendQueue.js';
import { LinuxReceiveBatch } from './linuxReceiveBatch.js';
import { tryLoadLinuxSocketCalls } from './linuxSocketCalls.js';
import { linux } from './linuxSocketLayout.js';
import { openLinuxUdpSockets } from './linuxUdpSocket.js';
import { adoptUdpSocket, openPortableUdpSocket } from './portableUdpSocket.js';
import { endpointLimits } from './quicLimits.js';
import { packedAddressWords } from './packedAddress.js';
import { ReceivedAddresses } from './receivedAddresses.js';
import { resolveHost } from './resolveHost.js';
import { addressFormOf } from './socketAddressForm.js';
import type {
  UdpAddress,
  UdpReceiver,
  UdpSocket,
  UdpSocketCounters,
  UdpSocketOptions,
} from './udpSocket.js';

/** Datagrams that are taken out of the kernel at once, and how often in one turn. */
const batchMax = 32;
const batchesPerTurnMax = 4;

/** A socket whose datagrams of one turn come in and go out together. */
export interface QuicSocket extends UdpSocket {
  /**
   * Ends a turn: hands what `send` has gathered to the kernel, and lets the next turn receive its
   * share in batches. Nothing where packets come and go one by one.
   */
  flush(): void;
}

/** What a socket for QUIC must be told. */
export interface QuicSocketOptions extends UdpSocketOptions {
  readonly bufferBytes: number;
}

/**
 * Opens a socket for one QUIC endpoint. On Linux it receives and sends in batches; elsewhere it
 * does both packet by packet. What is longer than `receivedPacketBytesMax` arrives too long still,
 * but may be cut.
 *
 * @throws TransportError as `openPortableUdpSocket`
 */
export async function openQuicSocket(options: QuicSocketOptions): Promise<QuicSocket> {
  const calls = tryLoadLinuxSocketCalls();
  if (calls === null) return withoutBatches(await openPortableUdpSocket(options));
  const host = await resolveHost(options.host);
  const { port, bufferBytes, onPacket } = options;
  const [bound] = openLinuxUdpSockets(calls, { host, port, sockets: 1, bufferBytes });
  const { fd, family } = bound!;
  const form = addressFormOf(family);
  let socket: BatchedSocket | null = null;
  // From here on it is the first receiver's, which closes it.
  const first = await adoptUdpSocket(
    fd,
    family === linux.AF_INET6 ? 'udp6' : 'udp4',
    (packet, from) => socket?.take(packet, from),
  );
  const { packetBytesMax, receivedPacketBytesMax } = endpointLimits;
  const sendQueue = new LinuxSendQueue(calls, fd, form, packetBytesMax);
  const receiveOptions = { fd, form, batchMax, packetBytesMax: receivedPacketBytesMax };
  const rest = new LinuxReceiveBatch(calls, receiveOptions);
  socket = new BatchedSocket(first, rest, sendQueue, onPacket);
  return socket;
}

function withoutBatches(socket: UdpSocket): QuicSocket {
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

/**
 * node:dgram tells when something has arrived, and hands over the first datagram; the rest is taken
 * out of the kernel in batches, at a tenth of the price. Each turn of the event loop has its share,
 * so that timers and other sockets get theirs under a flood too.
 */
class BatchedSocket implements QuicSocket {
  readonly localAddress: UdpAddress;
  readonly #first: UdpSocket;
  readonly #rest: LinuxReceiveBatch;
  readonly #sendQueue: LinuxSendQueue;
  readonly #onPacket: UdpReceiver;
  readonly #addresses = new ReceivedAddresses();
  readonly #source = new Int32Array(packedAddressWords);
  #batchesLeft = batchesPerTurnMax;
  #packetsIn = 0;
  #bytesIn = 0;
  #isClosed = false;

  constructor(
    first: UdpSocket,
    rest: LinuxReceiveBatch,
    sendQueue: LinuxSendQueue,
    onPacket: UdpReceiver,
  ) {
    this.localAddress = first.localAddress;
    this.#first = first;
    this.#rest = rest;
    this.#sendQueue = sendQueue;
    this.#onPacket = onPacket;
  }

  get counters(): UdpSocketCounters {
    const { packetsIn, bytesIn, sendFailures } = this.#first.counters;
    const { counters } = this.#sendQueue;
    return {
      ...counters,
      packetsIn: packetsIn + this.#packetsIn,
      bytesIn: bytesIn + this.#bytesIn,
      sendFailures: sendFailures + counters.sendFailures,
    };
  }

  /** What node:dgram has received, which is older than all that waits in the kernel. */
  take(packet: Uint8Array, from: UdpAddress): void {
    this.#onPacket(packet, from);
    let isMoreLikely = true;
    while (isMoreLikely && this.#batchesLeft > 0 && !this.#isClosed) {
      this.#batchesLeft--;
      isMoreLikely = this.#takeBatch() === batchMax;
    }
  }

  send(packet: Uint8Array, offset: number, length: number, to: UdpAddress): void {
    // The number of a closed socket may be another's by now.
    if (this.#isClosed) return;
    this.#sendQueue.push(packet, offset, length, to);
  }

  flush(): void {
    this.#batchesLeft = batchesPerTurnMax;
    if (!this.#isClosed) this.#sendQueue.flush();
  }

  close(): Promise<void> {
    this.flush();
    this.#isClosed = true;
    return this.#first.close();
  }

  /** @returns how many there were */
  #takeBatch(): number {
    const rest = this.#rest;
    const count = rest.receive(linux.MSG_DONTWAIT);
    for (let slot = 0; slot < count; slot++) {
      const length = rest.packetBytes(slot);
      this.#packetsIn++;
      this.#bytesIn += length;
      rest.readSource(slot, this.#source);
      const from = this.#addresses.of(this.#source);
      if (from === null) continue;
      this.#onPacket(rest.packets[slot]!.subarray(0, length), from);
      // Whoever got it may have closed the socket.
      if (this.#isClosed) break;
    }
    return count;
  }
}
