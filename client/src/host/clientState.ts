import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import type { State } from '../engine/engineState.js';
import { ViewGlance } from '../engine/view.js';
import type { KeysState } from '../keys/keysState.js';
import type { Bookmark } from './bookmarks.js';
import type { LogEntry } from './clientLog.js';
import { noPlugins, type PluginsState } from './pluginsState.js';
import type { RecentServer } from './recentServers.js';
import { usualSettings, type FaceSettings } from './faceSettings.js';
import type { SettingsFault } from '../engine/settingsFault.js';
import { noUpdates, type UpdatesState } from './updatesState.js';
import type { WhisperWish } from './whisperLists.js';

/** All that a window shows, as plain data. What did not change is the same object as before. */
export interface ClientState extends Omit<State, 'view'> {
  readonly rooms: ReadonlyMap<Uuid, RoomInfo>;
  /** How many are in each room. */
  readonly people: ReadonlyMap<Uuid, number>;
  /** Everybody who is known of, by session token. */
  readonly sessions: ReadonlyMap<number, SessionInfo>;
  /** Whether those of all rooms are known; else of the own and the watched ones. */
  readonly showsEverybody: boolean;
  /** Servers that the user keeps, in the user's order. */
  readonly bookmarks: readonly Bookmark[];
  /** Where one was lately, and what is not kept; the newest first. */
  readonly recents: readonly RecentServer[];
  readonly settings: FaceSettings;
  /** What was wrong with files of settings since the client started, oldest first. */
  readonly settingsFaults: readonly SettingsFault[];
  /** What the engine wants to be told before it goes on; null: nothing. */
  readonly prompt: Prompt | null;
  /** Whether there is a keychain of the system to keep passwords of servers in. */
  readonly canKeepPasswords: boolean;
  /** Whether bound keys work everywhere, or only in a window of the client. */
  readonly keys: KeysState;
  /** Where a `rookery://` link leads that was opened; null: none waits to be looked at. */
  readonly pendingLink: PendingLink | null;
  /** To whom one whispers now; null: to nobody. */
  readonly whisper: WhisperWish | null;
  /** Whether that whisper cannot be: nobody hears it. */
  readonly isWhisperRefused: boolean;
  /** When the last call began that was missed in a talk, by its id, until one looks at it. */
  readonly missedCalls: ReadonlyMap<Uuid, number>;
  /** What happened lately in the process behind the windows; null while no window asks for it. */
  readonly log: readonly LogEntry[] | null;
  readonly plugins: PluginsState;
  readonly updates: UpdatesState;
}

/** Maps of which there may be thousands of entries: a window looks at them by identity. */
export const wholeEntries = ['rooms', 'sessions'] as const satisfies readonly (keyof ClientState)[];

/** The passphrase of an identity is wanted. */
export interface PassphrasePrompt {
  readonly kind: 'passphrase';
  readonly promptId: number;
  readonly identityName: string;
}

/** Whether a server that this profile never met is the right one. Nothing was said to it yet. */
export interface TrustPrompt {
  readonly kind: 'trust';
  readonly promptId: number;
  /** As formatServerAddress() writes it. */
  readonly server: string;
  /** Colon-separated upper-case hexadecimal. */
  readonly fingerprint: string;
}

export type Prompt = PassphrasePrompt | TrustPrompt;

/** A link that was opened, from outside or in the page, and that no page has taken yet. */
export interface PendingLink {
  /** As formatServerAddress() writes it. */
  readonly address: string;
  /** null where it is no invitation. */
  readonly inviteCode: string | null;
  /** Of the server's certificate, colon-separated; null where the link does not say it. */
  readonly fingerprint: string | null;
}

/** What the engine knows nothing of. */
export type ShellState = Pick<
  ClientState,
  | 'bookmarks'
  | 'recents'
  | 'settings'
  | 'settingsFaults'
  | 'prompt'
  | 'canKeepPasswords'
  | 'keys'
  | 'pendingLink'
  | 'whisper'
  | 'isWhisperRefused'
  | 'missedCalls'
  | 'log'
  | 'plugins'
  | 'updates'
>;

/** Of a client that was never used. */
export const nothingKept: ShellState = {
  bookmarks: [],
  recents: [],
  settings: usualSettings,
  settingsFaults: [],
  prompt: null,
  canKeepPasswords: false,
  keys: { phase: 'windowOnly', problem: null },
  pendingLink: null,
  whisper: null,
  isWhisperRefused: false,
  missedCalls: new Map(),
  log: null,
  plugins: noPlugins,
  updates: noUpdates,
};

/** Makes plain data of the engine's live view, anew only where something of it changed. */
export class ClientStateReader {
  private readonly glance = new ViewGlance();
  private rooms: ClientState['rooms'] = new Map();
  private people: ClientState['people'] = new Map();
  private sessions: ClientState['sessions'] = new Map();

  read({ view, ...state }: State, shell: ShellState): ClientState {
    if (this.glance.hasChanged(view)) {
      this.rooms = new Map(view.rooms);
      this.sessions = new Map(view.sessions);
      this.people = new Map([...view.rooms.keys()].map((id) => [id, view.peopleIn(id)]));
    }
    const { rooms, people, sessions } = this;
    return { ...state, rooms, people, sessions, showsEverybody: view.showsEverybody, ...shell };
  }
}
