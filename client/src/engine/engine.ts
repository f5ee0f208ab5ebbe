import type { RoomProperties, RoomVoice, Uuid } from '@rookery/schemas/messages';
import type { PresenceStatus } from '@rookery/schemas/signalDatagram';
import type { ViewCounters } from '@rookery/schemas/syncedView';
import type { Accounts } from './accounts.js';
import type { Sound } from './audio/live/sound.js';
import type { ChaosLine } from './chaosLine.js';
import type { ConnectOptions, EngineOptions } from './engineOptions.js';
import type { Diagnostics } from './diagnostics.js';
import type { State, StateListener } from './engineState.js';
import type { OutgoingMessages } from './outgoingMessages.js';
import type { FileTransfers } from './fileTransfers.js';
import type { Access } from './access.js';
import type { Moderation } from './moderation.js';
import type { ReadingMarks } from './readingMarks.js';
import type { Texts } from './texts.js';
import type { Talks } from './talks.js';
import type { OutgoingFrame } from './voiceConnection.js';
import type { VoiceCounters } from './voiceCounters.js';
import type { VoiceFrameListener } from './voiceReceiver.js';
import type { WhisperId, WhisperTargets } from './whisperLists.js';
import { ClientEngine } from './clientEngine.js';

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
