import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandDone, CommandMessage, RoomStreamMessage } from '@rookery/schemas/messages';
import type { MessageOf } from '@rookery/schemas/messages/codec';
import { isViewMessage } from '@rookery/schemas/syncedView';
import { isTextNews } from '@rookery/schemas/textMessages';
import { ownVoicePlace } from './calls.js';
import { VoiceChaos } from './chaosLine.js';
import { ClientError } from './clientError.js';
import { credentialsOf, type AccountChanges } from './credentials.js';
import { openConnection, type Connection } from './connection.js';
import type { ConnectOptions, EngineOptions } from './engineOptions.js';
import {
  nothingSeen,
  ownSession,
  StateStore,
  type SessionFacts,
  type State,
  type StateListener,
} from './engineState.js';
import { loadSessionUser, type SessionUser, type UserListener } from './sessionUser.js';
import { newOpeningKeys, takeOpeningKey } from './openingKeys.js';
import { PrivateRooms } from './privateRooms.js';
import { reconnectDelayMs } from './reconnectDelay.js';
import { restoreStanding } from './restoreStanding.js';
import { ResumeTickets } from './resumeTickets.js';
import { withRoleGap } from './roleNews.js';
import { connecting, serverCheck, withTrust } from './serverTrust.js';
import { faultOf, gaveUp, notConnected, isPasswordFault, passingFaults } from './sessionFaults.js';
import { SignalKeeper } from './signalKeeper.js';
import { standingOf, type Standing } from './standing.js';
import { StateWaits } from './stateWaits.js';
import { Texts } from './texts.js';
import { emptyView, ViewGlance } from './view.js';
import { ViewKeeper } from './viewKeeper.js';
import { openVoiceConnection } from './voiceConnection.js';
import type { VoiceConnection, VoiceSequence } from './voiceConnection.js';
import { newVoiceCounters, type VoiceCounters } from './voiceCounters.js';
import type { VoiceFrameListener, VoiceWish } from './voiceReceiver.js';
import { WhisperLists } from './whisperLists.js';

/** The session that was there last. */
interface OwnSession {
  readonly token: number;
  readonly sequence: VoiceSequence;
}

/**
 * Keeps one session on a server alive for the engine: logs in, follows the view, opens voice, and
 * comes back to where it was when the connection is lost.
 */
export class SessionKeeper {
  readonly whispers = new WhisperLists({
    register: async (command) => {
      const { listId } = await this.request(command);
      await this.until(() => this.whispers.hasKey(listId));
      return listId;
    },
    remove: async (listId) => {
      await this.request({ type: FrameType.RemoveWhisper, listId });
    },
  });
  readonly views = new ViewKeeper((command) => this.request(command));
  readonly texts = new Texts(this);
  readonly chaos = new VoiceChaos((chaos) => this.store.update({ chaos }));
  /** Told of what concerns neither the view nor keys nor new messages. */
  readonly listeners = new Set<(message: RoomStreamMessage) => void>();
  private readonly store = new StateStore();
  readonly signals = new SignalKeeper(this.store);
  readonly privateRooms = new PrivateRooms(this, this.store);
  private readonly glance = new ViewGlance();
  /** The keeper alone sets it; null while there is none. */
  connection: Connection | null = null;
  private voice: VoiceConnection | null = null;
  private voiceWish: VoiceWish | null = null;
  private keys = newOpeningKeys(() => this.state.view, this.privateRooms);
  /** Ended by close(): whatever is under way stops. */
  private running = new AbortController();
  /** The session to go on with, or that goes on; null where there was none. */
  private session: OwnSession | null = null;
  /** Of the present connect(): another default meanwhile changes nothing. */
  private user: SessionUser | null = null;
  private readonly tickets: ResumeTickets;
  changes: AccountChanges = {};
  /** The run of an attempt to log in, which finds out itself when its connection is lost. */
  private attempt: AbortSignal | null = null;
  /** Why the present connection is of no use any more, or null. */
  private loss: ClientError | null = null;
  private readonly waits: StateWaits;

  constructor(private readonly options: EngineOptions) {
    this.tickets = new ResumeTickets(options.profileFolder);
    this.waits = new StateWaits(this.store, options.timeoutMs);
    this.subscribe(({ view }) => {
      if (this.connection !== null && this.glance.hasChanged(view)) this.whispers.follow(view);
    });
  }

  get state(): State {
    return this.store.state;
  }

  get voiceCounters(): Readonly<VoiceCounters> | null {
    return this.voiceWish?.counters ?? null;
  }

  /** The way for frames, or null while there is none; then they count as unsent. */
  voiceToSend(): VoiceConnection | null {
    if (this.voice === null && this.voiceWish !== null) {
      this.voiceWish.counters.unsentDisconnected++;
    }
    return this.voice;
  }

  subscribe(listener: StateListener): () => void {
    return this.store.subscribe(listener);
  }

