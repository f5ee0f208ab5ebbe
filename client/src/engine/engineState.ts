import { noOwnPermissions, type OwnPermissions } from './access.js';
import { audioOff, type AudioState } from './audioState.js';
import { chaosOff, type ChaosState } from './chaosLine.js';
import type {
  CallInfo,
  RoomInfo,
  RoomMessage,
  SessionInfo,
  TalkInfo,
  Uuid,
} from '@rookery/schemas/messages';
import type { ClientErrorCode, FaultFacts } from './clientError.js';
import type { Throttled } from './commandPace.js';
import type { DiagnosticsSample } from './diagnostics.js';
import type { OutgoingMessage } from './outgoingMessages.js';
import type { PrivateRoomState } from './privateRooms.js';
import { noRoleNews, type RoleNews } from './roleNews.js';
import type { ServerAddress } from './serverAddress.js';
import type { PinVerdict } from './serverPins.js';
import type { TalkMarks } from './talkMarks.js';
import type { TextWindow } from './textWindow.js';
import type { UnreadRooms } from './unreadCounts.js';
import { emptyView, type View } from './view.js';
import type { VoicePathName } from './voicePath.js';

/** Who we are on which server. */
export interface SessionFacts {
  readonly address: ServerAddress;
  readonly serverName: string;
  /** Of the server's key, colon-separated upper-case hexadecimal. */
  readonly fingerprint: string;
  /** Whether this profile knew the server, or has remembered it now. */
  readonly pin: PinVerdict;
  readonly userId: Uuid;
  /** Names the own session in the view. */
  readonly sessionToken: number;
}

/**
 * What is done while one connects: the identity is opened, the server looked for, the user asked
 * whether it is the right one where it was never met, and logged in to.
 */
export type ConnectStep = 'unlocking' | 'reaching' | 'trusting' | 'loggingIn';

/**
 *     idle ──► connecting ──► connected ──► reconnecting ──► resuming ──► connected
 *                  │                             │ ▲            │
 *                  └────────► disconnected ◄─────┘ └────────────┘
 */
export type ConnectionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'connecting'; readonly address: ServerAddress; readonly step: ConnectStep }
  | ({ readonly phase: 'connected' } & SessionFacts)
  /** The session was lost, and another is tried for. */
  | {
      readonly phase: 'reconnecting';
      readonly address: ServerAddress;
      /** Why the session, or the last try, failed. */
      readonly reason: EngineFault;
    }
  /** Logged in again; on the way back into the room, and to voice and whispers. */
  | ({ readonly phase: 'resuming' } & SessionFacts)
  | { readonly phase: 'disconnected'; readonly reason: EngineFault };

export type VoiceState =
  | { readonly phase: 'closed' }
  | { readonly phase: 'opening' }
  | {
      readonly phase: 'open';
      /** `quic` where the voice port is blocked. */
      readonly path: VoicePathName;
      readonly roundTripMs: number;
    }
  | { readonly phase: 'failed'; readonly reason: EngineFault };

/** A ClientError as plain data, so that it can cross threads. */
export interface EngineFault {
  readonly code: ClientErrorCode;
  readonly message: string;
  /** Left out where there is nothing to tell. */
  readonly facts?: FaultFacts;
}

/** All that is to be known of the engine. Replaced and never changed in place, but for the view. */
export interface State {
  readonly connection: ConnectionState;
  readonly voice: VoiceState;
  /** Goes on without a connection. */
  readonly audio: AudioState;
  /** Live; another one for each session. */
  readonly view: View;
  /** Of the rooms that one was in, oldest first; the newest 256. */
  readonly messages: readonly RoomMessage[];
  /** What is written in rooms and talks: of the own room, and of those that were asked for. */
  readonly texts: ReadonlyMap<Uuid, TextWindow>;
  /** What the server has to say to everybody; '' for nothing. */
  readonly messageOfTheDay: string;
  /** What the own user may do now. */
  readonly permissions: OwnPermissions;
  /** Roles that others were given, where one may know. */
  readonly roleNews: RoleNews;
  /** In which the own user takes part. */
  readonly talks: readonly TalkInfo[];
  /** Calls that are there in those talks, whether one is in them or not, by talk. */
  readonly calls: Calls;
  /** What the user did not read, of rooms in which it read before and of talks. */
  readonly unread: UnreadRooms;
  /** How far others came in talks (receiversOf()). */
  readonly talkMarks: TalkMarks;
  /** Own messages that the server has not taken yet, oldest first. */
  readonly outgoing: readonly OutgoingMessage[];
  /** Where the own room is private, or was while one was in it; else null. */
  readonly privateRoom: PrivateRoomState | null;
  /** What the server asked last to be slower with; commands of that class wait. null: nothing. */
  readonly throttled: Throttled | null;
  /** Files that come and go now, oldest first. */
  readonly transfers: readonly Transfer[];
  /** Users who type at this moment, by the place in which they do. */
  readonly typing: ReadonlyMap<Uuid, readonly Uuid[]>;
  /** Of each session that is known not to be at the computer; all others are online. */
  readonly presence: ReadonlyMap<number, 'idle' | 'away'>;
  /** Bad networks that voice is sent, and heard, through; to find faults with. */
  readonly chaos: ChaosState;
  /** How the engine does; null while nobody watches it. */
  readonly diagnostics: DiagnosticsSample | null;
}

