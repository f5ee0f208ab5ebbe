import { laneOf, laneStreams, type CommandLane } from '@rookery/schemas/commandLane';
import { FrameReader } from '@rookery/schemas/frame';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { Message, ReceivedMessage } from '@rookery/schemas/messages';
import {
  applicationProtocol,
  CloseCode,
  framePayloadBytesMax,
  StreamKind,
  StreamUrgency,
} from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { RoomStreamOrder } from '@rookery/schemas/roomStreamOrder';
import type { CertificateIdentity } from '@rookery/transport/certificateIdentity';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type {
  ConnectionId,
  QuicClose,
  QuicEndpoint,
  QuicEvent,
  StreamId,
} from '@rookery/transport/quicTypes';
import { resolveHost } from '@rookery/transport/resolveHost';
import { TransportError } from '@rookery/transport/transportError';
import type { UdpAddress } from '@rookery/transport/udpSocket';
import { ClientError } from './clientError.js';
import { shownFingerprints, type ShownFingerprints } from './fingerprint.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';
import { errorOfFailedConnect } from './serverAnswers.js';
import { StreamWriter } from './streamWriter.js';

export interface QuicLinkOptions {
  readonly address: ServerAddress;
  /** For name look-up and handshake. */
  readonly timeoutMs: number;
  /** Gives up connecting. */
  readonly signal: AbortSignal;
  /** A message of any stream of the server, in the order of its stream, or of its room. */
  readonly onMessage: (received: ReceivedMessage) => void;
  /** A datagram, lent for the call. */
  readonly onDatagram: (datagram: Uint8Array) => void;
  /** Called once after connecting, unless close() was called before: the link is of no more use. */
  readonly onEnd: (end: LinkEnd) => void;
}

export type LinkEnd = QuicClose | ProtocolError;

/**
 * One QUIC connection as the client uses it: messages out on the control stream and on one for each
 * lane of commands, messages in from every stream. Knows nothing of what they mean.
 */
export interface QuicLink {
  readonly remote: UdpAddress;
  /** What the server showed. Nobody has vouched for it yet. */
  readonly certificate: CertificateIdentity;
  /** The same as text. */
  readonly fingerprints: ShownFingerprints;
  /** Smoothed; 0 while not known. */
  readonly roundTripMs: number;
  /** @throws ClientError `invalidInput` for a field that the protocol does not allow. */
  sendControl(message: Message, requestId?: number): void;
  /** The same on the stream of the command's lane. */
  sendCommand(message: Message, requestId: number): void;
  /** Best effort. @returns false when it is too long, or the queue is full; bytes may be reused. */
  sendDatagram(datagram: Uint8Array): boolean;
  /** Sends what was written, closes with the code, and gives the socket back. */
  close(code: CloseCode): Promise<void>;
}

/**
 * Resolves after the handshake.
 *
 * @throws ClientError `unreachable`, or `disconnected` where `signal` was given.
 */
export async function openQuicLink(options: QuicLinkOptions): Promise<QuicLink> {
  const { address, timeoutMs, signal } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    const host = await unlessAborted(either, resolveHost(address.host));
    const link = await ClientLink.start({ host, port: address.port }, options);
    return await link.connect(either);
  } catch (error) {
    const server = formatServerAddress(address);
    if (signal.aborted) throw new ClientError('disconnected', 'stopped', { cause: error });
    if (timeout.aborted) throw noAnswer(server, timeoutMs);
    if (!(error instanceof TransportError)) throw error;
    throw new ClientError('unreachable', `cannot reach ${server}: ${error.message}`, {
      cause: error,
    });
  }
}

/** How the messages of a stream are to be taken; those of rooms have an order across streams. */
type Taker = (received: ReceivedMessage) => void;

type Reader = { readonly frames: FrameReader; readonly take: Taker } | 'ignored';

interface Handshake {
  readonly connected: () => void;
  readonly failed: (error: ClientError) => void;
}

