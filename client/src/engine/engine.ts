import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { FrameType } from '@rookery/schemas/frameType';
import type { RoomProperties, RoomVoice, Uuid } from '@rookery/schemas/messages';
import { unchangedRoom } from '@rookery/schemas/protocol';
import type { PresenceStatus } from '@rookery/schemas/signalDatagram';
import type { ViewCounters } from '@rookery/schemas/syncedView';
import { Accounts } from './accounts.js';
import { Sound } from './audio/live/sound.js';
import { SoundSettingsFile } from './audio/live/soundSettings.js';
import type { AudioState } from './audioState.js';
import type { ChaosLine } from './chaosLine.js';
import { withoutId } from './clientError.js';
import type { ConnectOptions, EngineOptions } from './engineOptions.js';
import { Diagnostics } from './diagnostics.js';
import { ownSession, type State, type StateListener } from './engineState.js';
import { OutgoingMessages } from './outgoingMessages.js';
import { FileTransfers } from './fileTransfers.js';
import { Access } from './access.js';
import { Moderation } from './moderation.js';
import { ReadingMarks } from './readingMarks.js';
import { normalisedDescription, roomName } from './roomFields.js';
import { SessionKeeper } from './sessionKeeper.js';
import type { Texts } from './texts.js';
import { Talks } from './talks.js';
import type { OutgoingFrame } from './voiceConnection.js';
import type { VoiceCounters } from './voiceCounters.js';
import { areLinked } from './view.js';
import type { VoiceFrameListener } from './voiceReceiver.js';
import type { WhisperId, WhisperTargets } from './whisperLists.js';

/**
 * A client without a face. It holds one State, tells of every change, and takes commands; each
 * resolves once the State shows its effect. All commands reject with ClientError: `disconnected`
 * while not connected, `commandRefused` with the server's words, `noSuchRoom`, `unreachable` when
 * no answer comes in time. One thread, one server at a time.
 *
 * When the connection is lost it comes back by itself: it logs in again, returns to its room, and
 * goes on with voice and whispers. Meanwhile commands reject, and frames are dropped and counted.
 * docs/engine.md shows how it is used.
 */