  async connect(options: ConnectOptions, onUser: UserListener): Promise<void> {
    const { phase } = this.state.connection;
    if (phase !== 'idle' && phase !== 'disconnected') {
      throw new ClientError('internal', 'close() the engine before it connects again');
    }
    this.running = new AbortController();
    this.session = null;
    this.changes = {};
    const { signal } = this.running;
    this.update({ ...nothingSeen, ...connecting(options.address, 'unlocking') });
    try {
      await this.attempting(signal, async () => {
        this.user = await loadSessionUser(this.options, options, signal);
        await onUser(this.user);
        await withTrust(this.options, options, this.store, signal, (trusted) =>
          this.establish(trusted, 'connected', signal),
        );
      });
    } catch (error) {
      if (!signal.aborted) this.end(error);
      throw error;
    }
  }

  /** @throws ClientError `disconnected`, or as Connection.request(). */
  readonly request = (command: CommandMessage): Promise<CommandDone> =>
    this.query(command, FrameType.CommandDone);

  /** As request(), for an answer of its own type. */
  async query<T extends FrameType>(command: CommandMessage, type: T): Promise<MessageOf<T>> {
    if (this.connection === null) throw notConnected();
    return await this.connection.query(command, type);
  }

  /** Resolves when the State is so; rejects when the connection ends or it takes too long. */
  until(isSo: (state: State) => boolean): Promise<void> {
    if (this.loss !== null) return Promise.reject(this.loss);
    if (this.connection === null) return Promise.reject(notConnected());
    return this.waits.until(isSo);
  }

  async openVoice(onFrame: VoiceFrameListener): Promise<void> {
    if (this.connection === null) throw notConnected();
    this.voiceWish = { onFrame, counters: newVoiceCounters() };
    try {
      await this.startVoice(this.voiceWish);
    } catch (error) {
      this.voiceWish = null;
      throw error;
    }
  }

  async drainVoice(): Promise<void> {
    await this.voice?.drain(this.options.timeoutMs);
  }

  async close(): Promise<void> {
    this.stop(notConnected());
    this.update({ connection: { phase: 'idle' }, voice: { phase: 'closed' } });
    await this.release();
    await this.tickets.settled();
  }

  /** Logs in on a connection of its own and waits for the first view. */
  private async establish(
    options: ConnectOptions,
    phase: 'connected' | 'resuming',
    signal: AbortSignal,
  ): Promise<SessionFacts> {
    this.loss = null;
    this.keys = newOpeningKeys(() => this.state.view, this.privateRooms);
    this.whispers.reset();
    this.update({ view: this.views.start(), calls: new Map(), ...withRoleGap(this.state) });
    this.connection = await this.logIn(options, signal);
    this.views.open();
    this.signals.open(this.connection.datagrams, this.connection.login.userId);
    const { serverName, fingerprint, pin, userId, sessionToken, continued } = this.connection.login;
    if (!continued) this.session = { token: sessionToken, sequence: { lastCounter: 0 } };
    const facts = { address: options.address, serverName, fingerprint, pin, userId, sessionToken };
    this.update({ connection: { phase, ...facts } });
    await this.until((state) => ownSession(state) !== null);
    return facts;
  }

  private async logIn(options: ConnectOptions, signal: AbortSignal): Promise<Connection> {
    const { clientName, timeoutMs } = this.options;
    const { user } = this;
    if (user === null) throw notConnected();
    const ticket = await this.tickets.find(user);
    const opening = openConnection({
      address: options.address,
      identity: user.identity,
      ...credentialsOf(options, this.changes, this.session === null ? 'first' : 'later'),
      ticket,
      continuedToken: this.session?.token ?? 0,
      onTicket: (ticket) => this.tickets.keep(user, ticket),
      clientName,
      timeoutMs,
      signal,
      checkFingerprint: serverCheck(this.options, options, this.store),
      onMessage: (message, stateHash) => this.onMessage(message, stateHash),
      onThrottled: (throttled) => this.update({ throttled }),
      onLost: (reason) => this.onLost(reason, options),
    });
    const connection = await opening.catch((error: unknown) => {
      if (ticket !== null && isPasswordFault(error)) this.tickets.drop(user);
      throw error;
    });
    if (!signal.aborted) return connection;
    await connection.close();
    throw notConnected();
  }

