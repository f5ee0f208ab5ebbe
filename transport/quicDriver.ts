import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';
import { NewcomerLine, type WaitingPacket } from './newcomerLine.js';
import { createQuicClient, createQuicServer } from './quicEndpoint.js';
import { newcomerLimits } from './quicLimits.js';
import { openQuicSocket, type QuicSocket } from './quicSocket.js';
import type {
  ConnectionId,
  PacketSink,
  QuicEndpoint,
  QuicEvent,
  QuicLimits,
  QuicServerTls,
} from './quicTypes.js';
import { TransportError } from './transportError.js';
import type { UdpAddress, UdpSocket, UdpSocketOptions } from './udpSocket.js';

/**
 * Runs one endpoint on one socket and the real clock: feeds packets, fires timers, hands every
 * event to `onEvent` and flushes once per turn of the event loop.
 *
 * After calling methods of `endpoint` outside `onEvent`, call wake(): it schedules the flush.
 */
export interface QuicDriver {
  readonly endpoint: QuicEndpoint;
  readonly socket: UdpSocket;
  /** Packets of those who are not preferred that were dropped, because too many waited. */
  readonly droppedNewcomers: number;
  wake(): void;
  /** @throws TransportError as the endpoint's connect, and `socketClosed` after close() */
  connect(remote: UdpAddress, serverName: string, ticket?: Uint8Array): ConnectionId;
  /**
   * Closes every connection with the code, waits briefly until the packets are out, closes the
   * socket.
   */
  close(code: number, reason: string): Promise<void>;
}

export type QuicEventHandler = (event: QuicEvent) => void;

/** What a server's driver is started with. */
export interface QuicServerStart {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly tls: QuicServerTls;
  readonly alpn: string;
  readonly limits: QuicLimits;
  /** 48 bytes; see QuicServerOptions. */
  readonly ticketKey: Uint8Array;
  /** See QuicServerOptions. */
  readonly isBarred?: (host: string) => boolean;
  /** See QuicServerOptions. */
  readonly isTrusted?: (source: string) => boolean;
  /** Whether an address is worth lanes apart while many want to come in. Without it none is. */
  readonly isKnown?: (host: string) => boolean;
  readonly onEvent: QuicEventHandler;
}

/** What a client's driver is started with. */
export interface QuicClientStart {
  readonly alpn: string;
  readonly limits: QuicLimits;
  readonly onEvent: QuicEventHandler;
  /** Who is going to be connected to; decides between IPv4 and IPv6. IPv4 without it. */
  readonly remote?: UdpAddress;
  /** Numeric address to bind instead of any of that family. */
  readonly localHost?: string;
}

/** Kernel buffers asked for: half a second of 10,000 clients' keep-alives and a burst of logins. */
const socketBufferBytes = 4 * 1024 * 1024;

/** How long close() waits for connections that cannot put out their last bytes. */
const closeWaitMs = 1_000;

/**
 * Binds the port and accepts connections.
 *
 * @throws TransportError of the socket, or `invalidCertificate`, `invalidLimits`
 */
export async function startQuicServer(start: QuicServerStart): Promise<QuicDriver> {
  const { host, port, tls, alpn, limits, ticketKey, onEvent } = start;
  const { isBarred, isTrusted, isKnown } = start;
  return await startDriver({ host, port }, { onEvent, isKnown }, (localAddress) =>
    createQuicServer({
      ...{ tls, alpn, limits, ticketKey, localAddress },
      ...(isBarred && { isBarred }),
      ...(isTrusted && { isTrusted }),
    }),
  );
}

/**
 * Binds a port of the remote's address family, for connections to be made with `connect`.
 *
 * @throws TransportError of the socket, or `invalidLimits`
 */
export async function startQuicClient(start: QuicClientStart): Promise<QuicDriver> {
  const { alpn, limits, onEvent, remote, localHost } = start;
  const anyHost = remote !== undefined && isIPv6(remote.host) ? '::' : '0.0.0.0';
  const host = localHost ?? anyHost;
  return await startDriver({ host, port: 0 }, { onEvent }, (localAddress) =>
    createQuicClient({ alpn, limits, localAddress }),
  );
}

interface DriverOptions {
  readonly onEvent: QuicEventHandler;
  readonly isKnown?: ((host: string) => boolean) | undefined;
}

async function startDriver(
  bind: Pick<UdpSocketOptions, 'host' | 'port'>,
  options: DriverOptions,
  makeEndpoint: (localAddress: UdpAddress) => QuicEndpoint,
): Promise<QuicDriver> {
  let driver: SocketDriver | null = null;
  const socket = await openQuicSocket({
    ...bind,
    bufferBytes: socketBufferBytes,
    onPacket: (packet, from) => driver?.receive(packet, from),
  });
  try {
    driver = new SocketDriver(makeEndpoint(socket.localAddress), socket, options);
    return driver;
  } catch (error) {
    await socket.close();
    throw error;
  }
}

