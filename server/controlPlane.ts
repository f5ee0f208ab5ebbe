import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage } from '@rookery/schemas/messageCodec';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId, QuicClose, QuicEvent } from '@rookery/transport/quicTypes';
import type { Logger } from 'pino';
import type { Entry } from './accounts/entry.js';
import { RefusedCommands } from './access/refusedCommands.js';
import type { BotRule } from './bots/botDoor.js';
import { crowdedOut } from './abuse/abuseDesk.js';
import type { ResyncCounts } from './broadcast/viewBroadcast.js';
import { ControlDesks } from './controlDesks.js';
import type { ControlPlaneStats } from './controlPlaneStats.js';
import type { ControlLimits } from './limits.js';
import type { Role } from '@rookery/schemas/roles';
import type { Operators } from './operators/operators.js';
import type { VoicePlane } from './relay/voicePlane.js';
import { Connection } from './session/connection.js';
import { logFieldsOf } from './session/logFields.js';
import { Conversation } from './session/conversation.js';
import type { InboundLane } from './session/inboundLanes.js';
import { Login } from './session/login.js';
import {
  loginTimeout,
  mayReturnAfter,
  peerLeft,
  stopping,
  tooSlow,
  undecodable,
  violation,
  type Parting,
} from './session/parting.js';
import { ProtocolCounters } from './session/protocolCounters.js';
import { QuicPeer } from './session/quicPeer.js';
import { ServerCards, type CardRule } from './session/serverCards.js';
import { VoiceDatagrams } from './session/voiceDatagrams.js';
import type { Store } from './store/store.js';
import type { FileDesk } from './uploads/fileDesk.js';

export interface ControlPlaneOptions {
  readonly limits: ControlLimits;
  readonly serverName: string;
  readonly serverCard: CardRule;
  /** Role of those who were given none. */
  readonly everyoneIs: Role;
  /** Which bots are let in. */
  readonly bots: BotRule;
  readonly entry: Entry;
  readonly voice: VoicePlane;
  readonly store: Store;
  readonly files: FileDesk;
  /** With a folder for each plugin; it may not be there. */
  readonly pluginsFolder: string;
  readonly log: Logger;
}

/** One connection with what belongs to its life. */
interface Client {
  readonly connection: Connection;
  readonly peer: QuicPeer;
  closeTimer: NodeJS.Timeout | null;
}

