import type { Connection, RecvInfo } from '@matrixai/quic/native/types.js';
import { closeCode, closeReasonOf } from './closeReason.js';
import { giveSpareIds } from './connectionId.js';
import { CongestionGuard } from './congestionGuard.js';
import type { ConnectionHost, ConnectionOrigin } from './connectionHost.js';
import { sendDatagram } from './datagramSender.js';
import type { Deadline } from './deadlineHeap.js';
import { KeepAlive } from './keepAlive.js';
import { PacketSender } from './packetSender.js';
import { PathGuard } from './pathGuard.js';
import { PeerBudget } from './peerBudget.js';
import { endpointLimits } from './quicLimits.js';
import type { ConnectionId, PacketSink, QuicClose, QuicEvent, StreamId } from './quicTypes.js';
import { RateBucket } from './rateBucket.js';
import { StreamReceiver } from './streamReceiver.js';
import { StreamSender } from './streamSender.js';
import { shutDownStream } from './streamShutdown.js';
import type { UdpAddress } from './udpSocket.js';

/**
 * One connection: the library's state, its streams, its timers and the limits on its peer.
 *
 *     handshake ──► established ──► closing ──► closed
 *         └──────────────┴───────────────────────▲
 *
 * `closing` puts out what was written before, then says goodbye; the application heard `closed`
 * already.
 */
export class QuicConnection implements Deadline {
  /** Both belong to the endpoint's heap of timers. */
  deadlineMs = Infinity;
  heapIndex = -1;
  /** Membership in the endpoint's lists of connections to flush and to poll; see its `prefer`. */
  isDirty = false;
  isReady = false;
  isPreferred = false;
  readonly number: ConnectionId;
  readonly sourceKey: string;
  readonly handshakeDeadlineMs: number;
  /** What the peer has sent that carries nothing. */
  readonly overhead: PeerBudget;
  /** All ids that lead to this connection. */
  readonly sourceIds: Uint8Array[] = [];
  readonly #host: ConnectionHost;
  readonly #certificate: ConnectionOrigin['certificate'];
  readonly #native: Connection;
  readonly #sender: StreamSender;
  readonly #receiver: StreamReceiver;
  readonly #paths: PathGuard;
  readonly #congestion: CongestionGuard;
  readonly #arrivals: RateBucket;
  readonly #packets: PacketSender;
  readonly #keepAlive: KeepAlive;
  readonly #events: QuicEvent[] = [];
  #state: 'handshake' | 'established' | 'closing' | 'closed' = 'handshake';
  #remote: UdpAddress;
  #receiveInfo: RecvInfo;
  #closedEvent: QuicEvent | null = null;
  #closeFrame: { code: number; reason: Uint8Array } | null = null;
  #lingerUntilMs = Infinity;
  #hasInput = false;
  #hasTicket = false;
  #hasNewData = false;
  #isBroken = false;
  /** The peer holds too much of our memory: nothing is kept of it once it was told. */
  #isExpelled = false;
  #isPaused = false;
  readonly #nextStreams: { bidi: StreamId; uni: StreamId };

  constructor(host: ConnectionHost, origin: ConnectionOrigin) {
    const { native, remote, nowMs } = origin;
    const { limits } = host;
    this.#host = host;
    this.#certificate = origin.certificate;
    this.#native = native;
    this.number = origin.number;
    this.sourceKey = origin.sourceKey;
    this.#remote = remote;
    this.#receiveInfo = { from: remote, to: host.localAddress };
    this.#sender = new StreamSender(native, limits, this);
    this.#receiver = new StreamReceiver(native, host.scratch);
    this.#paths = new PathGuard(native, remote, nowMs);
    this.overhead = new PeerBudget(native, limits.connectionWindowBytes, host.overhead, nowMs);
    this.#congestion = new CongestionGuard(native);
    this.#arrivals = new RateBucket(limits.packetsPerSecondMax, limits.packetsPerSecondMax, nowMs);
    this.#packets = new PacketSender(native, host.counters, host.localAddress, nowMs);
    this.handshakeDeadlineMs = nowMs + limits.handshakeTimeoutMs;
    this.#keepAlive = new KeepAlive(host.role, limits.keepAliveMs, nowMs);
    // RFC 9000 section 2.1: bit 0 is the initiator, bit 1 the direction.
    this.#nextStreams = host.role === 'server' ? { bidi: 1, uni: 3 } : { bidi: 0, uni: 2 };
    this.#addSourceId(origin.sourceId);
  }

