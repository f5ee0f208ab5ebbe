import quiche from '@matrixai/quic/native/quiche.js';
import type { Connection } from '@matrixai/quic/native/types.js';
import type { ConnectionOrigin } from './connectionHost.js';
import { ConnectionIdSource } from './connectionId.js';
import { writeConnectionRefusal } from './connectionRefusal.js';
import { initialDatagramBytesMin } from './packetHeader.js';
import type { PacketHeader } from './packetHeader.js';
import { endpointLimits } from './quicLimits.js';
import { makeServerSettings, type ServerSettings } from './quicConfig.js';
import type { PacketSink, QuicCounters, QuicLimits, QuicServerTls } from './quicTypes.js';
import { RateBucket } from './rateBucket.js';
import { RetryTokens } from './retryToken.js';
import { SourceLimits, sourceKey } from './sourceLimits.js';
import {
  resettablePacketBytesMin,
  resetTokenNumber,
  ResetTokens,
  writeStatelessReset,
  writeVersionNegotiation,
} from './statelessPackets.js';
import type { UdpAddress } from './udpSocket.js';

/** Shortest destination connection id of a client's first packet (RFC 9000 section 7.2). */
const originalIdBytesMin = 8;

/** What the door has to know of those that are in. */
export interface DoorHost {
  /** Connections that are kept, closing ones too. */
  readonly keptConnections: number;
  /** Ends the oldest handshake, where it has had its time. @returns whether it did */
  endOldestHandshake(nowMs: number): boolean;
}

/** A connection that begins, but for its number. */
export type Arrival = Omit<ConnectionOrigin, 'number'>;

/** What a door is made of. */
export interface DoorOptions {
  readonly alpn: string;
  readonly limits: QuicLimits;
  readonly counters: QuicCounters;
  /** What connections begin with at first. */
  readonly settings: ServerSettings;
  readonly localAddress: UdpAddress;
  /** As it outlives a restart, so do the reset tokens that derive from it. */
  readonly ticketKey: Uint8Array;
  /** See QuicServerOptions. */
  readonly isBarred: (host: string) => boolean;
  /** See QuicServerOptions. */
  readonly isTrusted: (source: string) => boolean;
}

interface Answer {
  readonly packet: Uint8Array;
  readonly to: UdpAddress;
}

/**
 * Where packets end that belong to no connection of a server. Answers what can be answered without
 * keeping anything, and lets in who has proved its address and is within the limits.
 *
 * Every client is sent a Retry first (RFC 9000 section 8.1.2): one round trip more at login, and no
 * forged address ever costs memory or a signature. All answers are shorter than what caused them.
 */
export class ServerDoor {
  readonly #limits: QuicLimits;
  readonly #counters: QuicCounters;
  readonly #options: DoorOptions;
  readonly #localAddress: UdpAddress;
  readonly #isBarred: (host: string) => boolean;
  readonly #tokens = new RetryTokens();
  readonly #resetTokens: ResetTokens;
  readonly #ids = new ConnectionIdSource();
  readonly #sources: SourceLimits;
  readonly #scratch = new Uint8Array(endpointLimits.packetBytesMax);
  readonly #answers: Answer[] = [];
  #retryRate: RateBucket | null = null;
  #answerRate: RateBucket | null = null;
  #settings: ServerSettings;
  #handshakes = 0;
  #sweptAtMs = 0;

  constructor(options: DoorOptions) {
    const { limits, counters, settings, localAddress, ticketKey, isBarred, isTrusted } = options;
    this.#options = options;
    this.#limits = limits;
    this.#counters = counters;
    this.#settings = settings;
    this.#localAddress = localAddress;
    this.#isBarred = isBarred;
    this.#sources = new SourceLimits(limits, isTrusted);
    this.#resetTokens = new ResetTokens(ticketKey);
  }

