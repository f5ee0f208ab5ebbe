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
import type { Engine, MessageExtras } from './engine.js';

/** An engine that lives in this process: each of its parts does what it says of one server. */
export class ClientEngine implements Engine {
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