export interface Engine {
  readonly state: State;
  /**
   * The listener is called at every change, not at once; where the view alone changes, 30 times a
   * second at most.
   *
   * @returns ends the subscription.
   */
  subscribe(listener: StateListener): () => void;
  /**
   * Logs in and waits for the first view. @throws ClientError as openConnection(), loadIdentity()
   * and checkServerPin().
   */
  connect(options: ConnectOptions): Promise<void>;
  /** @param password of the room; not needed again until the session ends. */
  joinRoom(roomId: Uuid, password?: string): Promise<void>;
  leaveRoom(): Promise<void>;
  /** @returns the new room's id. */
  createRoom(parentId: Uuid, name: string, lasts?: 'forGood' | 'whileInUse'): Promise<Uuid>;
  renameRoom(roomId: Uuid, name: string): Promise<void>;
  deleteRoom(roomId: Uuid): Promise<void>;
  setRoomVoice(roomId: Uuid, voice: RoomVoice): Promise<void>;
  /** Puts a room, with all rooms below it, below another one. */
  moveRoom(roomId: Uuid, parentId: Uuid): Promise<void>;
  /** Changes what is set of a room; what `change` leaves out stays. */
  editRoom(roomId: Uuid, change: Partial<RoomProperties>): Promise<void>;
  /** Whoever hears one of the rooms hears the other one too, and what that is linked to. */
  linkRooms(firstId: Uuid, secondId: Uuid): Promise<void>;
  unlinkRooms(firstId: Uuid, secondId: Uuid): Promise<void>;
  /**
   * Hears these rooms, and what they are linked to, beside the own one, and no others any more.
   * Who is in them is shown. It holds over reconnects.
   */
  listenTo(roomIds: readonly Uuid[]): Promise<void>;
  /**
   * Shows who is in these rooms, beside the own one, and of no others any more; on a small server
   * the view shows everybody anyway. It holds over reconnects.
   */
  watchRooms(roomIds: readonly Uuid[]): Promise<void>;
  /**
   * While the connection is lost the message waits (`outgoing` in the State, and on disk), and is
   * sent once when it is back.
   *
   * @returns the message's id, once the server has taken it.
   */
  sendMessage(roomId: Uuid, text: string, more?: MessageExtras): Promise<Uuid>;
  /** Messages that wait or were refused: to be sent again, or forgotten. */
  readonly outgoing: Pick<OutgoingMessages, 'retry' | 'discard'>;
  /** Tells others whether one is at the computer; it holds over reconnects. */
  setPresence(status: PresenceStatus): void;
  /** Tells those who read there that one types; to be called at every key. */
  typing(placeId: Uuid): void;
  /** What was typed was given up. */
  stopTyping(placeId: Uuid): void;
  /** Reads, and changes, what is written in rooms and talks. */
  readonly text: Omit<Texts, 'apply' | 'follow' | 'reset'>;
  setSelfState(self: { readonly muted: boolean; readonly deafened: boolean }): Promise<void>;
  /**
   * Tells others that one records what is said, or no longer. It holds over reconnects.
   *
   * @throws ClientError `commandRefused` where a room that is heard does not permit it
   */
  setRecording(isRecording: boolean): Promise<void>;
  /**
   * Opens the way for voice both ways; frames of others go to the listener. Where the voice
   * port is blocked, voice takes the control connection, until the port is open again.
   *
   * @throws ClientError `voiceUnreachable`.
   */
  openVoice(onFrame: VoiceFrameListener): Promise<void>;
  /** Never fails: what cannot be sent, in no room or call or without a connection, is dropped. */
  sendFrame(frame: OutgoingFrame): void;
  /**
   * Makes a list of those who hear whispers to it, shown or not. It holds over reconnects, and for
   * people who come later or come back.
   */
  registerWhisper(targets: WhisperTargets): Promise<WhisperId>;
  removeWhisper(whisper: WhisperId): Promise<void>;
  /** As sendFrame(), to those of the list alone. */
  sendWhisper(whisper: WhisperId, frame: OutgoingFrame): void;
  /** Has the voice that is sent go through a bad network, to find faults with. */
  readonly chaos: Pick<ChaosLine, 'set' | 'counters'>;
  /** The same of the voice that is heard. */
  readonly incomingChaos: Pick<ChaosLine, 'set' | 'counters'>;
  /** What the engine does and costs, in `state.diagnostics` while somebody watches. */
  readonly diagnostics: Pick<Diagnostics, 'watch'>;
  /** Resolves when the server has handled all frames sent so far, or the time-out is over. */
  drainVoice(): Promise<void>;
  /** null while voice is not open. */
  readonly voiceCounters: Readonly<VoiceCounters> | null;
  /** How often the view was not what the server said that it is, over all sessions. */
  readonly viewCounters: Readonly<ViewCounters>;
  /** Talks of two or of a group, and finding somebody to talk to. */
  readonly talks: Talks;
  /** Search, what is unread, and how far one came. */
  readonly reading: ReadingMarks;
  /** What moderators do, and read. */
  readonly moderation: Moderation;
  /** The own account, invitations, and who is let in. */
  readonly accounts: Accounts;
  /** Who may do what: roles, groups, rules of rooms. */
  readonly access: Access;
  /** Files of messages. */
  readonly files: FileTransfers;
  /** Microphone, headphones, and who is heard how; once started it opens voice by itself. */
  readonly sound: Sound;
  /** Says goodbye to the server; sound goes on. The engine may connect again. */
  disconnect(): Promise<void>;
  /** Ends the sound, too, and gives everything back; the engine may be used again. */
  close(): Promise<void>;
}

/** What a message may have beside its text. */
export interface MessageExtras {
  /** The message of the same room that it answers. */
  readonly replyToId?: Uuid;
  /** Uploads that belong to it. */
  readonly attachmentIds?: readonly Uuid[];
}

/** Touches neither files nor network yet. */
export function openEngine(options: EngineOptions): Engine {
  return new ClientEngine(options);
}

class ClientEngine implements Engine {
  readonly outgoing: OutgoingMessages;
  readonly files: FileTransfers;
  readonly accounts: Accounts;
  readonly talks: Talks;
  readonly reading: ReadingMarks;
  readonly moderation: Moderation;
  readonly access: Access;
  readonly sound: Sound;
  readonly diagnostics: Diagnostics;
  private readonly keeper: SessionKeeper;