class SocketDriver implements QuicDriver {
  readonly endpoint: QuicEndpoint;
  readonly socket: QuicSocket;
  readonly #onEvent: QuicEventHandler;
  readonly #isKnown: (host: string) => boolean;
  readonly #newcomers = new NewcomerLine(newcomerLimits);
  readonly #sink: PacketSink;
  readonly #serve = (packet: WaitingPacket): void => this.#serveNewcomer(packet);
  readonly #turn = (): void => this.#runTurn();
  #isTurnScheduled = false;
  #timer: NodeJS.Timeout | null = null;
  #timerAtMs = Infinity;
  #closing: Promise<void> | null = null;
  /** Called once nothing is left to say, while close() waits. */
  #onQuiet: (() => void) | null = null;
  #isClosed = false;

  constructor(endpoint: QuicEndpoint, socket: QuicSocket, options: DriverOptions) {
    const { onEvent, isKnown = () => false } = options;
    this.endpoint = endpoint;
    this.socket = socket;
    this.#onEvent = onEvent;
    this.#isKnown = isKnown;
    this.#sink = (packet, length, to) => socket.send(packet, 0, length, to);
  }

  receive(packet: Uint8Array, from: UdpAddress): void {
    if (this.#isClosed) return;
    const lane = this.endpoint.laneOf(packet);
    if (lane === 'member') {
      this.endpoint.receive(packet, from, performance.now(), this.#sink);
    } else {
      this.#newcomers.push(packet, from, { lane, isKnown: this.#isKnown(from.host) });
    }
    this.wake();
  }

  get droppedNewcomers(): number {
    return this.#newcomers.dropped;
  }

  wake(): void {
    if (this.#isTurnScheduled || this.#isClosed) return;
    this.#isTurnScheduled = true;
    // Runs after all packets that wait in the socket have been taken in.
    setImmediate(this.#turn);
  }

  connect(remote: UdpAddress, serverName: string, ticket?: Uint8Array): ConnectionId {
    // Nobody would hear what becomes of it.
    if (this.#closing !== null) throw new TransportError('socketClosed', 'the driver is closed');
    const connection = this.endpoint.connect(remote, serverName, performance.now(), ticket);
    this.wake();
    return connection;
  }

  close(code: number, reason: string): Promise<void> {
    this.#closing ??= this.#closeNow(code, reason);
    return this.#closing;
  }

  async #closeNow(code: number, reason: string): Promise<void> {
    this.endpoint.closeAll(code, reason);
    this.wake();
    await this.#untilQuiet();
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.socket.close();
  }

  #untilQuiet(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, closeWaitMs);
      this.#onQuiet = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #runTurn(): void {
    this.#isTurnScheduled = false;
    if (this.#isClosed) return;
    const { endpoint } = this;
    endpoint.advance(performance.now());
    this.#tellEvents();
    this.#flush();
    if (!this.#newcomers.isEmpty) {
      this.#newcomers.serve(this.#serve, () => performance.now());
      this.#flush();
    }
    if (!this.#newcomers.isEmpty) this.wake();
    // A flush may end connections or make streams writable.
    if (this.#tellEvents()) this.wake();
    if (this.#onQuiet !== null && !endpoint.hasUnsentCloses) this.#onQuiet();
    this.#setTimer();
  }

  #serveNewcomer({ bytes, from }: WaitingPacket): void {
    this.endpoint.receive(bytes, from, performance.now(), this.#sink);
    // What follows from a packet belongs to its price.
    this.#tellEvents();
  }

  #flush(): void {
    this.endpoint.flush(performance.now(), this.#sink);
    this.socket.flush();
  }

  /** @returns whether there were any. */
  #tellEvents(): boolean {
    let event = this.endpoint.pollEvent();
    const hadEvents = event !== null;
    while (event !== null) {
      this.#onEvent(event);
      event = this.endpoint.pollEvent();
    }
    return hadEvents;
  }

  #setTimer(): void {
    const nowMs = performance.now();
    const dueAtMs = this.endpoint.nextTimeoutMs(nowMs);
    if (dueAtMs === null) return;
    if (dueAtMs <= nowMs) {
      this.wake();
      return;
    }
    // A timer that fires too early asks again; one that fires too late is replaced.
    if (dueAtMs >= this.#timerAtMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAtMs = dueAtMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#timerAtMs = Infinity;
      this.wake();
    }, dueAtMs - nowMs);
  }
}