class ClientLink implements QuicLink {
  certificate!: CertificateIdentity;
  private connection: ConnectionId = -1;
  private control: StreamWriter | null = null;
  private readonly lanes = new Map<CommandLane, StreamWriter>();
  private readonly readers = new Map<StreamId, Reader>();
  private readonly roomOrder = new RoomStreamOrder((received) => {
    // What is released together goes on after its receiver may have closed the link.
    if (!this.isOver) this.options.onMessage(received);
  });
  /** Who waits for the end of the handshake; null afterwards. */
  private handshake: Handshake | null = null;
  private isOver = false;

  private constructor(
    readonly remote: UdpAddress,
    private readonly driver: QuicDriver,
    private readonly options: QuicLinkOptions,
  ) {}

  static async start(remote: UdpAddress, options: QuicLinkOptions): Promise<ClientLink> {
    const driver = await startQuicClient({
      alpn: applicationProtocol,
      // The caller's time-out decides.
      limits: { ...defaultQuicLimits, handshakeTimeoutMs: options.timeoutMs },
      remote,
      onEvent: (event) => link.onEvent(event),
    });
    const link: ClientLink = new ClientLink(remote, driver, options);
    return link;
  }

  /** Closes itself where it fails. */
  async connect(signal: AbortSignal): Promise<this> {
    const handshake = new Promise<void>((connected, failed) => {
      this.handshake = { connected, failed };
    });
    try {
      this.connection = this.driver.connect(this.remote, this.options.address.host);
      await unlessAborted(signal, handshake);
      return this;
    } catch (error) {
      await this.close(CloseCode.Done);
      throw error;
    }
  }

  get fingerprints(): ShownFingerprints {
    return shownFingerprints(this.certificate);
  }

  get roundTripMs(): number {
    return this.driver.endpoint.roundTripMs(this.connection);
  }

  sendControl(message: Message, requestId = 0): void {
    if (this.control === null) {
      const stream = this.openStream((endpoint) => endpoint.openBidi(this.connection));
      this.control = this.writerOf(stream, StreamUrgency.Control);
      this.readers.set(this.control.stream, readerFor(this.options.onMessage));
    }
    this.control.write(encode(message, requestId));
  }

  sendCommand(message: Message, requestId: number): void {
    const frame = encode(message, requestId);
    this.writerOfLane(laneOf(message.type)).write(frame);
  }

  sendDatagram(datagram: Uint8Array): boolean {
    if (this.isOver) return false;
    this.driver.wake();
    return unlessGone(false, () => this.driver.endpoint.sendDatagram(this.connection, datagram));
  }

  async close(code: CloseCode): Promise<void> {
    this.isOver = true;
    await this.driver.close(code, '');
  }

  private openStream(open: (endpoint: QuicEndpoint) => StreamId): StreamId {
    try {
      return open(this.driver.endpoint);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw new ClientError('disconnected', 'the server takes nothing any more', { cause: error });
    }
  }

  private writerOfLane(lane: CommandLane): StreamWriter {
    const known = this.lanes.get(lane);
    if (known !== undefined) return known;
    const { kind, urgency } = laneStreams[lane];
    const stream = this.openStream((endpoint) => endpoint.openUni(this.connection));
    const writer = this.writerOf(stream, urgency);
    writer.write(Uint8Array.of(kind));
    this.lanes.set(lane, writer);
    return writer;
  }

  private writerOf(stream: StreamId, urgency: number): StreamWriter {
    const { endpoint } = this.driver;
    unlessGone(undefined, () => endpoint.setPriority(this.connection, stream, urgency));
    return new StreamWriter(stream, (bytes) => {
      this.driver.wake();
      return unlessGone(true, () => endpoint.write(this.connection, stream, bytes));
    });
  }

