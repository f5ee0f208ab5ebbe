import { isIPv6 } from 'node:net';
import { checkHopTag, openFrame, sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  bundleLengthBytes,
  hopTagBytes,
  pongBytes,
  readBundledLength,
  readCounter,
  readEndOfSpurt,
  readEpoch,
  readKind,
  readTimestamp,
  readToken,
  sealBytes,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  writeVoiceHeader,
  type VoiceHeader,
} from '@rookery/schemas/voicePacket';
import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpAddress, UdpSocket } from '@rookery/transport/udpSocket';
import { ClientError } from './clientError.js';
import { HeldFrames } from './heldFrames.js';
import type { RoomKeys } from './roomKeys.js';

/**
 * An opened frame of another session.
 *
 * @param payload Opus, valid during the call only.
 */
export type VoiceFrameListener = (
  token: number,
  counter: number,
  timestamp: number,
  endOfSpurt: boolean,
  payload: Uint8Array,
) => void;

/** One encoded frame to be sent. */
export interface OutgoingFrame {
  /** Opus; copied. */
  readonly payload: Uint8Array;
  /** 48 kHz, +960 a frame, 0 … 2^32 − 1. */
  readonly timestamp: number;
  /** Loudness, 0 … 15. */
  readonly level: number;
  /** The last frame before silence. */
  readonly endOfSpurt: boolean;
}

export interface VoiceConnectionOptions {
  readonly remote: UdpAddress;
  readonly sessionToken: number;
  /** 16 bytes. */
  readonly hopKey: Uint8Array;
  readonly keys: RoomKeys;
  readonly timeoutMs: number;
  readonly onFrame: VoiceFrameListener;
  readonly onRoundTrip: (roundTripMs: number) => void;
}

/** Packets, and what was dropped by reason. */
export interface VoiceCounters {
  framesSent: number;
  framesReceived: number;
  pingsSent: number;
  pongsReceived: number;
  /** Frames to send in no room, or before its key has come. */
  unsentNoKey: number;
  unsentOversized: number;
  droppedForeign: number;
  droppedMalformed: number;
  /** A kind that this client does not know. */
  droppedKind: number;
  droppedHopTag: number;
  droppedUnknownEpoch: number;
  droppedFalseSeal: number;
}

