import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage, RoomStreamMessage, Uuid } from '@rookery/schemas/messages';
import { normaliseName, roomNameLimits } from '@rookery/schemas/names';
import { ProtocolError } from '@rookery/schemas/protocolError';
import { newUuid } from '@rookery/schemas/uuid';
import { ClientError } from './clientError.js';
import { openConnection, type Connection } from './connection.js';
import {
  ownSession,
  StateStore,
  type EngineFault,
  type State,
  type StateListener,
  withMessage,
} from './engineState.js';
import { loadIdentity } from './identity.js';
import { RoomKeys } from './roomKeys.js';
import type { ServerAddress } from './serverAddress.js';
import { checkServerPin } from './serverPins.js';
import { emptyView, reduceView } from './view.js';
import {
  openVoiceConnection,
  type OutgoingFrame,
  type VoiceConnection,
  type VoiceCounters,
  type VoiceFrameListener,
} from './voiceConnection.js';

export interface EngineOptions {
  /** Holds identity and known servers; made when it is not there. */
  readonly profileFolder: string;
  /** Program and version, for the servers' logs. */
  readonly clientName: string;
  /** How long to wait for the handshake, for each answer, for the voice port. A whole number. */
  readonly timeoutMs: number;
}

export interface ConnectOptions {
  readonly address: ServerAddress;
  readonly displayName: string;
  readonly password?: string;
  /** A fingerprint that the user vouches for (serverPins.ts), as parseFingerprint() writes it. */
  readonly acceptedFingerprint?: string;
}

/**
 * A client without a face. It holds one State, tells of every change, and takes commands; each
 * resolves once the State shows its effect. All commands reject with ClientError: `disconnected`
 * while not connected, `commandRefused` with the server's words, `noSuchRoom`, `unreachable` when
 * no answer comes in time. One thread, one server at a time.
 *
 *     const engine = openEngine({ profileFolder, clientName: 'greeter 1.0', timeoutMs: 5_000 });
 *     const unsubscribe = engine.subscribe(({ messages }) => {
 *       const last = messages.at(-1);
 *       if (last !== undefined) console.log(`${last.displayName}: ${last.text}`);
 *     });
 *     await engine.connect({
 *       address: parseServerAddress('talk.example.org'),
 *       displayName: 'Greeter',
 *     });
 *     const room = findRoom(engine.state.view, parseRoomPath('Lobby/Games'));
 *     if (room !== null) {
 *       await engine.joinRoom(room.roomId);
 *       await engine.sendMessage(room.roomId, 'Good morning!');
 *     }
 *     unsubscribe();
 *     await engine.close();
 */
export interface Engine {
  readonly state: State;
  /** @returns ends the subscription. The listener is called at every change, not at once. */
  subscribe(listener: StateListener): () => void;
  /**
   * Logs in and waits for the first view. @throws ClientError as openConnection(), loadIdentity()
   * and checkServerPin().
   */
  connect(options: ConnectOptions): Promise<void>;
  joinRoom(roomId: Uuid): Promise<void>;
  leaveRoom(): Promise<void>;
  /** @returns the new room's id. */
  createRoom(parentId: Uuid, name: string): Promise<Uuid>;
  renameRoom(roomId: Uuid, name: string): Promise<void>;
  deleteRoom(roomId: Uuid): Promise<void>;
  /** @returns the message's id, once the server has taken it. */
  sendMessage(roomId: Uuid, text: string): Promise<Uuid>;
  setSelfState(self: { readonly muted: boolean; readonly deafened: boolean }): Promise<void>;
  /**
   * Opens the way for voice in both directions; frames of others go to the listener.
   *
   * @throws ClientError `voiceUnreachable`.
   */
  openVoice(onFrame: VoiceFrameListener): Promise<void>;
  /** Never fails: what cannot be sent, in no room or without a connection, is dropped. */
  sendFrame(frame: OutgoingFrame): void;
  /** Resolves when the server has handled all frames sent so far, or the time-out is over. */
  drainVoice(): Promise<void>;
  /** null while voice is not open. */
  readonly voiceCounters: Readonly<VoiceCounters> | null;
  /** Says goodbye and gives everything back; the engine may connect again. */
  close(): Promise<void>;
}

