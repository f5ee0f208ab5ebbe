import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import type { Uuid } from '@rookery/schemas/messages';
import type { Publisher } from '../broadcast/publisher.js';
import { ServerError } from '../errors.js';
import type { ControlLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { CommunityState } from '../state/communityState.js';
import type { Store } from '../store/store.js';
import type { Connection, LoginRefusal, Session } from './connection.js';
import type { CheckedIdentity } from './identityCheck.js';
import { createLaneGates } from './laneGate.js';

export interface SessionDirectoryOptions {
  readonly state: CommunityState;
  readonly voice: Pick<VoicePlane, 'addSession' | 'removeSession'>;
  readonly publisher: Publisher;
  readonly store: Pick<Store, 'users' | 'lastRooms'>;
  readonly laneLimits: ControlLimits['lanes'];
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

export interface OpenedSession {
  readonly session: Session;
  /** SipHash key of the session's voice packets, 16 bytes. */
  readonly hopKey: Uint8Array;
}

const hopKeyBytes = 16;

/** The sessions that are logged in: one for each user, each on a connection of its own. */
export class SessionDirectory {
  readonly #options: SessionDirectoryOptions;
  readonly #byUser = new Map<Uuid, Connection>();
  readonly #byToken = new Map<number, Connection>();

  constructor(options: SessionDirectoryOptions) {
    this.#options = options;
  }

  /** The connection on which a user is logged in now. */
  connectionOf(userId: Uuid): Connection | null {
    return this.#byUser.get(userId) ?? null;
  }

  /** The connection of a session that is there. */
  connectionOfSession(sessionToken: number): Connection | null {
    return this.#byToken.get(sessionToken) ?? null;
  }

  /**
   * Logs a user in on a connection: a place in the voice plane, in the state, among the listeners,
   * and in the room of last time, where that is still there. The user is logged in nowhere else.
   */
  open(connection: Connection, identity: CheckedIdentity): OpenedSession | LoginRefusal {
    const { state, voice, publisher, store, laneLimits, nowMs, wallClockMs } = this.#options;
    const { userId, displayName } = identity;
    assert(!this.#byUser.has(userId), 'the earlier session of a user ends first');
    const hopKey = new Uint8Array(randomBytes(hopKeyBytes));
    const token = this.#addToVoice(hopKey);
    if (token === null) return serverFull();
    const outcome = state.addSession(token, userId, displayName);
    if (outcome.refused) {
      voice.removeSession(token);
      return serverFull();
    }
    const session = { token, userId, displayName };
    connection.phase = { name: 'open', session, gates: createLaneGates(laneLimits, nowMs()) };
    this.#byUser.set(userId, connection);
    this.#byToken.set(token, connection);
    publisher.publish(outcome);
    publisher.addListener(token, connection);
    store.users.noteLogin(userId, identity, wallClockMs());
    this.#returnToRoom(session);
    return { session, hopKey };
  }

  /** Ends the session of a connection that is in phase `open`. */
  end(session: Session): void {
    const { state, voice, publisher, store, wallClockMs } = this.#options;
    this.#byUser.delete(session.userId);
    this.#byToken.delete(session.token);
    publisher.removeListener(session.token);
    voice.removeSession(session.token);
    const outcome = state.removeSession(session.token);
    assert(!outcome.refused);
    publisher.publish(outcome);
    store.users.noteGone(session.userId, wallClockMs());
  }

  #returnToRoom({ token, userId }: Session): void {
    const { state, publisher, store } = this.#options;
    const roomId = store.lastRooms.find(userId);
    if (roomId === null) return;
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

function serverFull(): LoginRefusal {
  return { reason: AuthFailure.ServerFull, message: 'The server is full. Try again later.' };
}