  private async startVoice({ onFrame, counters }: VoiceWish): Promise<void> {
    const { connection, session } = this;
    if (connection === null || session === null) throw notConnected();
    const { voiceAddress, sessionToken, hopKey } = connection.login;
    const { timeoutMs, openVoiceSocket } = this.options;
    const isPresent = (): boolean => this.connection === connection;
    this.update({ voice: { phase: 'opening' } });
    try {
      const voice = await openVoiceConnection({
        remote: voiceAddress,
        datagrams: connection.datagrams,
        sessionToken,
        sequence: session.sequence,
        hopKey,
        keys: this.keys,
        timeoutMs,
        counters,
        onFrame,
        onHealth: (health) => {
          if (isPresent()) this.update({ voice: { phase: 'open', ...health } });
        },
        onDoubt: () => connection.probe(),
        chaos: this.chaos,
        ...(openVoiceSocket && { openSocket: openVoiceSocket }),
      });
      if (!isPresent()) {
        await voice.close();
        throw notConnected();
      }
      this.voice = voice;
    } catch (error) {
      if (isPresent()) this.update({ voice: { phase: 'failed', reason: faultOf(error) } });
      throw error;
    }
  }

  private onMessage(message: RoomStreamMessage, stateHash: Uint8Array | null): void {
    if (isViewMessage(message)) {
      this.views.apply(message, stateHash);
      this.followOwnRoom(this.state);
      this.voice?.onKeysChanged();
      this.store.viewChanged();
      return;
    }
    const nowMs = performance.now();
    if (takeOpeningKey(this.keys, message, nowMs)) {
      this.voice?.onKeysChanged();
    } else if (message.type === FrameType.WhisperReady) {
      this.whispers.onReady(message, nowMs);
      // Nothing of it shows, but somebody may wait for it.
      this.update({});
    } else {
      if (isTextNews(message)) this.texts.apply(message);
      for (const listener of this.listeners) listener(message);
    }
  }

  /** The keys follow the own room before anybody hears of the change, and may want to speak. */
  update(change: Partial<State>): void {
    this.followOwnRoom({ ...this.state, ...change });
    this.store.update(change);
  }

  private followOwnRoom(state: State): void {
    this.keys.room.enterRoom(ownVoicePlace(state));
    this.privateRooms.follow(state);
  }

  private onLost(reason: ClientError, options: ConnectOptions): void {
    this.loss = reason;
    const standing = standingOf(this.state);
    this.waits.failAll(reason);
    // An attempt fails by itself, and knows what to do then.
    if (this.attempt !== null) return;
    if (this.options.reconnectMs > 0 && passingFaults.has(reason.code)) {
      void this.comeBack(reason, standing, options);
    } else {
      this.end(reason);
    }
  }

  /** Tries until it is there again, somebody closes the engine, or it makes no sense any more. */
  private async comeBack(
    first: ClientError,
    standing: Standing,
    options: ConnectOptions,
  ): Promise<void> {
    const { signal } = this.running;
    const giveUpAtMs = performance.now() + this.options.reconnectMs;
    let last = first;
    for (let attempt = 0; ; attempt++) {
      const delayMs = reconnectDelayMs(attempt, Math.random());
      if (performance.now() + delayMs > giveUpAtMs) {
        this.end(gaveUp(first, last, this.options.reconnectMs));
        return;
      }
      this.update({
        connection: { phase: 'reconnecting', address: options.address, reason: faultOf(last) },
        voice: { phase: this.voiceWish === null ? 'closed' : 'opening' },
        // Tokens of another session may be the same and mean others.
        view: emptyView,
        calls: new Map(),
      });
      try {
        await this.release();
        await delay(delayMs, undefined, { signal });
        await this.attempting(signal, () => this.resume(standing, options, signal));
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ClientError && passingFaults.has(error.code))) {
          this.end(error);
          return;
        }
        last = error;
      }
    }
  }

  private async resume(
    standing: Standing,
    options: ConnectOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const facts = await this.establish(options, 'resuming', signal);
    // A session that went on is what it was, or what others have made of it meanwhile.
    if (this.connection?.login.continued !== true) await restoreStanding(this, standing);
    await this.views.askAgain();
    if (this.voiceWish !== null) await this.startVoice(this.voiceWish);
    this.whispers.follow(this.state.view);
    if (this.loss !== null) throw this.loss;
    this.update({ connection: { phase: 'connected', ...facts } });
  }

  private async attempting(signal: AbortSignal, attempt: () => Promise<unknown>): Promise<void> {
    this.attempt = signal;
    try {
      await attempt();
      if (this.loss !== null) throw this.loss;
    } finally {
      if (this.attempt === signal) this.attempt = null;
    }
  }

  /** It is over: nobody tries any more. */
  private end(error: unknown): void {
    this.stop(error instanceof ClientError ? error : notConnected());
    void this.release();
    this.update({
      connection: { phase: 'disconnected', reason: faultOf(error) },
      voice: { phase: 'closed' },
    });
  }

  private stop(reason: ClientError): void {
    this.running.abort();
    this.attempt = null;
    this.voiceWish = null;
    this.waits.failAll(reason);
  }

  private async release(): Promise<void> {
    const { connection, voice } = this;
    this.signals.close();
    this.connection = null;
    this.voice = null;
    await Promise.all([connection?.close(), voice?.close()]);
  }
}