  constructor(options: EngineOptions) {
    this.keeper = new SessionKeeper(options);
    this.files = new FileTransfers(this.keeper);
    this.talks = new Talks(this.keeper);
    this.accounts = new Accounts(this.keeper);
    this.reading = new ReadingMarks(this.keeper);
    this.moderation = new Moderation(this.keeper);
    this.access = new Access(this.keeper);
    this.outgoing = new OutgoingMessages({
      path: join(options.profileFolder, 'outgoing_messages.json'),
      isQueueing: options.reconnectMs > 0,
      send: async (command) => {
        const { createdId } = await this.keeper.request(command);
        if (createdId === null) throw withoutId('a message');
        return createdId;
      },
      onChange: (outgoing) => this.keeper.update({ outgoing }),
    });
    this.keeper.subscribe(({ connection }) => this.outgoing.follow(connection.phase));
    this.keeper.subscribe((state) => this.text.follow(state));
    const { profileFolder, onSettingsFault } = options;
    const soundOptions = {
      settings: new SoundSettingsFile(join(profileFolder, 'sound.json'), onSettingsFault),
      openDevice: options.audio?.open ?? null,
      lossWire: this.keeper.signals,
      onChange: (audio: AudioState) => this.keeper.update({ audio }),
    };
    this.sound = new Sound(soundOptions, this);
    this.diagnostics = new Diagnostics(this.keeper, this.sound);
  }

  get text(): Texts {
    return this.keeper.texts;
  }

  get state(): State {
    return this.keeper.state;
  }

  get voiceCounters(): Readonly<VoiceCounters> | null {
    return this.keeper.voiceCounters;
  }

  get chaos(): ChaosLine {
    return this.keeper.chaos.outgoing;
  }

  get incomingChaos(): ChaosLine {
    return this.keeper.chaos.incoming;
  }

  get viewCounters(): Readonly<ViewCounters> {
    return this.keeper.views.counters;
  }

  subscribe(listener: StateListener): () => void {
    return this.keeper.subscribe(listener);
  }

  async connect(options: ConnectOptions): Promise<void> {
    const { phase } = this.state.connection;
    if (phase === 'idle' || phase === 'disconnected') {
      this.text.reset();
      this.keeper.privateRooms.forget();
    }
    await this.keeper.connect(options, (user) => this.outgoing.open(user));
  }

  async joinRoom(roomId: Uuid, password = ''): Promise<void> {
    if (password !== '') await this.access.enterPassword(roomId, password);
    this.keeper.privateRooms.onJoin(roomId);
    await this.keeper.request({ type: FrameType.JoinRoom, roomId });
    await this.keeper.until(
      (state) => ownSession(state)?.roomId === roomId && state.privateRoom?.phase !== 'entering',
    );
  }

  async leaveRoom(): Promise<void> {
    await this.keeper.request({ type: FrameType.LeaveRoom });
    await this.keeper.until((state) => ownSession(state)?.roomId === null);
  }

  async createRoom(parentId: Uuid, name: string, lasts = 'forGood'): Promise<Uuid> {
    const room = { parentId, name: roomName(name), isTemporary: lasts === 'whileInUse' };
    const create = { type: FrameType.CreateRoom, ...room } as const;
    const { createdId: roomId } = await this.keeper.request(create);
    if (roomId === null) throw withoutId('a room');
    await this.keeper.until(({ view }) => view.rooms.has(roomId));
    return roomId;
  }

  async renameRoom(roomId: Uuid, name: string): Promise<void> {
    await this.keeper.request({ type: FrameType.RenameRoom, roomId, name: roomName(name) });
    await this.keeper.until(({ view }) => view.rooms.get(roomId)?.name === roomName(name));
  }

