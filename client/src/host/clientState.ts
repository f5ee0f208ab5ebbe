import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import type { State } from '../engine/engineState.js';
import { ViewGlance } from '../engine/view.js';
import type { Bookmark } from './bookmarks.js';
import type { FaceSettings } from './faceSettings.js';

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
  readonly settings: FaceSettings;
  /** What the engine wants to be told before it goes on; null: nothing. */
  readonly prompt: Prompt | null;
  /** Whether there is a keychain of the system to keep passwords of servers in. */
  readonly canKeepPasswords: boolean;
}

/** Maps of which there may be thousands of entries: a window looks at them by identity. */
export const wholeEntries = ['rooms', 'sessions'] as const satisfies readonly (keyof ClientState)[];

/** The passphrase of an identity. */
export interface Prompt {
  readonly promptId: number;
  readonly identityName: string;
}

/** What the engine knows nothing of. */
export type ShellState = Pick<
  ClientState,
  'bookmarks' | 'settings' | 'prompt' | 'canKeepPasswords'
>;

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