  /** After a flush: whether nothing is left to send or wait for, so that it may be forgotten. */
  get isGone(): boolean {
    if (this.#isBroken || this.#isExpelled) return true;
    return this.#state === 'closed' && this.#native.isClosed();
  }

  get isClosing(): boolean {
    return this.#state === 'closing';
  }

  get remote(): UdpAddress {
    return this.#remote;
  }

  isTo(address: UdpAddress): boolean {
    return address.port === this.#remote.port && address.host === this.#remote.host;
  }

  /** One packet for this connection. Throws nothing. */
  receive(packet: Uint8Array, from: UdpAddress, nowMs: number): void {
    const { counters } = this.#host;
    if (!this.#arrivals.take(nowMs)) {
      counters.droppedRate++;
      return;
    }
    const isFromElsewhere = !this.isTo(from);
    if (isFromElsewhere && !this.#admitsPath(from, nowMs)) return;
    this.overhead.received(packet.length);
    this.#keepAlive.heard(nowMs);
    if (isFromElsewhere) this.#keepAlive.heardFromElsewhere(nowMs);
    try {
      const info = isFromElsewhere ? { from, to: this.#host.localAddress } : this.#receiveInfo;
      this.#native.recv(packet, info);
    } catch {
      counters.droppedMalformed++;
    }
    this.#hasInput = true;
    this.#look(nowMs, this.#native.isDraining());
  }

  /** Fires what is due. */
  advance(nowMs: number): void {
    this.#native.onTimeout();
    if (this.#state === 'handshake' && nowMs >= this.handshakeDeadlineMs) {
      this.#abort('handshakeTimeout', closeCode.noError, 'the handshake took too long');
      return;
    }
    if (this.#state === 'established' && nowMs >= this.#keepAlive.dueAtMs()) {
      this.#native.sendAckEliciting();
      this.#keepAlive.sent(nowMs);
    }
    this.#look(nowMs, this.#native.isDraining() || this.#native.isClosed());
  }

  /**
   * Sends what is due.
   *
   * @returns whether it stopped at its share of the flush and has more to send at once
   */
  flush(nowMs: number, out: Uint8Array, sink: PacketSink): boolean {
    if (this.#isBroken) return false;
    const { counters } = this.#host;
    const sentBefore = counters.packetsOut;
    const carriesData = this.#hasNewData || this.#sender.hasWaiting;
    this.#hasNewData = false;
    if (this.#sender.hasWaiting) this.#sender.drain();
    this.#guardCongestion();
    let outcome = this.#packets.send(nowMs, out, this.#remote, sink);
    if (carriesData) this.overhead.sent(counters.packetsOut - sentBefore);
    if (outcome === 'done' && this.#state === 'closing' && this.#canSayGoodbye(nowMs)) {
      this.#sayGoodbye();
      outcome = this.#packets.send(nowMs, out, this.#remote, sink);
    }
    if (outcome === 'broken') this.#break();
    this.#isPaused = outcome === 'paused';
    return outcome === 'capped';
  }

  /** When advance() is due next. Ask after flush(). */
  nextDeadlineMs(nowMs: number): number {
    const timeoutMs = this.#native.timeout();
    // A stateless reset ends a connection without draining it.
    if (timeoutMs === null && this.#native.isClosed()) return nowMs;
    // The library cuts off the fraction: one millisecond later it is certainly due.
    let deadlineMs = timeoutMs === null ? Infinity : nowMs + timeoutMs + 1;
    if (this.#state === 'handshake') {
      deadlineMs = Math.min(deadlineMs, this.handshakeDeadlineMs);
    } else if (this.#state === 'established') {
      deadlineMs = Math.min(deadlineMs, this.#keepAlive.dueAtMs());
    } else if (this.#state === 'closing') {
      deadlineMs = Math.min(deadlineMs, this.#lingerUntilMs);
    }
    return this.#isPaused ? Math.min(deadlineMs, nowMs + endpointLimits.sendPauseMs) : deadlineMs;
  }

  /** Whether takeEvent() has one. */
  get hasEvents(): boolean {
    if (this.#events.length > 0 || this.#closedEvent !== null) return true;
    return this.#hasInput && (this.#native.isReadable() || this.#native.dgramRecvQueueLen() > 0);
  }

  /** The next event, or null. */
  takeEvent(): QuicEvent | null {
    const event = this.#events.shift() ?? (this.#hasInput ? this.#takeInput() : null);
    if (event !== null) return event;
    this.#hasInput = false;
    const closed = this.#closedEvent;
    this.#closedEvent = null;
    return closed;
  }

  openStream(direction: 'bidi' | 'uni'): StreamId {
    const stream = this.#nextStreams[direction];
    this.#sender.open(stream);
    this.#nextStreams[direction] += 4;
    return stream;
  }

  setUrgency(stream: StreamId, urgency: number): void {
    this.#sender.setUrgency(stream, urgency);
  }

  write(stream: StreamId, bytes: Uint8Array, fin: boolean): boolean {
    this.#hasNewData = true;
    const isTaken = this.#sender.write(stream, bytes, fin);
    this.#guardCongestion();
    return isTaken;
  }

  resetStream(stream: StreamId, code: number): void {
    this.#sender.drop(stream);
    this.#receiver.forget(stream);
    shutDownStream(this.#native, stream, code);
  }

  sendDatagram(bytes: Uint8Array): boolean {
    this.#hasNewData = true;
    return sendDatagram(this.#native, bytes, this.#host.counters);
  }

  get datagramBytesMax(): number {
    return this.#native.dgramMaxWritableLen() ?? 0;
  }

  get bufferedBytes(): number {
    return this.#sender.bufferedBytes;
  }

  get roundTripMs(): number {
    return this.#native.pathStats().find((path) => path.active)?.rtt ?? 0;
  }

  /** Ends the connection for the application; what was written goes out before the close. */
  close(code: number, reason: string, nowMs: number): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    const isWorthwhile = this.#host.role === 'server' || this.#state === 'established';
    const phrase = new TextEncoder().encode(reason).subarray(0, endpointLimits.closeReasonBytesMax);
    this.#closeFrame = { code, reason: phrase };
    this.#lingerUntilMs = nowMs + endpointLimits.lingerMs;
    this.#hasInput = false;
    this.#events.length = 0;
    this.#end({ by: 'local', isApplication: true, code, reason }, 'closing');
    // A client that gives up connecting may be speaking to nobody.
    if (!isWorthwhile) this.#sayGoodbye();
  }

  streamWritable(stream: StreamId): void {
    this.#events.push({ type: 'writable', connection: this.number, stream });
  }

  streamStopped(stream: StreamId, code: number): void {
    this.#events.push({ type: 'streamReset', connection: this.number, stream, code });
  }

  /** Ends the connection of a peer that makes us hold too much. */
  expel(reason: string): void {
    this.#isExpelled = true;
    this.#abort('local', closeCode.protocolViolation, reason);
  }

  #admitsPath(from: UdpAddress, nowMs: number): boolean {
    const { role, counters } = this.#host;
    // Servers do not move (RFC 9000 section 9).
    if (role === 'client') counters.droppedMalformed++;
    else if (this.#paths.admits(from, nowMs)) return true;
    else counters.droppedRate++;
    return false;
  }

  /** Takes note of what the library did with a packet or a timer. */
  #look(nowMs: number, isOver: boolean): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'closing') {
      if (isOver) this.#state = 'closed';
      return;
    }
    if (this.#state === 'handshake' && this.#native.isEstablished()) this.#establish();
    this.#lookAtPaths(nowMs);
    if (this.#host.role === 'client' && !this.#hasTicket) this.#lookForTicket();
    if (isOver) {
      this.#end(closeReasonOf(this.#native, this.#state === 'handshake'), 'closed');
    } else if (this.overhead.isExceeded(nowMs)) {
      this.expel('too many bytes that carry nothing');
    }
  }

  #guardCongestion(): void {
    if (this.#state !== 'established') return;
    const { takenBytes } = this.#sender;
    if (this.#congestion.isExceeded(takenBytes)) this.expel('acknowledged what it cannot have');
  }

  #establish(): void {
    this.#state = 'established';
    const { role, counters, peerCertificates } = this.#host;
    counters.established++;
    this.#host.handshakeEnded(this);
    if (role === 'client') giveSpareIds(this.#native).forEach((id) => this.#addSourceId(id));
    const { number: connection, remote } = this;
    const resumed = this.#native.isResumed();
    const certificate = this.#certificate ?? peerCertificates.read(this.#native);
    this.#events.push({ type: 'connected', connection, remote, resumed, certificate });
  }

  #addSourceId(id: Uint8Array): void {
    this.sourceIds.push(id);
    this.#host.addConnectionId(id, this);
  }

  #lookAtPaths(nowMs: number): void {
    let change = this.#paths.next(nowMs);
    while (change !== null) {
      if (change.kind === 'tooManyMigrations') {
        this.#abort('local', closeCode.protocolViolation, 'the address changed too often');
        return;
      }
      this.#packets.leave(this.#remote, nowMs);
      this.#remote = change.remote;
      this.#receiveInfo = { from: change.remote, to: this.#host.localAddress };
      this.#events.push({ type: 'migrated', connection: this.number, remote: change.remote });
      change = this.#paths.next(nowMs);
    }
  }

  #lookForTicket(): void {
    const ticket = this.#native.session();
    if (ticket === null) return;
    this.#hasTicket = true;
    this.#events.push({ type: 'ticket', connection: this.number, ticket });
  }

  #takeInput(): QuicEvent | null {
    const datagram = this.#native.dgramRecvVec();
    if (datagram !== null) {
      this.overhead.delivered(datagram.length);
      return { type: 'datagram', connection: this.number, bytes: datagram };
    }
    const input = this.#receiver.next();
    if (input === null) return null;
    const { stream } = input;
    if ('resetCode' in input) {
      return { type: 'streamReset', connection: this.number, stream, code: input.resetCode };
    }
    this.overhead.delivered(input.bytes.length);
    const early = this.#state === 'handshake' && this.#host.role === 'server';
    return { type: 'stream', connection: this.number, ...input, early };
  }

  #break(): void {
    this.#isBroken = true;
    if (this.#state !== 'handshake' && this.#state !== 'established') return;
    const reason = 'no packets can be sent any more';
    const code = closeCode.internalError;
    this.#end({ by: 'local', isApplication: false, code, reason }, 'closed');
  }

  #canSayGoodbye(nowMs: number): boolean {
    if (nowMs >= this.#lingerUntilMs) return true;
    // Before, the library could say no code of the application's.
    return !this.#sender.hasWaiting && this.#native.isEstablished();
  }

  #sayGoodbye(): void {
    const { code, reason } = this.#closeFrame!;
    this.#state = 'closed';
    this.#sender.clear();
    this.#native.close(true, code, reason);
  }

  #abort(by: 'local' | 'handshakeTimeout', code: number, reason: string): void {
    this.#native.close(false, code, new TextEncoder().encode(reason));
    this.#hasInput = false;
    this.#end({ by, isApplication: false, code, reason }, 'closed');
  }

  #end(close: QuicClose, state: 'closing' | 'closed'): void {
    const wasInHandshake = this.#state === 'handshake';
    this.#state = state;
    this.overhead.release();
    this.#closedEvent = { type: 'closed', connection: this.number, close };
    if (state === 'closed') this.#sender.clear();
    if (wasInHandshake) this.#host.handshakeEnded(this);
    this.#host.connectionEnded(this);
  }
}
