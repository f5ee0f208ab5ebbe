import { FrameType } from '@rookery/schemas/frameType';
import type { OwnAccess, Uuid } from '@rookery/schemas/messages';
import { noPermissions, roomPermissions, serverPermissions } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Publisher, RoomsConcerned } from '../broadcast/publisher.js';
import type { DroppedAnswers } from '../permission/permissionDesk.js';
import type { CommunityState } from '../state/communityState.js';
import type { AccessDesk } from './accessDesk.js';

export interface AccessEffectsOptions {
  readonly access: AccessDesk;
  readonly state: CommunityState;
  readonly publisher: Publisher;
}

/**
 * Carries out what follows from another answer: whoever may not speak any more is not relayed and
 * is shown so, who
 * may not listen stops listening, whispers and text reach nobody whom they may not, and each
 * session is told what it may do. What changed is noted, and settle() does it all. Main thread.
 */
export class AccessEffects {
  readonly #options: AccessEffectsOptions;
  /** Rooms whose answers may be others now, by session. */
  readonly #changed = new Map<number, ReadonlySet<Uuid>[]>();
  /** Sessions that may have to be told what they may do. */
  readonly #own = new Set<number>();
  /** What each session was told last. */
  readonly #told = new Map<number, OwnAccess>();

  constructor(options: AccessEffectsOptions) {
    this.#options = options;
  }

  note(dropped: readonly DroppedAnswers[]): void {
    for (const { sessionToken, roomIds } of dropped) {
      // They may be all rooms of the server: what is made of them looks its own rooms up.
      const known = this.#changed.get(sessionToken);
      if (known === undefined) this.#changed.set(sessionToken, [roomIds]);
      else known.push(roomIds);
    }
  }

  /** A session may be allowed something else, because it has moved or its role has changed. */
  noteOwn(sessionToken: number): void {
    this.#own.add(sessionToken);
  }

  /** To be called when a change is complete: state and places of all sessions fit together then. */
  settle(): void {
    // What is published here may bring about more, which is settled before this goes on.
    for (const [token, rooms] of this.#changed) {
      this.#changed.delete(token);
      this.#own.add(token);
      this.#bringUpToDate(token, { has: (id) => rooms.some((roomIds) => roomIds.has(id)) });
    }
    for (const token of this.#own) {
      this.#own.delete(token);
      this.#showSuppressed(token);
      this.#tellOwn(token);
    }
  }

  /** A session begins, or is on another connection: it is told what it may do in any case. */
  welcome(sessionToken: number): void {
    this.#told.delete(sessionToken);
    this.#tellOwn(sessionToken);
  }

  #bringUpToDate(sessionToken: number, rooms: RoomsConcerned): void {
    const { access, state, publisher } = this.#options;
    const session = state.session(sessionToken);
    if (session === null) return;
    publisher.noteAccess(sessionToken, rooms);
    const kept = session.listeningTo.filter((id) => access.can(sessionToken, 'listen', id));
    if (kept.length === session.listeningTo.length) return;
    const outcome = state.listen(sessionToken, kept);
    if (!outcome.refused) publisher.publish(outcome);
  }

  /** Asked of the room that it is in alone: so it costs as much for each whom a change concerns. */
  #showSuppressed(sessionToken: number): void {
    const { access, state, publisher } = this.#options;
    const session = state.session(sessionToken);
    if (session === null) return;
    const { roomId } = session;
    const suppressedByRules = roomId !== null && !access.can(sessionToken, 'speak', roomId);
    if (suppressedByRules === session.suppressedByRules) return;
    const outcome = state.setModeration(sessionToken, { suppressedByRules });
    if (!outcome.refused) publisher.publish(outcome);
  }

  #tellOwn(sessionToken: number): void {
    const { access, state, publisher } = this.#options;
    const session = state.session(sessionToken);
    if (session === null) {
      this.#told.delete(sessionToken);
      return;
    }
    const { userId, roomId } = session;
    const inRoom = roomId === null ? noPermissions : access.allowedIn(sessionToken, roomId);
    const own: OwnAccess = {
      type: FrameType.OwnAccess,
      role: access.roleOf(userId),
      roomPermissions: inRoom & roomPermissions,
      serverPermissions: access.allowedIn(sessionToken, rootRoomId) & serverPermissions,
    };
    const before = this.#told.get(sessionToken);
    const isSame =
      before?.role === own.role &&
      before.roomPermissions === own.roomPermissions &&
      before.serverPermissions === own.serverPermissions;
    if (isSame) return;
    this.#told.set(sessionToken, own);
    publisher.sendToSessions([sessionToken], own);
  }
}
