import quiche from '@matrixai/quic/native/quiche.js';
import type { Config, Connection } from '@matrixai/quic/native/types.js';
import type { ConnectionHost } from './connectionHost.js';
import { ConnectionIdSource } from './connectionId.js';
import { ConnectionIdTable } from './connectionIdTable.js';
import { DeadlineHeap } from './deadlineHeap.js';
import { PacketHeader } from './packetHeader.js';
import { OverheadLedger } from './peerBudget.js';
import { PeerCertificates } from './peerCertificates.js';
import { makeClientConfig, makeServerSettings } from './quicConfig.js';
import { QuicConnection } from './quicConnection.js';
import { newQuicCounters } from './quicCounters.js';
import { checkQuicLimits, endpointLimits } from './quicLimits.js';
import { ReadyConnections } from './readyConnections.js';
import { applyTicket } from './sessionTicket.js';
import { ServerDoor, type Arrival, type DoorHost } from './serverDoor.js';
import type {
  ConnectionId,
  PacketLane,
  PacketSink,
  QuicClientOptions,
  QuicCounters,
  QuicEndpoint,
  QuicEvent,
  QuicLimits,
  QuicServerOptions,
  QuicServerTls,
  StreamId,
} from './quicTypes.js';
import { TransportError } from './transportError.js';
import type { UdpAddress } from './udpSocket.js';

/** Most bytes that one stream event carries. */
const streamReadBytesMax = 64 * 1024;

/**
 * An endpoint that accepts connections.
 *
 * @throws TransportError `invalidCertificate`, `invalidLimits`
 */
export function createQuicServer(options: QuicServerOptions): QuicEndpoint {
  checkQuicLimits(options.limits);
  const { tls, isBarred = () => false, isTrusted = () => false } = options;
  const counters = newQuicCounters();
  const settings = makeServerSettings(options, tls);
  const door = new ServerDoor({ ...options, counters, settings, isBarred, isTrusted });
  return new Endpoint(options, settings.config, counters, door);
}

/**
 * An endpoint that makes connections.
 *
 * @throws TransportError `invalidLimits`
 */
export function createQuicClient(options: QuicClientOptions): QuicEndpoint {
  checkQuicLimits(options.limits);
  return new Endpoint(options, makeClientConfig(options), newQuicCounters(), null);
}

class Endpoint implements QuicEndpoint, ConnectionHost, DoorHost {
  readonly role: 'server' | 'client';
  readonly limits: QuicLimits;
  readonly localAddress: UdpAddress;
  readonly counters: QuicCounters;
  readonly overhead = new OverheadLedger();
  readonly peerCertificates = new PeerCertificates();
  readonly scratch = new Uint8Array(streamReadBytesMax);
  readonly #config: Config;
  readonly #door: ServerDoor | null;
  readonly #newIds = new ConnectionIdSource();
  readonly #header = new PacketHeader();
  readonly #packet = new Uint8Array(endpointLimits.packetBytesMax);
  /** Connections that the application may use. */
  readonly #open = new Map<ConnectionId, QuicConnection>();
  /** Those, and the ones that still say goodbye. */
  readonly #all = new Set<QuicConnection>();
  /** Those whose handshake is not done, oldest first. */
  readonly #handshakes = new Set<QuicConnection>();
  readonly #ids = new ConnectionIdTable<QuicConnection>();
  readonly #timers = new DeadlineHeap<QuicConnection>();
  #dirty: QuicConnection[] = [];
  #spareDirty: QuicConnection[] = [];
  readonly #ready = new ReadyConnections();
  /** Bytes taken out move the windows, which the peer has to learn. */
  readonly #onRead = (connection: QuicConnection): void => this.#markDirty(connection);
  #lastNumber = 0;
  /** The time of the last call that told it. */
  #nowMs = 0;

  constructor(
    options: QuicServerOptions | QuicClientOptions,
    config: Config,
    counters: QuicCounters,
    door: ServerDoor | null,
  ) {
    this.role = door === null ? 'client' : 'server';
    this.counters = counters;
    this.limits = options.limits;
    this.localAddress = options.localAddress;
    this.#config = config;
    this.#door = door;
  }

  get connectionCount(): number {
    return this.#open.size;
  }