/**
 * The control plane: QUIC events in, conversation, state and broadcast out. It owns every
 * connection from its first event to its last. Main thread.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #driver: QuicDriver;
  readonly #desks: ControlDesks;
  readonly #conversation: Conversation;
  readonly #datagrams: VoiceDatagrams;
  readonly #counters = new ProtocolCounters();
  readonly #refusedCommands = new RefusedCommands();
  readonly #cards: ServerCards;
  readonly #clients = new Map<ConnectionId, Client>();
  readonly #sweeping: NodeJS.Timeout;
  /** Newcomers are turned away, and who is here stays. */
  isDraining = false;
  #onAllGone: (() => void) | null = null;
  /** As they were logged last. */
  #loggedResyncs: ResyncCounts;

  constructor(driver: QuicDriver, options: ControlPlaneOptions) {
    const { limits, voice, log } = options;
    const part = (connection: Connection, parting: Parting): void =>
      this.#part(connection, parting);
    const wake = (): void => driver.wake();
    this.#options = options;
    this.#driver = driver;
    const scheduleFlush = (delayMs: number): void => this.#scheduleFlush(delayMs);
    const desks = new ControlDesks(options, { scheduleFlush, part, wake });
    this.#desks = desks;
    this.#loggedResyncs = desks.publisher.resyncCounts;
    const connectionOf = desks.connectionOf.bind(desks);
    const onSignal = desks.signals.receive.bind(desks.signals);
    this.#datagrams = new VoiceDatagrams({ voice, connectionOf, onSignal, wake });
    const login = new Login({
      ...options,
      voicePort: voice.port,
      admission: desks.admission,
      bots: desks.bots,
      tickets: options.entry.tickets,
      directory: desks.directory,
      moderation: desks.moderation,
      part,
      guard: desks.abuse.loginGuard,
      onLogin: (connection) => {
        desks.abuse.noteLogin(connection);
        log.debug(logFieldsOf(connection), 'logged in');
      },
      onFault: (error) => log.error({ err: error }, 'a login failed inside the server'),
      wake,
    });
    this.#cards = new ServerCards({
      rule: options.serverCard,
      serverName: options.serverName,
      admission: desks.admission,
      pacing: desks.abuse.pacing,
      members: () => desks.state.sessionCount,
      membersMax: limits.state.sessionsMax,
    });
    this.#conversation = new Conversation({
      login,
      cards: this.#cards,
      commands: desks.commands,
      pacing: desks.abuse.pacing,
      counters: this.#counters,
      refusedCommands: this.#refusedCommands,
      part,
      onFault: (error) => log.error({ err: error }, 'a command failed inside the server'),
      wake,
      nowMs: () => performance.now(),
    });
    this.#sweeping = setInterval(() => this.#sweep(), limits.session.sweepIntervalMs);
    this.#sweeping.unref();
  }

  handleEvent(event: QuicEvent): void {
    switch (event.type) {
      case 'connected':
        this.#noteCertificate(this.#clientOf(event.connection), event);
        return;
      case 'stream':
        this.#receive(this.#clientOf(event.connection).connection, event);
        return;
      case 'writable':
        this.#clients.get(event.connection)?.connection.drain(event.stream);
        return;
      case 'streamReset': {
        const client = this.#clients.get(event.connection);
        const text = `Stream ${event.stream} was reset.`;
        const parting = violation('streamReset', ErrorCode.OutOfPlace, text, 0);
        if (client !== undefined) this.#part(client.connection, parting);
        return;
      }
      case 'closed':
        this.#forget(event.connection, event.close);
        return;
      case 'datagram':
        this.#datagrams.receive(this.#clientOf(event.connection).connection, event.bytes);
        return;
      case 'migrated':
        this.#clients.get(event.connection)?.connection.noteAddress();
        return;
      case 'ticket':
        return;
    }
  }

  /** Whether a host is turned away before any handshake. */
  isBarred(host: string): boolean {
    const { abuse, moderation } = this.#desks;
    return abuse.isBarred(host) || moderation.bans.ofAddress(host) !== null;
  }

  /** Whether a source has no limits of its own. */
  isTrusted(source: string): boolean {
    return this.#desks.bots.isTrusted(source);
  }

  /** Whether somebody has logged in from a host. */
  isKnown(host: string): boolean {
    return this.#desks.abuse.isKnownAddress(host);
  }

  /**
   * Sends a voice packet as a datagram on the connection of a session.
   *
   * @param packet used during the call only
   */
  sendVoice(sessionToken: number, packet: Uint8Array): void {
    this.#datagrams.send(sessionToken, packet);
  }

  /** Those who run the server from outside. */
  get operators(): Operators {
    return this.#desks.operators;
  }

  stats(): ControlPlaneStats {
    return {
      connections: this.#clients.size,
      sessions: this.#desks.state.sessionCount,
      speakers: this.#desks.operators.talking.talkers.length,
      isDraining: this.isDraining,
      rooms: this.#desks.state.roomCount,
      calls: this.#desks.calls.count,
      protocolErrors: this.#counters.snapshot(),
      notPermitted: this.#refusedCommands.snapshot(),
      datagrams: { ...this.#datagrams.counters },
      signals: this.#desks.signals.stats(),
      abuse: this.#desks.abuse.stats(),
      serverCards: this.#cards.stats(),
      resyncs: this.#desks.publisher.resyncCounts,
      plugins: this.#desks.operators.plugins.stats(),
      stateHash: Buffer.from(this.#desks.publisher.viewHash).toString('hex'),
    };
  }

  /**
   * Lets nobody in any more, says goodbye to everybody and waits until they are gone or had the
   * time to hear it.
   */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping);
    const allGone = new Promise<void>((resolve) => {
      this.#onAllGone = resolve;
    });
    if (this.#clients.size === 0) return;
    for (const { connection } of this.#clients.values()) this.#part(connection, stopping);
    this.#driver.wake();
    const lingering = setTimeout(
      () => this.#onAllGone?.(),
      this.#options.limits.session.closeLingerMs,
    );
    await allGone;
    clearTimeout(lingering);
  }

  /** With 0-RTT the first bytes may come before the end of the handshake. */
  #clientOf(id: ConnectionId): Client {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const peer = new QuicPeer(this.#driver, id);
    const connection = new Connection({
      id,
      peer,
      limits: this.#options.limits,
      nowMs: () => performance.now(),
      onTooSlow: (slow) => this.#part(slow, tooSlow),
    });
    const client = { connection, peer, closeTimer: null };
    this.#clients.set(id, client);
    const surplus = this.#desks.abuse.noteConnected(connection);
    if (surplus !== null) this.#part(surplus, crowdedOut);
    if (this.#onAllGone !== null || this.isDraining)
      this.#part(connection, { ...stopping, message: null });
    return client;
  }

  #noteCertificate({ connection }: Client, event: QuicEvent & { type: 'connected' }): void {
    if (event.certificate !== null) connection.shownFingerprint = event.certificate.fingerprint;
  }

  #receive(connection: Connection, event: QuicEvent & { type: 'stream' }): void {
    if (connection.phase.name === 'closing') return;
    const lane = connection.inbound.push(event.stream, event.bytes);
    // One that ends without a byte carries nothing, and more of them could come without end.
    if (lane === 'unexpected' || (lane === null && event.fin)) {
      const text = `The conversation has no stream ${event.stream}.`;
      this.#part(connection, violation('unexpectedStream', ErrorCode.OutOfPlace, text, 0));
      return;
    }
    if (lane === null) return;
    if (lane.kind === 'control') connection.openControl(lane.stream);
    this.#receiveFrames(connection, lane, event.early);
    if (event.fin && lane.kind === 'control') this.#part(connection, peerLeft);
  }

  #receiveFrames(connection: Connection, lane: InboundLane, isEarly: boolean): void {
    try {
      // A message may end the conversation; what follows it is not heard.
      while (connection.phase.name !== 'closing') {
        const frame = lane.frames.next();
        if (frame === null) return;
        const received = decodeMessage(frame.type, frame.payload);
        if (isEarly && received.message.type !== FrameType.Hello) {
          const text = 'Only Hello may be sent before the handshake is done.';
          const { requestId } = received;
          this.#part(connection, violation('earlyData', ErrorCode.OutOfPlace, text, requestId));
          return;
        }
        this.#conversation.receive(connection, lane.kind, received);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#part(connection, undecodable(error));
    }
  }

  /** The one way in which the server ends a conversation. Nothing happens the second time. */
  #part(connection: Connection, parting: Parting): void {
    const client = this.#clients.get(connection.id);
    const { phase } = connection;
    if (client === undefined || phase.name === 'closing') return;
    connection.phase = { name: 'closing' };
    if (parting.refusal !== null) this.#counters.add(parting.refusal);
    this.#desks.abuse.noteParting(connection, parting);
    if (phase.name === 'open') {
      if (parting.mayReturn) this.#desks.directory.lose(phase.session, connection);
      else this.#desks.directory.end(phase.session, connection);
    }
    const { code, text, message, requestId } = parting;
    const fields = { ...logFieldsOf(connection, phase), code, text };
    this.#options.log.debug(fields, 'parting from a client');
    if (message === null) {
      client.peer.close(code, text);
      return;
    }
    connection.sendControl(message, requestId);
    const { closeLingerMs } = this.#options.limits.session;
    client.closeTimer = setTimeout(() => client.peer.close(code, text), closeLingerMs);
  }

  #forget(id: ConnectionId, close: QuicClose): void {
    const client = this.#clients.get(id);
    if (client === undefined) return;
    const { connection, closeTimer } = client;
    if (closeTimer !== null) clearTimeout(closeTimer);
    if (connection.phase.name === 'open') {
      const { session } = connection.phase;
      if (mayReturnAfter(close)) this.#desks.directory.lose(session, connection);
      else this.#desks.directory.end(session, connection);
    }
    connection.phase = { name: 'closing' };
    connection.onBulkDrained();
    this.#clients.delete(id);
    this.#desks.abuse.noteGone(connection);
    if (this.#clients.size === 0) this.#onAllGone?.();
  }

  #scheduleFlush(delayMs: number): void {
    // After all events of this turn, so that they make one update.
    if (delayMs === 0) queueMicrotask(() => this.#flush());
    // A timer knows whole milliseconds only; one that is early finds that it is not time yet.
    else setTimeout(() => this.#flush(), Math.ceil(delayMs) + 1).unref();
  }

  #flush(): void {
    this.#desks.publisher.flush();
    this.#driver.wake();
  }

  /** At most once a sweep: a fault of ours would show with everybody at once. */
  #logResyncs(): void {
    const { resyncCounts } = this.#desks.publisher;
    if (resyncCounts === this.#loggedResyncs) return;
    this.#loggedResyncs = resyncCounts;
    const text = 'the view of a client was not ours, and was sent again (counts since the start)';
    this.#options.log.warn(resyncCounts, text);
  }

  #sweep(): void {
    const nowMs = performance.now();
    const { loginTimeoutMs } = this.#options.limits.session;
    for (const { connection } of this.#clients.values()) {
      const { phase, openedAtMs } = connection;
      if (phase.name === 'closing') continue;
      connection.giveUpUnusedStreams();
      if (connection.isStalled()) this.#part(connection, tooSlow);
      else if (phase.name !== 'open' && nowMs - openedAtMs > loginTimeoutMs) {
        this.#part(connection, loginTimeout);
      }
    }
    this.#desks.sweep(nowMs);
    this.#logResyncs();
    this.#driver.wake();
  }
}
