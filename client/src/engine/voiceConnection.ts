import { isIPv6 } from 'node:net';
import { DatagramKind } from '@rookery/schemas/protocol';
import { checkHopTag, sealFrame, writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pongBytes,
  readCounter,
  readKind,
  readTimestamp,
  readToken,
  sealBytes,
  voiceHeaderBytes,
  VoiceKind,
  voicePacketBytesMax,
  whisperHeaderBytes,
  writeListId,
  writeVoiceHeader,
  type VoiceHeader,
} from '@rookery/schemas/voicePacket';
import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import type { UdpAddress, UdpSocket, UdpSocketMaker } from '@rookery/transport/udpSocket';
import type { VoiceChaos } from './chaosLine.js';
import { ClientError } from './clientError.js';
import type { SealingKey } from './sealingKeys.js';
import type { VoiceCounters } from './voiceCounters.js';
import { VoicePath, voicePathTiming, type VoicePathName } from './voicePath.js';
import { VoiceReceiver, type OpeningKeys, type VoiceFrameListener } from './voiceReceiver.js';

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

/** A whisper list as the server knows it, with the key that it is spoken to with. */
export interface WhisperSealing extends SealingKey {
  readonly listId: number;
}

/** The datagrams of the control connection: the way where the voice port is blocked. */
export interface DatagramPath {
  /** @returns false when the connection does not take it; the bytes may be reused at once. */
  send(datagram: Uint8Array): boolean;
  /** @returns ends it. The listener is lent each datagram for the call. */
  listen(listener: (datagram: Uint8Array) => void): () => void;
}

/** How the voice goes at the moment. */
export interface VoiceHealth {
  readonly path: VoicePathName;
  readonly roundTripMs: number;
}

/**
 * The counter of the last packet that a session has sent, whatever its kind; 48 bits last longer
 * than any session. It is part of the nonce: none is ever used twice with one token.
 */
export interface VoiceSequence {
  lastCounter: number;
}

export interface VoiceConnectionOptions {
  readonly remote: UdpAddress;
  readonly datagrams: DatagramPath;
  readonly sessionToken: number;
  /** Of the session; goes on counting where the connection before has stopped. */
  readonly sequence: VoiceSequence;
  /** 16 bytes. */
  readonly hopKey: Uint8Array;
  readonly keys: OpeningKeys;
  readonly timeoutMs: number;
  /** Goes on counting where the connection before has stopped. */
  readonly counters: VoiceCounters;
  readonly onFrame: VoiceFrameListener;
  /** Called with every answer of the server. */
  readonly onHealth: (health: VoiceHealth) => void;
  /** Called with every ping that follows an unanswered one: the server may be gone. */
  readonly onDoubt: () => void;
  /** What voice goes through before it is sent, and before it is taken in; pings do not. */
  readonly chaos: VoiceChaos;
  /** Opens the socket to the voice port. */
  readonly openSocket?: UdpSocketMaker;
}

