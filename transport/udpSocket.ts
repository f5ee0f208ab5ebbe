/** Where a packet came from or goes to. IPv4-mapped IPv6 addresses are written as IPv4. */
export interface UdpAddress {
  /** Numeric, without zone. */
  readonly host: string;
  readonly port: number;
}

/**
 * A bound UDP socket on the event loop. There are two makers: the portable one
 * (`portableUdpSocket.ts`, node:dgram) and QUIC's (`quicSocket.ts`), which on Linux receives and
 * sends in batches.
 */
export interface UdpSocket {
  readonly localAddress: UdpAddress;
  /**
   * Sends one datagram, `packet[offset .. offset + length)`. The bytes may be reused as soon as
   * the call returns. A full socket buffer drops and counts; nothing is queued here.
   */
  send(packet: Uint8Array, offset: number, length: number, to: UdpAddress): void;
  readonly counters: UdpSocketCounters;
  close(): Promise<void>;
}

export interface UdpSocketCounters {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Packets that the kernel did not take. */
  readonly sendFailures: number;
}

/** @param packet valid during the call only: the socket may receive into the same memory again. */
export type UdpReceiver = (packet: Uint8Array, from: UdpAddress) => void;

export interface UdpSocketOptions {
  /** Numeric address or name; `::` is dual stack with a fallback to `0.0.0.0`. */
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly onPacket: UdpReceiver;
  /** SO_RCVBUF and SO_SNDBUF asked for, bytes. */
  readonly bufferBytes?: number;
}

export type UdpSocketMaker = (options: UdpSocketOptions) => Promise<UdpSocket>;
