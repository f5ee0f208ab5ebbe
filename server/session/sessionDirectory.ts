import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import type { Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { NameDesk } from '../accounts/nameDesk.js';
import type { Publisher } from '../broadcast/publisher.js';
import { lockRefusal } from '../command/calmRooms.js';
import { ServerError } from '../errors.js';
import type { ControlLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { ResumeLimits } from '../resumeLimits.js';
import type { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import type { Store } from '../store/store.js';
import type { FileDesk } from '../uploads/fileDesk.js';
import type { CallBook } from '../talks/callBook.js';
import type { TalkBook } from '../talks/talkBook.js';
import type { Connection, LoginRefusal, Session } from './connection.js';
import type { Moderation } from '../moderation/moderation.js';
import type { CheckedIdentity } from './identityCheck.js';
import { createLaneGates } from './laneGate.js';

export interface SessionDirectoryOptions {
  readonly state: CommunityState;
  readonly access: Pick<AccessDesk, 'can' | 'welcome'>;
  readonly voice: Pick<VoicePlane, 'addSession' | 'removeSession'>;
  readonly publisher: Publisher;
  readonly store: Pick<Store, 'users' | 'lastRooms'>;
  readonly files: Pick<FileDesk, 'release'>;
  readonly moderation: Pick<Moderation, 'welcome'>;
  readonly talks: Pick<TalkBook, 'welcome'>;
  readonly names: Pick<NameDesk, 'arrive' | 'leave'>;
  readonly calls: Pick<CallBook, 'welcome'>;
  readonly laneLimits: ControlLimits['lanes'];
  readonly resumeLimits: ResumeLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

export interface OpenedSession {
  readonly session: Session;
  /** SipHash key of the session's voice packets, 16 bytes. */
  readonly hopKey: Uint8Array;
  /** It was there before, and goes on. */
  readonly continued: boolean;
}

/** A session and where it is reached. */
interface Entry {
  session: Session;
  readonly hopKey: Uint8Array;
  /** null while the session waits for its client to come back. */
  connection: Connection | null;
  /** When the connection was lost, by `nowMs`. */
  lostAtMs: number;
}

const hopKeyBytes = 16;

/**
 * The sessions that are logged in: one for each user. A session whose connection is lost keeps its
 * place for a while:
 *
 *     (login) ──► on a connection ──lost──► reconnecting ──► grace time over ──► (gone)
 *                   │      ▲                    │
 *                   │      └──── continued ─────┘
 *                   └── goodbye, kick, another login ──► (gone)
 */
export class SessionDirectory {
  readonly #options: SessionDirectoryOptions;
  readonly #byUser = new Map<Uuid, Entry>();
  readonly #byToken = new Map<number, Entry>();
  /** Those that are reconnecting, the longest first. */
  readonly #lost = new Set<Entry>();

  constructor(options: SessionDirectoryOptions) {
    this.#options = options;
  }

  /** The connection on which a user is logged in now. */
  connectionOf(userId: Uuid): Connection | null {
    return this.#byUser.get(userId)?.connection ?? null;
  }

  /** The session of a user who is logged in, also while it waits for its client. */
  tokenOf(userId: Uuid): number | null {
    return this.#byUser.get(userId)?.session.token ?? null;
  }

  /** The connection of a session that is there. */
  connectionOfSession(sessionToken: number): Connection | null {
    return this.#byToken.get(sessionToken)?.connection ?? null;
  }

  /**
   * Logs a user in on a connection. The user's session goes on where the client asks for that and
   * it is still there; it is told everything anew. Else it ends, and another begins: with a place
   * in the voice plane, in the state, among the listeners, and in the room of last time, where that
   * is still there and may be entered. The connection that the user had before is of no session any
   * more.
   *
   * @param continuedToken of the session that the client had; 0 for none
   */
  open(
    connection: Connection,
    identity: CheckedIdentity,
    continuedToken: number,
  ): OpenedSession | LoginRefusal {
    const earlier = this.#byUser.get(identity.userId);
    if (earlier === undefined) return this.#begin(connection, identity);
    const { token, displayName } = earlier.session;
    if (token === continuedToken && displayName === identity.displayName) {
      return this.#continue(earlier, connection);
    }
    this.#end(earlier);
    return this.#begin(connection, identity);
  }

  /** Shows a user's session, where there is one, under another name, which is free. */
  rename(userId: Uuid, displayName: string): void {
    const entry = this.#byUser.get(userId);
    if (entry === undefined) return;
    const { state, publisher, talks } = this.#options;
    const nameBefore = entry.session.displayName;
    const session = { ...entry.session, displayName };
    entry.session = session;
    const { connection } = entry;
    if (connection?.phase.name === 'open') connection.phase = { ...connection.phase, session };
    publishTo(publisher, state.renameSession(session.token, displayName));
    // Those who talk with the user learn of the name, and the user of the own one.
    talks.welcome(session, nameBefore);
  }

  /** Ends the session of a connection that is in phase `open`, where it still is on that one. */
  end(session: Session, connection: Connection): void {
    const entry = this.#byToken.get(session.token);
    if (entry?.connection === connection) this.#end(entry);
  }

  /** Ends the session of a user for good, also one that waits for its client. */
  endOf(userId: Uuid): void {
    const entry = this.#byUser.get(userId);
    if (entry !== undefined) this.#end(entry);
  }

  /** Who is connected, and from which address. */
  *connected(): Generator<{ readonly userId: Uuid; readonly host: string | null }> {
    for (const [userId, { connection }] of this.#byUser) {
      if (connection !== null) yield { userId, host: connection.host };
    }
  }

  /** The same where the client may come back: the session waits for it. */
  lose(session: Session, connection: Connection): void {
    const { state, publisher, store, resumeLimits, nowMs, wallClockMs } = this.#options;
    const entry = this.#byToken.get(session.token);
    if (entry?.connection !== connection) return;
    if (resumeLimits.graceMs === 0) {
      this.#end(entry);
      return;
    }
    entry.connection = null;
    entry.lostAtMs = nowMs();
    this.#lost.add(entry);
    publisher.removeListener(session.token);
    publishTo(publisher, state.setReconnecting(session.token, true));
    store.users.noteGone(session.userId, wallClockMs());
  }

  /** Ends the sessions that have waited too long. Call it about once a second. */
  endOverdue(): void {
    const { resumeLimits, nowMs } = this.#options;
    const overdueAtMs = nowMs() - resumeLimits.graceMs;
    for (const entry of this.#lost) {
      if (entry.lostAtMs > overdueAtMs) return;
      this.#end(entry);
    }
  }

  #begin(connection: Connection, identity: CheckedIdentity): OpenedSession | LoginRefusal {
    const { state, access, voice, publisher, store, wallClockMs } = this.#options;
    const { talks, calls, names, moderation } = this.#options;
    const { userId, displayName } = identity;
    assert(!this.#byUser.has(userId), 'the earlier session of a user ends first');
    const hopKey = new Uint8Array(randomBytes(hopKeyBytes));
    const token = this.#addToVoice(hopKey);
    if (token === null) return serverFull();
    const outcome = state.addSession(token, userId, displayName, { isBot: identity.isBot });
    if (outcome.refused) {
      voice.removeSession(token);
      return serverFull();
    }
    const session = { token, userId, displayName };
    const entry = { session, hopKey, connection, lostAtMs: 0 };
    this.#openPhase(connection, session);
    this.#byUser.set(userId, entry);
    this.#byToken.set(token, entry);
    publisher.publish(outcome);
    publisher.addListener(token, connection);
    const nameBefore = store.users.find(userId)?.displayName ?? null;
    // Bots come by the thousand, each for once.
    if (!identity.isBot) store.users.noteLogin(userId, identity, wallClockMs());
    access.welcome(token);
    names.arrive(userId, displayName);
    talks.welcome(session, nameBefore);
    calls.welcome(session);
    moderation.welcome(session);
    this.#returnToRoom(session);
    return { session, hopKey, continued: false };
  }

  /** The connection before may still seem to live: its client noticed sooner that it does not. */
  #continue(entry: Entry, connection: Connection): OpenedSession {
    const { state, access, publisher, talks, calls } = this.#options;
    const { session, hopKey } = entry;
    if (entry.connection !== null) publisher.removeListener(session.token);
    this.#lost.delete(entry);
    entry.connection = connection;
    this.#openPhase(connection, session);
    publishTo(publisher, state.setReconnecting(session.token, false));
    publisher.returnListener(session.token, connection);
    access.welcome(session.token);
    talks.welcome(session, session.displayName);
    calls.welcome(session);
    return { session, hopKey, continued: true };
  }

  #openPhase(connection: Connection, session: Session): void {
    const { laneLimits, nowMs } = this.#options;
    connection.phase = { name: 'open', session, gates: createLaneGates(laneLimits, nowMs()) };
  }

  #end(entry: Entry): void {
    const { state, voice, publisher, store, files, names, wallClockMs } = this.#options;
    const { token, userId } = entry.session;
    this.#byUser.delete(userId);
    this.#byToken.delete(token);
    this.#lost.delete(entry);
    publisher.removeListener(token);
    voice.removeSession(token);
    publishTo(publisher, state.removeSession(token));
    files.release(userId);
    names.leave(userId);
    store.users.noteGone(userId, wallClockMs());
  }

  #returnToRoom({ token, userId }: Session): void {
    const { state, access, publisher, store } = this.#options;
    const roomId = store.lastRooms.find(userId);
    if (roomId === null || !access.can(token, 'enter', roomId)) return;
    if (lockRefusal({ state, access }, token, roomId) !== null) return;
    const outcome = state.joinRoom(token, roomId);
    if (!outcome.refused) publisher.publish(outcome);
  }

  #addToVoice(hopKey: Uint8Array): number | null {
    try {
      return this.#options.voice.addSession(hopKey);
    } catch (error) {
      if (error instanceof ServerError && error.code === 'serverFull') return null;
      throw error;
    }
  }
}

/** Publishes what is never refused of a session that is there. */
function publishTo(publisher: Publisher, outcome: Outcome): void {
  assert(!outcome.refused);
  publisher.publish(outcome);
}

function serverFull(): LoginRefusal {
  return { reason: AuthFailure.ServerFull, message: 'The server is full. Try again later.' };
}
