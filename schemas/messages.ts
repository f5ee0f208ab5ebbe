import type { AccessAnswer, AccessCommand, AccessNews } from './accessMessages.js';
import type { CallCommand, CallPut } from './callMessages.js';
import type { FrameType } from './frameType.js';
import type { ErrorCode } from './generated/rookery/error-code.js';
import type { GoodbyeReason } from './generated/rookery/goodbye-reason.js';
import type { ViewPart } from './generated/rookery/view-part.js';
import type { AccountAnswer, AccountCommand } from './accountMessages.js';
import type { Registration } from './generated/rookery/registration.js';
import type { AuthFailed, CardMessage } from './doorMessages.js';
import type { SelfCommand } from './selfMessages.js';
import type { StreamMessage } from './streamMessages.js';
import type { MessageAck, ReadingAnswer, ReadingCommand } from './readingMessages.js';
import type { MemberKeyList, PrivateCommand, PrivateNews } from './privateMessages.js';
import type { TalkCommand, TalkMessage, UsersFound } from './talkMessages.js';
import type { MessageOfTheDay, ModerationAnswer, ModerationCommand } from './moderationMessages.js';
import type { TextAnswer, TextCommand, TextNews } from './textMessages.js';
import type { BulkMessage, FileMessage } from './uploadMessages.js';
import type { Uuid } from './uuid.js';

/**
 * Control messages as the rest of the project sees them: plain values, checked when decoded. Their
 * bytes are the FlatBuffers of `control/*.fbs`; the meaning of each field stands there.
 */

export type * from './accessMessages.js';
export type * from './moderationMessages.js';
export type * from './callMessages.js';
export type * from './doorMessages.js';
export type * from './privateMessages.js';
export type * from './accountMessages.js';
export type * from './readingMessages.js';
export type * from './selfMessages.js';
export type * from './streamMessages.js';
export type * from './talkMessages.js';
export type * from './textMessages.js';
export type * from './uploadMessages.js';
export type { Uuid } from './uuid.js';

/** A message of one type. */
export interface Of<T extends FrameType> {
  readonly type: T;
}
type T = typeof FrameType;

export interface Hello extends Of<T['Hello']> {
  readonly protocolVersion: number;
  readonly features: readonly string[];
  readonly clientName: string;
}
export interface HelloAck extends Of<T['HelloAck']> {
  readonly protocolVersion: number;
  readonly features: readonly string[];
  readonly serverName: string;
  /** 32 bytes. */
  readonly challenge: Uint8Array;
  readonly passwordRequired: boolean;
  /** Leading zero bits of the work that Auth must show; 0 for none. */
  readonly workBits: number;
  /** Who is let in who is not registered. */
  readonly registration: Registration;
}
export interface Auth extends Of<T['Auth']> {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly displayName: string;
  readonly password: string;
  /** 32 bytes of a ResumeTicket, or null. */
  readonly ticket: Uint8Array | null;
  /** Token of the session to go on with; 0 for none. */
  readonly continuedToken: number;
  /** 8 bytes (joinWork.ts), or null where the server asked for none. */
  readonly work: Uint8Array | null;
  /** '' where the account has none. */
  readonly accountPassword: string;
  /** An invitation, or the owner's token; '' for none. */
  readonly inviteCode: string;
  /** Of a bot: its pass, or ''. null for people. */
  readonly botPass: string | null;
}
export interface AuthOk extends Of<T['AuthOk']> {
  readonly userId: Uuid;
  readonly sessionToken: number;
  /** 16 bytes. */
  readonly hopKey: Uint8Array;
  readonly voicePort: number;
  /** The session is the one that was to go on. */
  readonly continued: boolean;
}
export interface ResumeTicket extends Of<T['ResumeTicket']> {
  /** 32 bytes. */
  readonly ticket: Uint8Array;
  readonly validSeconds: number;
}
export interface Ping extends Of<T['Ping']> {
  readonly nonce: number;
}
export interface Pong extends Of<T['Pong']> {
  readonly nonce: number;
}
export interface Throttle extends Of<T['Throttle']> {
  readonly frameType: number;
  readonly retryAfterMs: number;
}
export interface Goodbye extends Of<T['Goodbye']> {
  readonly reason: GoodbyeReason;
  readonly message: string;
}
export interface CommandDone extends Of<T['CommandDone']> {
  readonly createdId: Uuid | null;
  /** 0 where it made no whisper list. */
  readonly listId: number;
}

export interface JoinRoom extends Of<T['JoinRoom']> {
  readonly roomId: Uuid;
}
export type LeaveRoom = Of<T['LeaveRoom']>;
export interface CreateRoom extends Of<T['CreateRoom']> {
  readonly parentId: Uuid;
  readonly name: string;
  /** Goes when nobody is in it. */
  readonly isTemporary: boolean;
}
export interface RenameRoom extends Of<T['RenameRoom']> {
  readonly roomId: Uuid;
  readonly name: string;
}
export interface DeleteRoom extends Of<T['DeleteRoom']> {
  readonly roomId: Uuid;
}