/** The voice of one session: frames sealed and sent, received and opened. */
export interface VoiceConnection {
  /** Seals with the room's key and sends; whatever does not go out is counted. */
  sendFrame(frame: OutgoingFrame): void;
  /** The same to a whisper list; null stands for one that nobody hears at the moment. */
  sendWhisper(frame: OutgoingFrame, list: WhisperSealing | null): void;
  /** To be called whenever `keys` have changed: opens what waited for them. */
  onKeysChanged(): void;
  /** Resolves once the server has handled all that was sent before, or false after the time-out. */
  drain(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** While somebody waits for the answer, a lost ping must not cost five seconds. */
const drainPingEveryMs = 1_000;

/**
 * Opens the way for voice: pings by UDP, and if that is blocked by QUIC, until the server has
 * answered once.
 *
 * @throws ClientError `voiceUnreachable`, naming the port; nothing is left open then.
 */
export async function openVoiceConnection(
  options: VoiceConnectionOptions,
): Promise<VoiceConnection> {
  const { remote, timeoutMs } = options;
  const connection = await SessionVoice.start(options);
  if (await connection.drain(timeoutMs)) return connection;
  await connection.close();
  throw new ClientError(
    'voiceUnreachable',
    `the server does not answer on its voice port ${remote.port}/udp at ${remote.host}, nor takes` +
      ' voice on the control connection: is that port open in every firewall between?',
  );
}

class SessionVoice implements VoiceConnection {
  /** A datagram of the control connection; what follows its first byte is the packet for UDP. */
  private readonly datagram = new Uint8Array(1 + voicePacketBytesMax);
  private readonly packet = this.datagram.subarray(1);
  /** Filled anew for every packet, so that none allocates. */
  private readonly header: { -readonly [Field in keyof VoiceHeader]: VoiceHeader[Field] };
  private readonly receiver: VoiceReceiver;
  private readonly path: VoicePath;
  /** The way of the packet that is being opened, or was last. */
  private receivingFrom: VoicePathName = 'udp';
  private pingTimer: NodeJS.Timeout | null = null;
  private readonly stopListening: () => void;
  private readonly leaveChaos: (() => void)[];
  /** What came, on its way through a simulated network. */
  private readonly arrived = new Uint8Array(voicePacketBytesMax);
  /** Of the newest ping that was answered, by the path of the answer. */
  private readonly answered: Record<VoicePathName, number> = { udp: 0, quic: 0 };
  private readonly answerListeners = new Set<() => void>();

  private constructor(
    private readonly options: VoiceConnectionOptions,
    private readonly socket: UdpSocket,
  ) {
    const { sessionToken: token, keys, counters, onFrame, datagrams, timeoutMs } = options;
    const kind = VoiceKind.Voice;
    this.header = { token, counter: 0, epoch: 0, kind, endOfSpurt: false, level: 0, timestamp: 0 };
    this.datagram[0] = DatagramKind.Voice;
    const heard: VoiceFrameListener = (
      token,
      counter,
      timestamp,
      endOfSpurt,
      payload,
      audience,
    ) => {
      this.onHeard(endOfSpurt);
      onFrame(token, counter, timestamp, endOfSpurt, payload, audience);
    };
    this.receiver = new VoiceReceiver(keys, counters, heard);
    // Somebody in a hurry must not have given up before the other way is tried.
    const deadAfterMs = Math.min(voicePathTiming.deadAfterMs, timeoutMs / 2);
    this.path = new VoicePath({ ...voicePathTiming, deadAfterMs });
    this.stopListening = datagrams.listen((datagram) => this.onDatagram(datagram));
    const { chaos } = options;
    this.leaveChaos = [
      chaos.outgoing.attach(this.packet, (bytes) => this.send(bytes, this.path.current)),
      chaos.incoming.attach(this.arrived, (bytes) => this.takeArrived(bytes)),
    ];
  }

  static async start(options: VoiceConnectionOptions): Promise<SessionVoice> {
    const socket = await (options.openSocket ?? openUdpSocket)({
      host: isIPv6(options.remote.host) ? '::' : '0.0.0.0',
      port: 0,
      onPacket: (packet, from) => connection.onUdpPacket(packet, from),
    });
    const connection: SessionVoice = new SessionVoice(options, socket);
    return connection;
  }

  sendFrame(frame: OutgoingFrame): void {
    const { room, private: privateRooms } = this.options.keys;
    const nowMs = performance.now();
    const sealing = room.sealingKey(nowMs) ?? privateRooms.sealingKey(nowMs);
    this.sendSealed(VoiceKind.Voice, frame, sealing, voiceHeaderBytes);
  }

  sendWhisper(frame: OutgoingFrame, list: WhisperSealing | null): void {
    if (list !== null) writeListId(this.packet, 0, list.listId);
    this.sendSealed(VoiceKind.Whisper, frame, list, whisperHeaderBytes);
  }

  onKeysChanged(): void {
    this.receiver.onKeysChanged();
  }

  async drain(timeoutMs: number): Promise<boolean> {
    await this.options.chaos.outgoing.emptied();
    const target = this.pingNow();
    const again = setInterval(() => this.pingNow(), drainPingEveryMs);
    return new Promise((resolve) => {
      const finish = (isAnswered: boolean): void => {
        clearInterval(again);
        clearTimeout(timeout);
        this.answerListeners.delete(onAnswer);
        resolve(isAnswered);
      };
      const onAnswer = (): void => {
        if (Math.max(this.answered.udp, this.answered.quic) >= target) finish(true);
      };
      const timeout = setTimeout(() => finish(false), timeoutMs);
      this.answerListeners.add(onAnswer);
    });
  }

  async close(): Promise<void> {
    if (this.pingTimer !== null) clearTimeout(this.pingTimer);
    this.stopListening();
    for (const leave of this.leaveChaos) leave();
    this.receiver.close();
    await this.socket.close();
  }

  private sendSealed(
    kind: VoiceKind,
    frame: OutgoingFrame,
    sealing: SealingKey | null,
    payloadAt: number,
  ): void {
    const { header, packet } = this;
    const { counters, chaos } = this.options;
    if (sealing === null) {
      counters.unsentNoKey++;
      return;
    }
    const sealedBytes = payloadAt + frame.payload.length + sealBytes;
    if (sealedBytes + hopTagBytes > voicePacketBytesMax) {
      counters.unsentOversized++;
      return;
    }
    header.kind = kind;
    header.epoch = sealing.epoch;
    header.endOfSpurt = frame.endOfSpurt;
    header.level = frame.level;
    header.timestamp = frame.timestamp;
    this.writeHeader();
    packet.set(frame.payload, payloadAt);
    const packetBytes = sealFrame(packet, frame.payload.length, sealing.key, payloadAt);
    if (chaos.outgoing.isOn) chaos.outgoing.send(packetBytes);
    else this.send(packetBytes, this.path.current);
    counters.framesSent++;
    if (this.path.onSpoken(performance.now())) this.pingWhenDue();
  }

  /** Sends the pings that are due, and waits for the next. */
  private pingWhenDue(): void {
    for (;;) {
      const due = this.path.duePing(performance.now());
      if (due === null) break;
      this.ping(due);
    }
    this.schedulePing();
  }

  private pingNow(): number {
    const counter = this.ping(this.path.current);
    this.schedulePing();
    return counter;
  }

  private schedulePing(): void {
    if (this.pingTimer !== null) clearTimeout(this.pingTimer);
    const waitMs = Math.max(1, this.path.nextDueMs() - performance.now());
    this.pingTimer = setTimeout(() => this.pingWhenDue(), waitMs);
  }

  /** @returns the counter of the ping: an answer to it or a later one shows that it came. */
  private ping(path: VoicePathName): number {
    const { header } = this;
    header.kind = VoiceKind.Ping;
    header.epoch = 0;
    header.endOfSpurt = false;
    header.level = 0;
    header.timestamp = nowUs32();
    this.writeHeader();
    this.options.counters.pingsSent++;
    this.send(voiceHeaderBytes, path);
    if (path === this.path.current && this.path.isUnanswered(path)) this.options.onDoubt();
    this.path.onPing(path, performance.now());
    return this.options.sequence.lastCounter;
  }

  /** The counter is part of the nonce, and so moves on here and nowhere else. */
  private writeHeader(): void {
    const { sequence } = this.options;
    sequence.lastCounter++;
    this.header.counter = sequence.lastCounter;
    writeVoiceHeader(this.packet, 0, this.header);
  }

  private send(packetBytes: number, path: VoicePathName): void {
    const { hopKey, remote, datagrams, counters } = this.options;
    const length = writeHopTag(this.packet, packetBytes, hopKey);
    counters.bytesSent += length;
    if (path === 'udp') this.socket.send(this.packet, 0, length, remote);
    else if (!datagrams.send(this.datagram.subarray(0, 1 + length))) counters.unsentDatagrams++;
  }

  private onUdpPacket(packet: Uint8Array, from: UdpAddress): void {
    const { remote, counters } = this.options;
    if (from.port !== remote.port || from.host !== remote.host) counters.droppedForeign++;
    else this.onPacket(packet, 'udp');
  }

  private onDatagram(datagram: Uint8Array): void {
    // Other kinds are not for this connection.
    if (datagram[0] === DatagramKind.Voice) this.onPacket(datagram.subarray(1), 'quic');
  }

  private onPacket(packet: Uint8Array, path: VoicePathName): void {
    const { counters, chaos } = this.options;
    counters.bytesReceived += packet.length;
    if (packet.length < voiceHeaderBytes || packet.length > voicePacketBytesMax) {
      counters.droppedMalformed++;
    } else if (readKind(packet, 0) === VoiceKind.Pong) {
      this.onPong(packet, path);
    } else {
      this.receivingFrom = path;
      if (!chaos.incoming.isOn) {
        this.receiver.receive(packet);
        return;
      }
      this.arrived.set(packet);
      chaos.incoming.send(packet.length);
    }
  }

  private takeArrived(packetBytes: number): void {
    this.receiver.receive(this.arrived.subarray(0, packetBytes));
  }

  private onPong(packet: Uint8Array, path: VoicePathName): void {
    const { sessionToken, hopKey, counters, onHealth } = this.options;
    const counter = readCounter(packet, 0);
    if (
      packet.length !== pongBytes ||
      readToken(packet, 0) !== sessionToken ||
      !checkHopTag(packet, pongBytes, hopKey)
    ) {
      counters.droppedHopTag++;
      return;
    }
    // Only news: an old answer repeated would tell a false round trip, or open a blocked path.
    if (counter <= this.answered[path]) return;
    this.answered[path] = counter;
    counters.pongsReceived++;
    this.path.onPong(path, performance.now());
    this.pingWhenDue();
    const roundTripMs = ((nowUs32() - readTimestamp(packet, 0)) >>> 0) / 1_000;
    onHealth({ path: this.path.current, roundTripMs });
    for (const listener of this.answerListeners) listener();
  }

  private onHeard(isEndOfSpurt: boolean): void {
    const isSooner = this.path.onHeard(this.receivingFrom, performance.now(), isEndOfSpurt);
    if (isSooner) this.schedulePing();
  }
}

/** Microseconds on the monotonic clock, modulo 2^32: 71 minutes. */
function nowUs32(): number {
  return Math.floor(performance.now() * 1_000) >>> 0;
}