  /**
   * A packet for no connection.
   *
   * @param header what was read from `packet`
   * @returns the connection that begins with this packet, which it has not received yet, or null
   */
  knock(
    packet: Uint8Array,
    header: PacketHeader,
    from: UdpAddress,
    nowMs: number,
    host: DoorHost,
  ): Arrival | null {
    switch (header.form) {
      case 'initial':
        return this.#knockInitial(packet, header, from, nowMs, host);
      case 'otherVersion':
        this.#negotiateVersion(packet, header, from, nowMs);
        return null;
      case 'short':
        this.#reset(packet, header, from, nowMs);
        return null;
      case 'otherLong':
        this.#counters.droppedUnknownConnection++;
        return null;
    }
  }

  /** See QuicEndpoint. @throws TransportError `invalidCertificate` (the one before stays) */
  useCertificate(tls: QuicServerTls): void {
    this.#settings = makeServerSettings(this.#options, tls);
  }

  handshakeEnded(key: string): void {
    this.#handshakes--;
    this.#sources.handshakeEnded(key);
  }

  connectionEnded(key: string): void {
    this.#sources.connectionEnded(key);
  }

  advance(nowMs: number): void {
    if (nowMs - this.#sweptAtMs < endpointLimits.sourceSweepMs) return;
    this.#sweptAtMs = nowMs;
    this.#sources.sweep(nowMs);
  }

  /** Sends the answers that wait. */
  flush(sink: PacketSink): void {
    for (const { packet, to } of this.#answers) {
      sink(packet, packet.length, to);
      this.#counters.packetsOut++;
    }
    this.#answers.length = 0;
  }

  #knockInitial(
    packet: Uint8Array,
    header: PacketHeader,
    from: UdpAddress,
    nowMs: number,
    host: DoorHost,
  ): Arrival | null {
    const counters = this.#counters;
    if (packet.length < initialDatagramBytesMin || header.destinationBytes < originalIdBytesMin) {
      counters.droppedMalformed++;
      return null;
    }
    const destinationId = copy(packet, header.destinationOffset, header.destinationBytes);
    if (header.tokenBytes === 0) {
      this.#retry(packet, header, destinationId, from, nowMs);
      return null;
    }
    const token = copy(packet, header.tokenOffset, header.tokenBytes);
    const originalId = this.#tokens.verify(token, from, destinationId, nowMs);
    if (originalId === null) {
      counters.droppedInvalidToken++;
      return null;
    }
    const key = sourceKey(from.host);
    if (this.#isBarred(from.host)) {
      this.#counters.droppedBarredAddress++;
      this.#refuse(packet, header, destinationId, from, nowMs);
      return null;
    }
    const shortage = this.#admit(key, nowMs, host);
    if (shortage === 'connections') {
      this.#refuse(packet, header, destinationId, from, nowMs);
    }
    if (shortage !== null) return null;
    const native = this.#accept(destinationId, originalId, from);
    if (native !== null) {
      counters.accepted++;
      const { certificate } = this.#settings;
      return { native, sourceId: destinationId, sourceKey: key, remote: from, certificate, nowMs };
    }
    counters.droppedMalformed++;
    this.handshakeEnded(key);
    this.connectionEnded(key);
    return null;
  }