export interface RegisterWhisper extends Of<T['RegisterWhisper']> {
  readonly sessionTokens: readonly number[];
  readonly roomIds: readonly Uuid[];
  readonly withChildren: boolean;
  /** Users who hear it in whatever session they have, also in one that they begin later. */
  readonly userIds: readonly Uuid[];
}
export interface RemoveWhisper extends Of<T['RemoveWhisper']> {
  readonly listId: number;
}
export interface MoveRoom extends Of<T['MoveRoom']> {
  readonly roomId: Uuid;
  /** Of the room above it from then on. */
  readonly parentId: Uuid;
}
/** What is null stays as it is. */
export interface EditRoom extends Of<T['EditRoom']>, RoomEdit {
  readonly roomId: Uuid;
}
export interface SetRoomVoice extends Of<T['SetRoomVoice']>, RoomVoice {
  readonly roomId: Uuid;
}

export interface LinkRooms extends Of<T['LinkRooms']> {
  readonly firstId: Uuid;
  readonly secondId: Uuid;
}
export interface UnlinkRooms extends Of<T['UnlinkRooms']> {
  readonly firstId: Uuid;
  readonly secondId: Uuid;
}
export interface Listen extends Of<T['Listen']> {
  readonly roomIds: readonly Uuid[];
}
export interface Subscribe extends Of<T['Subscribe']> {
  readonly roomIds: readonly Uuid[];
}
export interface Resync extends Of<T['Resync']> {
  readonly part: ViewPart;
  /** null for the tree, and for those who are in no room. */
  readonly roomId: Uuid | null;
}

/** How a room's voice is relayed. */
export interface RoomVoice {
  /** Speakers that are heard at a time, the loudest; 0 for no cap. */
  readonly speakersMax: number;
  /** Longest wait of a frame for others, 0 … 20 ms, or `defaultBundleWindowMs` (protocol.ts). */
  readonly bundleWindowMs: number;
  /** Bits a second that speakers encode with, 6,000 … 440,000; the relay's budgets follow it. */
  readonly bitrate: number;
}
/** What speakers in a room encode. */
export interface FrameSettings {
  /** Length of each frame: 10, 20, 40 or 60. */
  readonly frameMs: number;
  /** Whether each frame carries a coarse copy of the one before it (in-band FEC). */
  readonly isFecOn: boolean;
}
/** How long messages are kept. */
export interface KeepSettings {
  /** Those that are older are removed; 0 for the server's own. */
  readonly keepDays: number;
  /** So many stay, the newest; 0 for the server's own. */
  readonly keepMessages: number;
}
/** How moderators calm a room. */
export interface CalmSettings {
  /** Seconds between two messages of one user; 0 for none. */
  readonly slowModeSeconds: number;
  /** Nobody enters but those who may move users into it. */
  readonly isLocked: boolean;
}
/** What is set of a room beside its name and how its voice is relayed. */
export interface RoomProperties extends FrameSettings, KeepSettings, CalmSettings {
  /** Plain text, '' for none. */
  readonly description: string;
  /** Order among the rooms below the same one, the lowest first; then by name. */
  readonly position: number;
  /** So many may be in it; 0 for no limit. */
  readonly userLimit: number;
  /** Whether it is taken away when nobody has been in it for a while. */
  readonly isTemporary: boolean;
  /** Its members make the keys of their voice themselves; the server has none. */
  readonly isPrivate: boolean;
}
/** Properties as they are to be; null for those that stay. */
export type RoomEdit = {
  readonly [Property in keyof RoomProperties]: RoomProperties[Property] | null;
};
export interface RoomInfo extends RoomVoice, RoomProperties {
  readonly roomId: Uuid;
  /** null for the root room. */
  readonly parentId: Uuid | null;
  readonly name: string;
  /** Rooms whose voice is heard here, and the other way; sorted. */
  readonly linkedRoomIds: readonly Uuid[];
}
/** What others made of a session, which it cannot undo itself. */
export interface SessionModeration {
  /** For the user, in this session and in later ones. */
  readonly mutedByModerator: boolean;
  readonly deafenedByModerator: boolean;
  /** Not heard in its room, whispers aside, until it leaves the room. */
  readonly suppressedByModerator: boolean;
  /** Others are attenuated while it speaks, until it leaves the room. */
  readonly isPrioritySpeaker: boolean;
  /** The rules of its room do not let it speak there; the same to the relay. */
  readonly suppressedByRules: boolean;
}
export interface SessionInfo extends SessionModeration {
  readonly sessionToken: number;
  readonly userId: Uuid;
  readonly displayName: string;
  /** null while the session is in no room. */
  readonly roomId: Uuid | null;
  readonly muted: boolean;
  readonly deafened: boolean;
  /** Rooms that the session hears without being in them; sorted. */
  readonly listeningTo: readonly Uuid[];
  /** Its connection was lost a moment ago, and it may come back. */
  readonly isReconnecting: boolean;
  /** It says that it records what it hears. */
  readonly isRecording: boolean;
  readonly isBot: boolean;
}
export interface RoomInit extends Of<T['RoomInit']> {
  readonly rooms: readonly RoomInfo[];
  /** Of each room, in the order of `rooms`. */
  readonly memberCounts: readonly number[];
}
export type TreeChange =
  | { readonly kind: 'roomPut'; readonly room: RoomInfo }
  | { readonly kind: 'roomRemoved'; readonly roomId: Uuid }
  | { readonly kind: 'roomCount'; readonly roomId: Uuid; readonly memberCount: number };
