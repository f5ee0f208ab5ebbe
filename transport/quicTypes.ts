import type { CertificateIdentity } from './certificateIdentity.js';
import type { UdpAddress } from './udpSocket.js';

/**
 * The face of the QUIC endpoint. No socket and no clock inside: bytes and `nowMs` go in, bytes and
 * events come out. Every call is synchronous and belongs to the thread that made the endpoint.
 */

/** Numbers a connection for the life of its endpoint; never reused. */
export type ConnectionId = number;

/** QUIC stream id (RFC 9000 section 2.1): its low bits tell initiator and direction. */
export type StreamId = number;

export interface QuicServerTls {
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM, P-256 or Ed25519. */
  readonly privateKey: string;
}

/** Every number here bounds what one peer, or all of them, can make the endpoint hold or do. */
export interface QuicLimits {
  readonly connectionsMax: number;
  /** Connections, established or not, from one source address (IPv6: one /64). */
  readonly connectionsPerAddressMax: number;
  /** Connections that have not finished their handshake, from one source address. */
  readonly handshakesPerAddressMax: number;
  /** The same over all addresses. */
  readonly handshakesMax: number;
  readonly handshakeTimeoutMs: number;
  readonly idleTimeoutMs: number;
  /** Silence after which a client says something; 0 sends no keep-alives. See KeepAlive. */
  readonly keepAliveMs: number;
  readonly bidiStreamsMax: number;
  readonly uniStreamsMax: number;
  /** Flow-control window of one stream, bytes. */
  readonly streamWindowBytes: number;
  /** Flow-control window of one connection, bytes. */
  readonly connectionWindowBytes: number;
  /** Bytes that the endpoint keeps for one stream beyond quiche's own before write() refuses. */
  readonly streamSendBytesMax: number;
  /** The same over all streams of one connection. */
  readonly connectionSendBytesMax: number;
  /** Datagrams kept per direction and connection; the oldest is dropped. */
  readonly datagramQueueMax: number;
  /** Packets a connection may send into the endpoint per second before they are dropped. */
  readonly packetsPerSecondMax: number;
}

export interface QuicServerOptions {
  readonly tls: QuicServerTls;
  readonly alpn: string;
  readonly limits: QuicLimits;
  /** Address the socket is bound to, as quiche wants to know it. */
  readonly localAddress: UdpAddress;
  /** 48 bytes; kept by the caller, so that tickets and stateless resets outlive a restart. */
  readonly ticketKey: Uint8Array;
  /**
   * Asked of each address that begins a connection and has proved itself: whether it is refused
   * without a handshake. Without it nobody is.
   */
  readonly isBarred?: (host: string) => boolean;
  /** Sources (see `sourceKey`) that have no limits of their own. Without it none is trusted. */
  readonly isTrusted?: (source: string) => boolean;
}

export interface QuicClientOptions {
  readonly alpn: string;
  readonly limits: QuicLimits;
  readonly localAddress: UdpAddress;
}

export type QuicEvent =
  /** Handshake done. `certificate` is the server's, on both sides; null where it cannot be read. */
  | {
      readonly type: 'connected';
      readonly connection: ConnectionId;
      readonly remote: UdpAddress;
      readonly resumed: boolean;
      readonly certificate: CertificateIdentity | null;
    }
  /**
   * Bytes of a stream in order. `early` marks 0-RTT data, which may be a replay: nothing that
   * changes state may follow from it; it comes before `connected`. `bytes` belongs to the receiver
   * of the event. What is not polled stays inside the flow-control windows and slows the peer
   * down.
   */
  | {
      readonly type: 'stream';
      readonly connection: ConnectionId;
      readonly stream: StreamId;
      readonly bytes: Uint8Array;
      readonly fin: boolean;
      readonly early: boolean;
    }
  /** The peer reset the stream, or asked us to stop sending on it. */
  | {
      readonly type: 'streamReset';
      readonly connection: ConnectionId;
      readonly stream: StreamId;
      readonly code: number;
    }
  /** A stream that refused bytes takes some again. */
  | { readonly type: 'writable'; readonly connection: ConnectionId; readonly stream: StreamId }
  | { readonly type: 'datagram'; readonly connection: ConnectionId; readonly bytes: Uint8Array }
  /** The peer's address changed (RFC 9000 section 9) and was validated. */
  | { readonly type: 'migrated'; readonly connection: ConnectionId; readonly remote: UdpAddress }
  /** Client only: keep it for the next connect. */
  | { readonly type: 'ticket'; readonly connection: ConnectionId; readonly ticket: Uint8Array }
  /** Last event of a connection. */
  | { readonly type: 'closed'; readonly connection: ConnectionId; readonly close: QuicClose };

export interface QuicClose {
  readonly by: 'local' | 'peer' | 'idleTimeout' | 'handshakeTimeout' | 'statelessReset';
  readonly isApplication: boolean;
  readonly code: number;
  readonly reason: string;
}

/** Where the endpoint puts outgoing packets. `packet` is reused after the call. */
export type PacketSink = (packet: Uint8Array, length: number, to: UdpAddress) => void;