  get hasUnsentCloses(): boolean {
    if (this.#dirty.length > 0) return true;
    for (const connection of this.#all) if (connection.isClosing) return true;
    return false;
  }

  receive(packet: Uint8Array, from: UdpAddress, nowMs: number, sink?: PacketSink): void {
    this.#nowMs = nowMs;
    const header = this.#header;
    this.counters.packetsIn++;
    // RFC 9000 section 18.2: the peer was told the limit. The socket may have cut off the rest.
    const isTooLong = packet.length > endpointLimits.receivedPacketBytesMax;
    if (isTooLong || !header.read(packet)) {
      this.counters.droppedMalformed++;
      return;
    }
    const { destinationOffset, destinationBytes } = header;
    let connection = this.#ids.find(packet, destinationOffset, destinationBytes);
    if (connection === undefined) {
      connection = this.#knock(packet, from, nowMs);
      if (connection === undefined) return;
    }
    connection.receive(packet, from, nowMs);
    const isForUsAlone = !connection.isDirty && !connection.hasEvents;
    if (sink !== undefined && isForUsAlone) this.#flushOne(connection, nowMs, sink);
    else this.#touch(connection);
    if (this.overhead.isExceeded(this.#open.size)) this.#expelHeaviest(nowMs);
  }

  laneOf(packet: Uint8Array): PacketLane {
    const header = this.#header;
    if (this.#door === null) return 'member';
    if (!header.read(packet)) return 'other';
    const { destinationOffset, destinationBytes } = header;
    const connection = this.#ids.find(packet, destinationOffset, destinationBytes);
    if (connection !== undefined) return connection.isPreferred ? 'member' : 'begun';
    return header.tokenBytes > 0 ? 'proven' : 'other';
  }

  prefer(connection: ConnectionId): void {
    const target = this.#open.get(connection);
    if (target !== undefined) target.isPreferred = true;
  }

  advance(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#door?.advance(nowMs);
    let next = this.#timers.peek();
    while (next !== undefined && next.deadlineMs <= nowMs) {
      // The flush that follows sets the next deadline.
      this.#timers.remove(next);
      next.advance(nowMs);
      this.#touch(next);
      next = this.#timers.peek();
    }
  }

  nextTimeoutMs(nowMs: number): number | null {
    if (this.#dirty.length > 0) return nowMs;
    return this.#timers.peek()?.deadlineMs ?? null;
  }

  flush(nowMs: number, sink: PacketSink): void {
    this.#nowMs = nowMs;
    this.#door?.flush(sink);
    const dirty = this.#dirty;
    this.#dirty = this.#spareDirty;
    for (const connection of dirty) {
      connection.isDirty = false;
      this.#flushOne(connection, nowMs, sink);
    }
    dirty.length = 0;
    this.#spareDirty = dirty;
  }

  pollEvent(): QuicEvent | null {
    return this.#ready.pollEvent(this.#onRead);
  }

  useCertificate(tls: QuicServerTls): void {
    if (this.#door === null) throw new TransportError('wrongRole', 'a client shows no certificate');
    this.#door.useCertificate(tls);
  }

  connect(
    remote: UdpAddress,
    serverName: string,
    nowMs: number,
    ticket?: Uint8Array,
  ): ConnectionId {
    if (this.role !== 'client') {
      throw new TransportError('wrongRole', 'a server endpoint makes no connections');
    }
    if (this.#all.size >= this.limits.connectionsMax) {
      throw new TransportError('connectionLimit', 'the endpoint has all the connections it may');
    }
    this.#nowMs = nowMs;
    const sourceId = this.#newIds.next();
    const native = this.#begin(sourceId, remote, serverName);
    if (ticket !== undefined) applyTicket(native, ticket);
    return this.#add({ native, sourceId, sourceKey: '', remote, certificate: null, nowMs }).number;
  }

  openBidi(connection: ConnectionId): StreamId {
    return this.#require(connection).openStream('bidi');
  }

  openUni(connection: ConnectionId): StreamId {
    return this.#require(connection).openStream('uni');
  }

  setPriority(connection: ConnectionId, stream: StreamId, urgency: number): void {
    this.#open.get(connection)?.setUrgency(stream, urgency);
  }

  write(connection: ConnectionId, stream: StreamId, bytes: Uint8Array, fin = false): boolean {
    const target = this.#open.get(connection);
    if (target === undefined) return false;
    this.#touch(target);
    return target.write(stream, bytes, fin);
  }

  resetStream(connection: ConnectionId, stream: StreamId, code: number): void {
    const target = this.#open.get(connection);
    if (target === undefined) return;
    target.resetStream(stream, code);
    this.#touch(target);
  }

  sendDatagram(connection: ConnectionId, bytes: Uint8Array): boolean {
    const target = this.#open.get(connection);
    if (target === undefined) return false;
    this.#markDirty(target);
    return target.sendDatagram(bytes);
  }

  datagramBytesMax(connection: ConnectionId): number {
    return this.#open.get(connection)?.datagramBytesMax ?? 0;
  }

  close(connection: ConnectionId, code: number, reason: string): void {
    const target = this.#open.get(connection);
    if (target === undefined) return;
    target.close(code, reason, this.#nowMs);
    this.#touch(target);
  }

  closeAll(code: number, reason: string): void {
    for (const connection of [...this.#open.keys()]) this.close(connection, code, reason);
  }

  bufferedBytes(connection: ConnectionId): number {
    return this.#open.get(connection)?.bufferedBytes ?? 0;
  }

  remoteOf(connection: ConnectionId): UdpAddress | null {
    return this.#open.get(connection)?.remote ?? null;
  }

  roundTripMs(connection: ConnectionId): number {
    return this.#open.get(connection)?.roundTripMs ?? 0;
  }

  addConnectionId(id: Uint8Array, connection: QuicConnection): void {
    this.#ids.add(id, connection);
  }

  get keptConnections(): number {
    return this.#all.size;
  }

  endOldestHandshake(nowMs: number): boolean {
    const [oldest] = this.#handshakes;
    if (oldest === undefined) return false;
    const beganAtMs = oldest.handshakeDeadlineMs - this.limits.handshakeTimeoutMs;
    if (nowMs - beganAtMs < endpointLimits.handshakeMsMin) return false;
    oldest.expel('others wait for this handshake');
    this.#touch(oldest);
    return true;
  }

  handshakeEnded(connection: QuicConnection): void {
    this.#handshakes.delete(connection);
    this.#door?.handshakeEnded(connection.sourceKey);
  }

  connectionEnded(connection: QuicConnection): void {
    this.#open.delete(connection.number);
    this.counters.closed++;
  }

  #flushOne(connection: QuicConnection, nowMs: number, sink: PacketSink): void {
    const hasMore = connection.flush(nowMs, this.#packet, sink);
    if (connection.isGone) {
      this.#forget(connection);
      return;
    }
    this.#timers.set(connection, connection.nextDeadlineMs(nowMs));
    if (hasMore) this.#markDirty(connection);
    this.#ready.add(connection);
  }

  /** A packet for no connection: it may begin one, or be answered without any. */
  #knock(packet: Uint8Array, from: UdpAddress, nowMs: number): QuicConnection | undefined {
    if (this.#door === null) {
      this.counters.droppedUnknownConnection++;
      if (this.#header.form === 'short') this.#offerReset(packet, from, nowMs);
      return undefined;
    }
    const arrival = this.#door.knock(packet, this.#header, from, nowMs, this);
    return arrival === null ? undefined : this.#add(arrival);
  }

  #begin(sourceId: Uint8Array, remote: UdpAddress, serverName: string): Connection {
    const { localAddress } = this;
    try {
      return quiche.Connection.connect(serverName, sourceId, localAddress, remote, this.#config);
    } catch (cause) {
      throw new TransportError('invalidServerName', `"${serverName}" is no server's name`, {
        cause,
      });
    }
  }

  /**
   * A stateless reset carries no id: each connection to where it comes from looks at its token, as
   * far as that costs little.
   */
  #offerReset(packet: Uint8Array, from: UdpAddress, nowMs: number): void {
    if (this.#open.size > endpointLimits.resetCandidatesMax) return;
    for (const connection of this.#open.values()) {
      if (!connection.isTo(from)) continue;
      // The library decrypts in place.
      connection.receive(new Uint8Array(packet), from, nowMs);
      this.#touch(connection);
    }
  }

  /** Whoever has sent most that carries nothing goes first. */
  #expelHeaviest(nowMs: number): void {
    while (this.overhead.isExceeded(this.#open.size)) {
      let heaviest: QuicConnection | null = null;
      for (const connection of this.#open.values()) {
        if (connection.overhead.bytes > (heaviest?.overhead.bytes ?? 0)) heaviest = connection;
      }
      if (heaviest === null) return;
      const { bytes } = heaviest.overhead;
      // A forger's packets may have been among it.
      if (heaviest.overhead.recount(nowMs) < bytes) continue;
      heaviest.expel('too many bytes that carry nothing, with those of others');
      this.#touch(heaviest);
    }
  }

  #add(origin: Arrival): QuicConnection {
    this.#lastNumber++;
    const connection = new QuicConnection(this, { ...origin, number: this.#lastNumber });
    this.#open.set(connection.number, connection);
    this.#all.add(connection);
    this.#handshakes.add(connection);
    this.#touch(connection);
    return connection;
  }

  #forget(connection: QuicConnection): void {
    this.#timers.remove(connection);
    this.#all.delete(connection);
    for (const id of connection.sourceIds) this.#ids.remove(id);
    this.#door?.connectionEnded(connection.sourceKey);
    this.#ready.add(connection);
  }

  /** Something happened: there may be packets to send and events to tell. */
  #touch(connection: QuicConnection): void {
    this.#markDirty(connection);
    this.#ready.add(connection);
  }

  #markDirty(connection: QuicConnection): void {
    if (connection.isDirty) return;
    connection.isDirty = true;
    this.#dirty.push(connection);
  }

  #require(connection: ConnectionId): QuicConnection {
    const target = this.#open.get(connection);
    if (target !== undefined) return target;
    throw new TransportError('unknownConnection', `connection ${connection} is over`);
  }
}