  /**
   * @param sourceId that the Retry gave out; the connection's own from here on
   * @param originalId that the client chose before the Retry
   */
  #accept(sourceId: Uint8Array, originalId: Uint8Array, from: UdpAddress): Connection | null {
    const { config } = this.#settings;
    // Taken over into each connection as it is made.
    config.setStatelessResetToken(resetTokenNumber(this.#resetTokens.of(sourceId)));
    const local = this.#localAddress;
    try {
      return quiche.Connection.accept(sourceId, originalId, local, from, config);
    } catch {
      return null;
    }
  }

  /** @returns what there is no room in, or null for a client that is counted as one more */
  #admit(key: string, nowMs: number, host: DoorHost): 'connections' | 'handshakes' | null {
    const counters = this.#counters;
    if (host.keptConnections >= this.#limits.connectionsMax) {
      counters.droppedConnectionLimit++;
      return 'connections';
    }
    const refusal = this.#sources.admit(key, nowMs);
    if (refusal === null) {
      const { handshakesMax } = this.#limits;
      this.#handshakes++;
      if (this.#handshakes <= handshakesMax || host.endOldestHandshake(nowMs)) return null;
      this.handshakeEnded(key);
      this.connectionEnded(key);
      counters.droppedHandshakeLimit++;
      return 'handshakes';
    }
    if (refusal === 'addressLimit') {
      counters.droppedAddressLimit++;
      return 'connections';
    }
    counters.droppedHandshakeLimit++;
    return 'handshakes';
  }

  /**
   * Only where it lasts, as a bar or the want of connections: a handshake too many is let in when
   * the client repeats its packet.
   */
  #refuse(
    packet: Uint8Array,
    header: PacketHeader,
    destinationId: Uint8Array,
    from: UdpAddress,
    nowMs: number,
  ): void {
    if (!this.#mayAnswerOther(nowMs)) return;
    const clientId = copy(packet, header.sourceOffset, header.sourceBytes);
    this.#answer(writeConnectionRefusal(this.#scratch, destinationId, clientId), from);
    this.#counters.refusalsSent++;
  }

  #retry(
    packet: Uint8Array,
    header: PacketHeader,
    originalId: Uint8Array,
    from: UdpAddress,
    nowMs: number,
  ): void {
    const { retriesPerSecond } = endpointLimits;
    this.#retryRate ??= new RateBucket(retriesPerSecond, retriesPerSecond, nowMs);
    if (!this.#mayAnswer(this.#retryRate, nowMs)) return;
    const retryId = this.#ids.next();
    const token = this.#tokens.issue(from, originalId, retryId, nowMs);
    const clientId = copy(packet, header.sourceOffset, header.sourceBytes);
    const length = quiche.retry(
      clientId,
      originalId,
      retryId,
      token,
      header.version,
      this.#scratch,
    );
    this.#answer(length, from);
    this.#counters.retriesSent++;
  }

  #negotiateVersion(
    packet: Uint8Array,
    header: PacketHeader,
    from: UdpAddress,
    nowMs: number,
  ): void {
    // Version 0 is itself a negotiation, and a short packet is no client's first.
    if (header.version === 0 || packet.length < initialDatagramBytesMin) {
      this.#counters.droppedMalformed++;
      return;
    }
    if (!this.#mayAnswerOther(nowMs)) return;
    this.#answer(writeVersionNegotiation(this.#scratch, packet, header), from);
    this.#counters.versionNegotiationsSent++;
  }

  #reset(packet: Uint8Array, header: PacketHeader, from: UdpAddress, nowMs: number): void {
    this.#counters.droppedUnknownConnection++;
    if (packet.length < resettablePacketBytesMin || !this.#mayAnswerOther(nowMs)) return;
    const id = copy(packet, header.destinationOffset, header.destinationBytes);
    const token = this.#resetTokens.of(id);
    this.#answer(writeStatelessReset(this.#scratch, packet.length, token), from);
    this.#counters.statelessResetsSent++;
  }

  #mayAnswerOther(nowMs: number): boolean {
    const { otherAnswersPerSecond } = endpointLimits;
    this.#answerRate ??= new RateBucket(otherAnswersPerSecond, otherAnswersPerSecond, nowMs);
    return this.#mayAnswer(this.#answerRate, nowMs);
  }

  #mayAnswer(rate: RateBucket, nowMs: number): boolean {
    if (this.#answers.length < endpointLimits.statelessAnswersMax && rate.take(nowMs)) return true;
    this.#counters.droppedRate++;
    return false;
  }

  #answer(length: number, to: UdpAddress): void {
    this.#answers.push({ packet: this.#scratch.slice(0, length), to });
  }
}

/** Not by `slice`, which on a Buffer copies nothing: the socket may reuse the packet's memory. */
function copy(packet: Uint8Array, offset: number, length: number): Uint8Array {
  return new Uint8Array(packet.subarray(offset, offset + length));
}