/**
 * Whose a packet is that comes to an endpoint:
 *
 * - `member`: of a connection that the application prefers, and on a client of any
 * - `begun`: of another connection, most of which have not logged in
 * - `proven`: begins a connection, and seems to come from where it says
 * - `other`: anything else, as a first packet
 */
export type PacketLane = 'member' | 'begun' | 'proven' | 'other';

/** The lanes in which packets wait. */
export type NewcomerLane = Exclude<PacketLane, 'member'>;

export interface QuicEndpoint {
  /** Whose a packet is, from what can be read of it without keys. Cheap; keeps nothing. */
  laneOf(packet: Uint8Array): PacketLane;
  /** The packets of this connection are a `member`'s from here on. */
  prefer(connection: ConnectionId): void;
  /**
   * One packet from the socket. Never throws for what a peer sent: bad packets are counted.
   *
   * @param sink where given, what follows from a packet that brings no event, as from a mere
   *   acknowledgement, is sent at once: later the connection would have left the processor's caches
   */
  receive(packet: Uint8Array, from: UdpAddress, nowMs: number, sink?: PacketSink): void;
  /** Fires the timers that are due. */
  advance(nowMs: number): void;
  /**
   * When advance() and flush() must be called at the latest, on the clock of `nowMs`; null: nothing
   * to wait for.
   */
  nextTimeoutMs(nowMs: number): number | null;
  /** Writes all packets that are due. Call once per turn, after receive, advance and writes. */
  flush(nowMs: number, sink: PacketSink): void;
  /** The next event, or null. Drain after receive and advance. */
  pollEvent(): QuicEvent | null;

  /**
   * Server role only: connections that begin from now on are shown this certificate. Those that
   * there are go on as they began. Tickets that were given with another one mean full handshakes.
   *
   * @throws TransportError `wrongRole`, `invalidCertificate` (the one before stays)
   */
  useCertificate(tls: QuicServerTls): void;
  /**
   * Client role only.
   *
   * @param ticket of an earlier connection to the same server: resumes it, and lets streams be
   *   opened and written before `connected`
   * @throws TransportError `wrongRole`, `connectionLimit`, `invalidServerName`
   */
  connect(remote: UdpAddress, serverName: string, nowMs: number, ticket?: Uint8Array): ConnectionId;
  /** @throws TransportError `unknownConnection`, `streamLimit` */
  openBidi(connection: ConnectionId): StreamId;
  /** @throws TransportError `unknownConnection`, `streamLimit` */
  openUni(connection: ConnectionId): StreamId;
  /** urgency 0 (first) … 255; RFC 9218. */
  setPriority(connection: ConnectionId, stream: StreamId, urgency: number): void;
  /**
   * All or nothing: takes the bytes (which may be reused afterwards) and returns true, or takes
   * none and returns false when the stream's or connection's buffer is full; then a `writable`
   * event follows. False without one: the stream or connection is over. A write longer than the
   * limits is taken while nothing waits.
   *
   * @throws TransportError `unknownStream`
   */
  write(connection: ConnectionId, stream: StreamId, bytes: Uint8Array, fin?: boolean): boolean;
  resetStream(connection: ConnectionId, stream: StreamId, code: number): void;
  /**
   * Best effort; false when the peer takes none or it is too long. One that leaves beside the last
   * packets of the handshake may be dropped by the peer's library with them.
   */
  sendDatagram(connection: ConnectionId, bytes: Uint8Array): boolean;
  /** Longest datagram that fits now, 0 when the peer takes none. */
  datagramBytesMax(connection: ConnectionId): number;
  /**
   * Ends the connection: its `closed` event follows at once. What was written before is put out
   * first, within a second, and not repeated should it get lost.
   *
   * QUIC carries no code of an application before the handshake is done (RFC 9000 section 10.2.3).
   * A server finishes the handshake first, within the same second; a client does not wait, and its
   * server hears APPLICATION_ERROR.
   */
  close(connection: ConnectionId, code: number, reason: string): void;
  /** The same for every connection. */
  closeAll(code: number, reason: string): void;
  /** Whether a connection that was closed here still waits to tell its peer. */
  readonly hasUnsentCloses: boolean;
  /** Bytes written but not yet taken by quiche, over all streams. */
  bufferedBytes(connection: ConnectionId): number;
  /** Where the peer is now; null once the connection is over. */
  remoteOf(connection: ConnectionId): UdpAddress | null;
  /** Smoothed round trip, milliseconds. */
  roundTripMs(connection: ConnectionId): number;
  readonly connectionCount: number;
  readonly counters: Readonly<QuicCounters>;
}

/** Packets and connections refused or dropped, by reason, and the totals beside them. */
export interface QuicCounters {
  packetsIn: number;
  packetsOut: number;
  accepted: number;
  established: number;
  closed: number;
  retriesSent: number;
  versionNegotiationsSent: number;
  statelessResetsSent: number;
  /** Clients told that there is no room for them. */
  refusalsSent: number;
  droppedMalformed: number;
  droppedUnknownConnection: number;
  droppedInvalidToken: number;
  droppedConnectionLimit: number;
  droppedAddressLimit: number;
  droppedBarredAddress: number;
  droppedHandshakeLimit: number;
  droppedRate: number;
  droppedDatagrams: number;
}