export type MemberChange =
  | { readonly kind: 'sessionPut'; readonly session: SessionInfo }
  | { readonly kind: 'sessionRemoved'; readonly sessionToken: number };
/** What an operation on rooms and sessions changes. */
export type Change = Exclude<TreeChange, { readonly kind: 'roomCount' }> | MemberChange;
export interface StateUpdate extends Of<T['StateUpdate']> {
  readonly changes: readonly TreeChange[];
}
/** Sessions of these two have the `roomId` of the message. */
export interface RoomMembers extends Of<T['RoomMembers']> {
  /** null for those who are in no room. */
  readonly roomId: Uuid | null;
  readonly members: readonly SessionInfo[];
}
export interface MembersUpdate extends Of<T['MembersUpdate']> {
  readonly roomId: Uuid | null;
  readonly changes: readonly MemberChange[];
}
export interface MembersEnd extends Of<T['MembersEnd']> {
  readonly roomId: Uuid;
}
export interface Presence extends Of<T['Presence']> {
  readonly everybody: boolean;
}
export interface OwnSession extends Of<T['OwnSession']> {
  readonly session: SessionInfo;
}
export interface RoomKey extends Of<T['RoomKey']> {
  readonly roomId: Uuid;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly useAfterMs: number;
}
export interface WhisperReady extends Of<T['WhisperReady']> {
  readonly listId: number;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly useAfterMs: number;
}
export interface WhisperKey extends Of<T['WhisperKey']> {
  readonly senderToken: number;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}
export interface ErrorMessage extends Of<T['Error']> {
  readonly code: ErrorCode;
  readonly message: string;
}

export type ControlMessage =
  | Hello
  | HelloAck
  | Auth
  | AuthOk
  | AuthFailed
  | Ping
  | Pong
  | Throttle
  | Goodbye
  | CommandDone
  | ResumeTicket
  | CardMessage;
export type CommandMessage =
  | JoinRoom
  | LeaveRoom
  | CreateRoom
  | RenameRoom
  | DeleteRoom
  | SelfCommand
  | RegisterWhisper
  | RemoveWhisper
  | SetRoomVoice
  | MoveRoom
  | EditRoom
  | Subscribe
  | Resync
  | TextCommand
  | ReadingCommand
  | LinkRooms
  | UnlinkRooms
  | Listen
  | BulkMessage
  | TalkCommand
  | ModerationCommand
  | AccessCommand
  | CallCommand
  | PrivateCommand
  | AccountCommand;
/** What the view of a client follows from. */
export type ViewMessage =
  RoomInit | StateUpdate | RoomMembers | MembersUpdate | MembersEnd | Presence | OwnSession;
export type RoomStreamMessage =
  | ViewMessage
  | TextNews
  | MessageAck
  | RoomKey
  | WhisperReady
  | WhisperKey
  | TalkMessage
  | CallPut
  | PrivateNews
  | MessageOfTheDay
  | AccessNews;
/** What answers a command in place of CommandDone. */
export type AnswerMessage =
  | TextAnswer
  | ReadingAnswer
  | UsersFound
  | ModerationAnswer
  | MemberKeyList
  | AccessAnswer
  | AccountAnswer;
export type Message =
  | ControlMessage
  | AnswerMessage
  | CommandMessage
  | RoomStreamMessage
  | ErrorMessage
  | FileMessage
  | StreamMessage;

/** One decoded frame. */
export interface ReceivedMessage {
  readonly message: Message;
  /** 0 where nobody waits for an answer. */
  readonly requestId: number;
  /** Of the part of the view that it is about, 32 bytes, where the sender states it. */
  readonly stateHash: Uint8Array | null;
}