/** Touches neither files nor network yet. */
export function openEngine(options: EngineOptions): Engine {
  return new ClientEngine(options);
}

class ClientEngine implements Engine {
  private readonly store = new StateStore();
  private connection: Connection | null = null;
  private voice: VoiceConnection | null = null;
  private keys = new RoomKeys();
  private connecting = new AbortController();

  constructor(private readonly options: EngineOptions) {}

  get state(): State {
    return this.store.state;
  }

  get voiceCounters(): Readonly<VoiceCounters> | null {
    return this.voice?.counters ?? null;
  }

  subscribe(listener: StateListener): () => void {
    return this.store.subscribe(listener);
  }

  async connect(options: ConnectOptions): Promise<void> {
    const { phase } = this.state.connection;
    if (phase === 'connecting' || phase === 'connected') {
      throw new ClientError('internal', 'close() the engine before it connects again');
    }
    const { address } = options;
    this.connecting = new AbortController();
    this.keys = new RoomKeys();
    this.update({ connection: { phase: 'connecting', address }, view: emptyView, messages: [] });
    try {
      this.connection = await this.logIn(options, this.connecting.signal);
      const { serverName, fingerprint, pin, userId, sessionToken } = this.connection.login;
      const connection = { address, serverName, fingerprint, pin, userId, sessionToken } as const;
      this.update({ connection: { phase: 'connected', ...connection } });
      await this.until((state) => ownSession(state) !== null);
    } catch (error) {
      this.lose(error);
      throw error;
    }
  }

  async joinRoom(roomId: Uuid): Promise<void> {
    await this.request({ type: FrameType.JoinRoom, roomId });
    await this.until((state) => ownSession(state)?.roomId === roomId);
  }

  async leaveRoom(): Promise<void> {
    await this.request({ type: FrameType.LeaveRoom });
    await this.until((state) => ownSession(state)?.roomId === null);
  }

  async createRoom(parentId: Uuid, name: string): Promise<Uuid> {
    const roomId = await this.request({
      type: FrameType.CreateRoom,
      parentId,
      name: roomName(name),
    });
    if (roomId === null) throw noId('a room');
    await this.until(({ view }) => view.rooms.has(roomId));
    return roomId;
  }

  async renameRoom(roomId: Uuid, name: string): Promise<void> {
    await this.request({ type: FrameType.RenameRoom, roomId, name: roomName(name) });
    await this.until(({ view }) => view.rooms.get(roomId)?.name === roomName(name));
  }

  async deleteRoom(roomId: Uuid): Promise<void> {
    await this.request({ type: FrameType.DeleteRoom, roomId });
    await this.until(({ view }) => !view.rooms.has(roomId));
  }

  async sendMessage(roomId: Uuid, text: string): Promise<Uuid> {
    const messageId = await this.request({
      type: FrameType.SendMessage,
      roomId,
      text,
      clientMessageId: newUuid(),
    });
    if (messageId === null) throw noId('a message');
    return messageId;
  }

  async setSelfState(self: { readonly muted: boolean; readonly deafened: boolean }): Promise<void> {
    await this.request({ type: FrameType.SetSelfState, ...self });
    await this.until((state) => {
      const own = ownSession(state);
      return own?.muted === self.muted && own.deafened === self.deafened;
    });
  }

  async openVoice(onFrame: VoiceFrameListener): Promise<void> {
    const { connection } = this;
    if (connection === null) throw notConnected();
    const { voiceAddress, sessionToken, hopKey } = connection.login;
    this.update({ voice: { phase: 'opening' } });
    try {
      const voice = await openVoiceConnection({
        remote: voiceAddress,
        sessionToken,
        hopKey,
        keys: this.keys,
        timeoutMs: this.options.timeoutMs,
        onFrame,
        onRoundTrip: (roundTripMs) => {
          if (this.connection === connection)
            this.update({ voice: { phase: 'open', roundTripMs } });
        },
      });
      if (this.connection !== connection) {
        await voice.close();
        throw notConnected();
      }
      this.voice = voice;
    } catch (error) {
      if (this.connection === connection) {
        this.update({ voice: { phase: 'failed', reason: faultOf(error) } });
      }
      throw error;
    }
  }