  async deleteRoom(roomId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.DeleteRoom, roomId });
    await this.keeper.until(({ view }) => !view.rooms.has(roomId));
  }

  async setRoomVoice(roomId: Uuid, voice: RoomVoice): Promise<void> {
    const { speakersMax, bundleWindowMs, bitrate } = voice;
    await this.keeper.request({
      type: FrameType.SetRoomVoice,
      roomId,
      speakersMax,
      bundleWindowMs,
      bitrate,
    });
    await this.keeper.until(({ view }) => {
      const room = view.rooms.get(roomId);
      return (
        room?.speakersMax === speakersMax &&
        room.bundleWindowMs === bundleWindowMs &&
        room.bitrate === bitrate
      );
    });
  }

  async moveRoom(roomId: Uuid, parentId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.MoveRoom, roomId, parentId });
    await this.keeper.until(({ view }) => view.rooms.get(roomId)?.parentId === parentId);
  }

  async editRoom(roomId: Uuid, change: Partial<RoomProperties>): Promise<void> {
    const edit = { ...unchangedRoom, ...change, ...normalisedDescription(change) };
    await this.keeper.request({ type: FrameType.EditRoom, roomId, ...edit });
    const wanted = Object.entries(edit).filter(([, value]) => value !== null);
    await this.keeper.until(({ view }) => {
      const room = view.rooms.get(roomId);
      return wanted.every(([name, value]) => room?.[name as keyof RoomProperties] === value);
    });
  }

  async linkRooms(firstId: Uuid, secondId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.LinkRooms, firstId, secondId });
    await this.keeper.until(({ view }) => areLinked(view, firstId, secondId));
  }

  async unlinkRooms(firstId: Uuid, secondId: Uuid): Promise<void> {
    await this.keeper.request({ type: FrameType.UnlinkRooms, firstId, secondId });
    await this.keeper.until(({ view }) => !areLinked(view, firstId, secondId));
  }

  async listenTo(roomIds: readonly Uuid[]): Promise<void> {
    const sorted = [...new Set(roomIds)].sort();
    await this.keeper.views.listen(sorted);
    await this.keeper.until((state) => isDeepStrictEqual(ownSession(state)?.listeningTo, sorted));
  }

  async watchRooms(roomIds: readonly Uuid[]): Promise<void> {
    await this.keeper.views.watch(roomIds);
    await this.keeper.until(({ view }) => roomIds.every((id) => view.membersOf(id) !== null));
  }

  sendMessage(roomId: Uuid, text: string, more: MessageExtras = {}): Promise<Uuid> {
    const { replyToId = null, attachmentIds = [] } = more;
    return this.outgoing.send({ roomId, text, replyToId, attachmentIds });
  }

  setPresence(status: PresenceStatus): void {
    this.keeper.signals.setPresence(status);
  }

  typing(placeId: Uuid): void {
    this.keeper.signals.typing(placeId);
  }

  stopTyping(placeId: Uuid): void {
    this.keeper.signals.stopTyping(placeId);
  }

  async setSelfState(self: { readonly muted: boolean; readonly deafened: boolean }): Promise<void> {
    await this.keeper.request({ type: FrameType.SetSelfState, ...self });
    await this.keeper.until((state) => {
      const own = ownSession(state);
      return own?.muted === self.muted && own.deafened === self.deafened;
    });
  }

  async setRecording(isRecording: boolean): Promise<void> {
    await this.keeper.request({ type: FrameType.SetRecording, isRecording });
    await this.keeper.until((state) => ownSession(state)?.isRecording === isRecording);
  }

  openVoice(onFrame: VoiceFrameListener): Promise<void> {
    return this.keeper.openVoice(onFrame);
  }

  sendFrame(frame: OutgoingFrame): void {
    this.keeper.voiceToSend()?.sendFrame(frame);
  }

  registerWhisper(targets: WhisperTargets): Promise<WhisperId> {
    return this.keeper.whispers.add(targets);
  }

  removeWhisper(whisper: WhisperId): Promise<void> {
    return this.keeper.whispers.remove(whisper);
  }

  sendWhisper(whisper: WhisperId, frame: OutgoingFrame): void {
    const { keeper } = this;
    keeper.voiceToSend()?.sendWhisper(frame, keeper.whispers.sealing(whisper, performance.now()));
  }

  drainVoice(): Promise<void> {
    return this.keeper.drainVoice();
  }

  async disconnect(): Promise<void> {
    await this.keeper.close();
    await this.outgoing.settled();
  }

  async close(): Promise<void> {
    await this.sound.stop();
    await this.disconnect();
  }
}