  private established(certificate: CertificateIdentity | null): void {
    if (certificate === null) {
      const text = 'the server shows no certificate that can be read';
      this.handshake?.failed(new ClientError('unreachable', text));
    } else {
      this.certificate = certificate;
      this.handshake?.connected();
    }
    this.handshake = null;
  }

  private onEvent(event: QuicEvent): void {
    if (this.isOver) return;
    switch (event.type) {
      case 'connected':
        this.established(event.certificate);
        break;
      case 'stream':
        this.onStreamBytes(event.stream, event.bytes);
        if (event.fin) this.readers.delete(event.stream);
        break;
      case 'writable':
        if (event.stream === this.control?.stream) this.control.writeWaiting();
        for (const lane of this.lanes.values()) {
          if (event.stream === lane.stream) lane.writeWaiting();
        }
        break;
      case 'closed':
        this.end(event.close);
        break;
      case 'datagram':
        this.options.onDatagram(event.bytes);
        break;
      case 'streamReset':
      case 'migrated':
      case 'ticket':
        // Nothing that this client uses depends on these yet; a lost stream ends in a time-out.
        break;
    }
  }

  private onStreamBytes(stream: StreamId, bytes: Uint8Array): void {
    try {
      const known = this.readers.get(stream);
      const reader = known ?? this.openReader(stream, bytes);
      if (reader === 'ignored') return;
      const { frames, take } = reader;
      frames.push(known === undefined ? bytes.subarray(1) : bytes);
      for (let frame = frames.next(); frame !== null; frame = frames.next()) {
        take(decodeMessage(frame.type, frame.payload));
        // The receiver of a message may have closed the link.
        if (this.isOver) return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.end(error);
    }
  }

  /** The server's streams are unidirectional and begin with a byte that says what they carry. */
  private openReader(stream: StreamId, bytes: Uint8Array): Reader {
    if (bytes.length === 0) return 'ignored';
    const take = this.takerFor(bytes[0]!, stream);
    const reader = take === null ? 'ignored' : readerFor(take);
    this.readers.set(stream, reader);
    return reader;
  }

  private takerFor(kind: number, stream: StreamId): Taker | null {
    switch (kind) {
      case StreamKind.View:
      case StreamKind.Bulk:
        return this.options.onMessage;
      case StreamKind.Shard:
        return (received) => this.roomOrder.takeFromShard(stream, received);
      case StreamKind.Hot:
        return (received) => this.roomOrder.takeFromHot(stream, received);
      default:
        return null;
    }
  }

  private end(end: LinkEnd): void {
    this.isOver = true;
    if (this.handshake === null) this.options.onEnd(end);
    else {
      this.handshake.failed(errorOfFailedConnect(end, formatServerAddress(this.options.address)));
    }
  }
}

/**
 * Between the end of a connection inside QUIC and its `closed` event there is nothing left to call:
 * what is written then is lost, as the event will tell.
 */
function unlessGone<T>(gone: T, call: () => T): T {
  try {
    return call();
  } catch (error) {
    const isGone =
      error instanceof TransportError &&
      (error.code === 'unknownConnection' || error.code === 'unknownStream');
    if (isGone) return gone;
    throw error;
  }
}

function noAnswer(server: string, timeoutMs: number): ClientError {
  return new ClientError(
    'unreachable',
    `cannot reach ${server}: no answer within ${timeoutMs / 1_000} s. Is the address right, ` +
      'the server running, and its UDP port open?',
  );
}

/** The outcome of `work`; rejects as soon as the signal is given. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function readerFor(take: Taker): Reader {
  return { frames: new FrameReader(framePayloadBytesMax.fromServer), take };
}

function encode(message: Message, requestId: number): Uint8Array {
  try {
    return encodeMessage(message, requestId);
  } catch (error) {
    // The codec names a field that may not be so; here it came from the user.
    if (!(error instanceof RangeError && error.cause instanceof ProtocolError)) throw error;
    throw new ClientError('invalidInput', error.cause.message, { cause: error });
  }
}