  sendFrame(frame: OutgoingFrame): void {
    this.voice?.sendFrame(frame);
  }

  async drainVoice(): Promise<void> {
    await this.voice?.drain(this.options.timeoutMs);
  }

  async close(): Promise<void> {
    this.connecting.abort();
    this.update({ connection: { phase: 'idle' }, voice: { phase: 'closed' } });
    await this.release();
  }

  private async logIn(options: ConnectOptions, signal: AbortSignal): Promise<Connection> {
    const { profileFolder, clientName, timeoutMs } = this.options;
    const { address, displayName, password = '', acceptedFingerprint = null } = options;
    const connection = await openConnection({
      address,
      identity: await loadIdentity(profileFolder),
      displayName,
      password,
      clientName,
      timeoutMs,
      signal,
      checkFingerprint: (fingerprint) =>
        checkServerPin(profileFolder, address, fingerprint, acceptedFingerprint),
      onMessage: (message) => this.onMessage(message),
      onLost: (reason) => this.lose(reason),
    });
    if (!signal.aborted) return connection;
    await connection.close();
    throw notConnected();
  }

  private async request(command: CommandMessage): Promise<Uuid | null> {
    if (this.connection === null) throw notConnected();
    return (await this.connection.request(command)).createdId;
  }

  /** Resolves when the State is so; rejects when the connection ends or it takes too long. */
  private until(isSo: (state: State) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (outcome: () => void): void => {
        clearTimeout(timer);
        unsubscribe();
        outcome();
      };
      const look = (state: State): void => {
        const { connection } = state;
        if (connection.phase === 'disconnected') finish(() => reject(errorOf(connection.reason)));
        else if (connection.phase === 'idle') finish(() => reject(notConnected()));
        else if (isSo(state)) finish(resolve);
      };
      const timer = setTimeout(() => {
        finish(() => reject(new ClientError('unreachable', 'the server does not show the change')));
      }, this.options.timeoutMs);
      const unsubscribe = this.subscribe(look);
      look(this.state);
    });
  }

  private onMessage(message: RoomStreamMessage): void {
    switch (message.type) {
      case FrameType.RoomInit:
      case FrameType.StateUpdate:
        this.update({ view: reduceView(this.state.view, message) });
        break;
      case FrameType.RoomMessage:
        this.update({ messages: withMessage(this.state.messages, message) });
        break;
      case FrameType.RoomKey:
        this.keys.addKey(message, performance.now());
        this.voice?.onKeysChanged();
        break;
    }
  }

  /** The keys follow the own room before anybody hears of the change, and may want to speak. */
  private update(change: Partial<State>): void {
    this.keys.enterRoom(ownSession({ ...this.state, ...change })?.roomId ?? null);
    this.store.update(change);
  }

  private lose(error: unknown): void {
    const { phase } = this.state.connection;
    if (phase !== 'connecting' && phase !== 'connected') return;
    // A login that ends at this very moment must not come up as connected.
    this.connecting.abort();
    void this.release();
    this.update({
      connection: { phase: 'disconnected', reason: faultOf(error) },
      voice: { phase: 'closed' },
    });
  }

  private async release(): Promise<void> {
    const { connection, voice } = this;
    this.connection = null;
    this.voice = null;
    await Promise.all([connection?.close(), voice?.close()]);
  }
}

function roomName(text: string): string {
  try {
    return normaliseName(text, roomNameLimits);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new ClientError('invalidInput', `invalid room name "${text}": ${error.message}`, {
      cause: error,
    });
  }
}

function notConnected(): ClientError {
  return new ClientError('disconnected', 'not connected to a server');
}

function noId(what: string): ClientError {
  return new ClientError('protocolViolation', `the server made ${what} without telling its id`);
}

function faultOf(error: unknown): EngineFault {
  const code = error instanceof ClientError ? error.code : 'internal';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

function errorOf({ code, message }: EngineFault): ClientError {
  return new ClientError(code, message);
}