/** By the id of the talk. */
export type Calls = ReadonlyMap<Uuid, CallInfo>;

/** A file on its way. */
export interface Transfer {
  readonly transferId: number;
  readonly direction: 'upload' | 'download';
  /** `waiting` for another one; `preparing`: it is read, to know what it is, and moves then. */
  readonly phase: 'waiting' | 'preparing' | 'moving';
  readonly name: string;
  /** In that phase. */
  readonly doneBytes: number;
  readonly sizeBytes: number;
}

export type StateListener = (state: State) => void;

/** More than anybody reads without scrolling; older ones come from the server's history. */
const messagesMax = 256;

/** What a server that one has not seen yet has shown. */
export const nothingSeen = {
  view: emptyView,
  messages: [],
  messageOfTheDay: '',
  permissions: noOwnPermissions,
  talks: [],
  calls: new Map(),
  unread: new Map(),
  talkMarks: new Map(),
  throttled: null,
} as const;

export const initialState: State = {
  connection: { phase: 'idle' },
  voice: { phase: 'closed' },
  audio: audioOff,
  ...nothingSeen,
  roleNews: noRoleNews,
  texts: new Map(),
  outgoing: [],
  transfers: [],
  privateRoom: null,
  typing: new Map(),
  presence: new Map(),
  chaos: chaosOff,
  diagnostics: null,
};

/** The own session as the server shows it, or null while there is none. */
export function ownSession({ connection, view }: State): SessionInfo | null {
  if (connection.phase !== 'connected' && connection.phase !== 'resuming') return null;
  return view.own;
}

/** The room in which the own session is, or null in none. */
export function ownRoom(state: State): RoomInfo | null {
  const roomId = ownSession(state)?.roomId ?? null;
  return roomId === null ? null : (state.view.rooms.get(roomId) ?? null);
}

/** The messages with one more, without the oldest beyond what is kept. */
export function withMessage(
  messages: readonly RoomMessage[],
  message: RoomMessage,
): readonly RoomMessage[] {
  return [...messages.slice(1 - messagesMax), message];
}

/** Between two tellings of a view that changes: 30 a second are more than anybody sees. */
const viewIntervalMs = 1_000 / 30;

/**
 * Holds the one State and tells of its changes: at once, but for those of the view alone, of which
 * there may be very many. Watchers are told of everything at once.
 */
export class StateStore {
  private current = initialState;
  private readonly listeners = new Set<StateListener>();
  private readonly watchers = new Set<StateListener>();
  private toldAtMs = -Infinity;
  private timer: NodeJS.Timeout | null = null;

  get state(): State {
    return this.current;
  }

  /** Listeners are called before this returns, in the order in which they subscribed. */
  update(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    for (const watcher of [...this.watchers]) watcher(this.current);
    this.tell();
  }

  /** The view is not as it was. Listeners are told of many changes together, 30 times a second. */
  viewChanged(): void {
    this.current = { ...this.current };
    for (const watcher of [...this.watchers]) watcher(this.current);
    if (this.timer !== null) return;
    const waitMs = this.toldAtMs + viewIntervalMs - performance.now();
    if (waitMs <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), waitMs);
  }

  /** @returns ends the subscription. */
  subscribe(listener: StateListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** As subscribe(), for those who must not be late. @returns ends it. */
  watch(watcher: StateListener): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  private tell(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.toldAtMs = performance.now();
    for (const listener of [...this.listeners]) listener(this.current);
  }
}