/** The voice of one session: frames sealed and sent, received and opened. */
export interface VoiceConnection {
  readonly counters: Readonly<VoiceCounters>;
  /** Seals and sends; whatever does not go out is counted. */
  sendFrame(frame: OutgoingFrame): void;
  /** To be called whenever `keys` has changed: opens what waited for it. */
  onKeysChanged(): void;
  /** Resolves once the server has handled all that was sent before, or false after the time-out. */
  drain(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Longest Opus payload that fits a packet. */
const payloadBytesMax = voicePacketBytesMax - voiceHeaderBytes - sealBytes - hopTagBytes;
const pingEveryMs = 5_000;
/** While somebody waits for the answer, a lost ping must not cost five seconds. */
const drainPingEveryMs = 1_000;
/** A key is a few round trips late at most; a frame that waited longer is too old to be heard. */
const holdMs = 500;
/** Half a second of three speakers. */
const heldFramesMax = 75;

/**
 * Opens the way for voice: pings until the server has answered once.
 *
 * @throws ClientError `voiceUnreachable`, naming the port; nothing is left open then.
 */
export async function openVoiceConnection(
  options: VoiceConnectionOptions,
): Promise<VoiceConnection> {
  const { remote, timeoutMs } = options;
  const connection = await UdpVoiceConnection.start(options);
  if (await connection.drain(timeoutMs)) return connection;
  await connection.close();
  throw new ClientError(
    'voiceUnreachable',
    `the server does not answer on its voice port ${remote.port}/udp at ${remote.host}: is that ` +
      'port open in every firewall between?',
  );
}

class UdpVoiceConnection implements VoiceConnection {
  readonly counters: VoiceCounters = {
    framesSent: 0,
    framesReceived: 0,
    pingsSent: 0,
    pongsReceived: 0,
    unsentNoKey: 0,
    unsentOversized: 0,
    droppedForeign: 0,
    droppedMalformed: 0,
    droppedKind: 0,
    droppedHopTag: 0,
    droppedUnknownEpoch: 0,
    droppedFalseSeal: 0,
  };
  private readonly outgoing = new Uint8Array(voicePacketBytesMax);
  /** Filled anew for every packet, so that none allocates. */
  private readonly header: { -readonly [Field in keyof VoiceHeader]: VoiceHeader[Field] };
  private readonly opened = new Uint8Array(voicePacketBytesMax);
  private readonly held = new HeldFrames(heldFramesMax, voicePacketBytesMax, holdMs);
  /** Of the last packet, whatever its kind; 48 bits last longer than any session. */
  private lastCounter = 0;
  /** Of the newest ping that was answered. */
  private answeredCounter = 0;
  private readonly answerListeners = new Set<() => void>();
  private keepAlive: NodeJS.Timeout | null = null;
  private expiry: NodeJS.Timeout | null = null;

  private constructor(
    private readonly options: VoiceConnectionOptions,
    private readonly socket: UdpSocket,
  ) {
    const token = options.sessionToken;
    this.header = {
      token,
      counter: 0,
      epoch: 0,
      kind: VoiceKind.Voice,
      endOfSpurt: false,
      level: 0,
      timestamp: 0,
    };
  }

  static async start(options: VoiceConnectionOptions): Promise<UdpVoiceConnection> {
    const socket = await openUdpSocket({
      host: isIPv6(options.remote.host) ? '::' : '0.0.0.0',
      port: 0,
      onPacket: (packet, from) => connection.onPacket(packet, from),
    });
    const connection: UdpVoiceConnection = new UdpVoiceConnection(options, socket);
    connection.keepAlive = setInterval(() => connection.ping(), pingEveryMs);
    return connection;
  }

  sendFrame(frame: OutgoingFrame): void {
    const payloadBytes = frame.payload.length;
    const sealing = this.options.keys.sealingKey(performance.now());
    if (sealing === null) {
      this.counters.unsentNoKey++;
      return;
    }
    if (payloadBytes > payloadBytesMax) {
      this.counters.unsentOversized++;
      return;
    }
    const { header, outgoing } = this;
    header.kind = VoiceKind.Voice;
    header.epoch = sealing.epoch;
    header.endOfSpurt = frame.endOfSpurt;
    header.level = frame.level;
    header.timestamp = frame.timestamp;
    this.writeHeader();
    outgoing.set(frame.payload, voiceHeaderBytes);
    this.send(sealFrame(outgoing, payloadBytes, sealing.key));
    this.counters.framesSent++;
  }

  onKeysChanged(): void {
    if (!this.held.isEmpty) this.retryHeld();
  }

  async drain(timeoutMs: number): Promise<boolean> {
    const target = this.ping();
    const again = setInterval(() => this.ping(), drainPingEveryMs);
    return new Promise((resolve) => {
      const finish = (isAnswered: boolean): void => {
        clearInterval(again);
        clearTimeout(timeout);
        this.answerListeners.delete(onAnswer);
        resolve(isAnswered);
      };
      const onAnswer = (): void => {
        if (this.answeredCounter >= target) finish(true);
      };
      const timeout = setTimeout(() => finish(false), timeoutMs);
      this.answerListeners.add(onAnswer);
    });
  }

  async close(): Promise<void> {
    if (this.keepAlive !== null) clearInterval(this.keepAlive);
    if (this.expiry !== null) clearTimeout(this.expiry);
    await this.socket.close();
  }

  /** @returns the counter of the ping: an answer to it or a later one shows that it came. */
  private ping(): number {
    const { header } = this;
    header.kind = VoiceKind.Ping;
    header.epoch = 0;
    header.endOfSpurt = false;
    header.level = 0;
    header.timestamp = nowUs32();
    this.writeHeader();
    this.counters.pingsSent++;
    this.send(voiceHeaderBytes);
    return this.lastCounter;
  }

  /** The counter is part of the nonce, and so moves on here and nowhere else. */
  private writeHeader(): void {
    this.lastCounter++;
    this.header.counter = this.lastCounter;
    writeVoiceHeader(this.outgoing, 0, this.header);
  }

  private send(packetBytes: number): void {
    const length = writeHopTag(this.outgoing, packetBytes, this.options.hopKey);
    this.socket.send(this.outgoing, 0, length, this.options.remote);
  }

  private onPacket(packet: Uint8Array, from: UdpAddress): void {
    const { remote } = this.options;
    if (from.port !== remote.port || from.host !== remote.host) {
      this.counters.droppedForeign++;
    } else if (packet.length < voiceHeaderBytes || packet.length > voicePacketBytesMax) {
      this.counters.droppedMalformed++;
    } else if (readKind(packet, 0) === VoiceKind.Pong) {
      this.onPong(packet);
    } else if (readKind(packet, 0) === VoiceKind.Voice) {
      this.onVoice(packet);
    } else if (readKind(packet, 0) === VoiceKind.Bundle) {
      this.onBundle(packet);
    } else {
      this.counters.droppedKind++;
    }
  }

  private onPong(packet: Uint8Array): void {
    const counter = readCounter(packet, 0);
    if (
      packet.length !== pongBytes ||
      readToken(packet, 0) !== this.options.sessionToken ||
      !checkHopTag(packet, pongBytes, this.options.hopKey)
    ) {
      this.counters.droppedHopTag++;
      return;
    }
    // Only news: an old answer repeated would tell a false round trip.
    if (counter <= this.answeredCounter) return;
    this.answeredCounter = counter;
    this.counters.pongsReceived++;
    this.options.onRoundTrip(((nowUs32() - readTimestamp(packet, 0)) >>> 0) / 1_000);
    for (const listener of this.answerListeners) listener();
  }

  private onBundle(packet: Uint8Array): void {
    for (let position = voiceHeaderBytes; position < packet.length;) {
      const length = readBundledLength(packet, packet.length, position);
      if (length === -1) {
        this.counters.droppedMalformed++;
        return;
      }
      const at = position + bundleLengthBytes;
      position = at + length;
      this.onVoice(packet.subarray(at, position));
    }
  }

  private onVoice(packet: Uint8Array): void {
    if (packet.length < voiceHeaderBytes + sealBytes) {
      this.counters.droppedMalformed++;
      return;
    }
    if (this.tryOpen(packet, packet.length)) return;
    if (!this.held.hold(packet, packet.length, performance.now())) this.countUnopened(packet);
    this.expiry ??= setTimeout(() => this.onExpiry(), holdMs);
  }

  private readonly tryOpen = (packet: Uint8Array, packetBytes: number): boolean => {
    const { keys } = this.options;
    const epoch = readEpoch(packet, 0);
    return (
      this.tryKey(packet, packetBytes, keys.openingKey(epoch)) ||
      this.tryKey(packet, packetBytes, keys.comingKey(epoch))
    );
  };

  private tryKey(packet: Uint8Array, packetBytes: number, key: Uint8Array | null): boolean {
    if (key === null) return false;
    const payloadBytes = openFrame(packet, packetBytes, key, this.opened);
    if (payloadBytes < 0) return false;
    this.counters.framesReceived++;
    this.options.onFrame(
      readToken(packet, 0),
      readCounter(packet, 0),
      readTimestamp(packet, 0),
      readEndOfSpurt(packet, 0),
      this.opened.subarray(0, payloadBytes),
    );
    return true;
  }

  private onExpiry(): void {
    this.expiry = null;
    this.retryHeld();
    if (!this.held.isEmpty) this.expiry = setTimeout(() => this.onExpiry(), holdMs);
  }

  private retryHeld(): void {
    this.held.retry(this.tryOpen, this.countUnopened, performance.now());
  }

  private readonly countUnopened = (packet: Uint8Array): void => {
    const isKnown = this.options.keys.openingKey(readEpoch(packet, 0)) !== null;
    this.counters[isKnown ? 'droppedFalseSeal' : 'droppedUnknownEpoch']++;
  };
}

/** Microseconds on the monotonic clock, modulo 2^32: 71 minutes. */
function nowUs32(): number {
  return Math.floor(performance.now() * 1_000) >>> 0;
}
