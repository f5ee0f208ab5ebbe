import type { Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { CommunityState } from '../state/communityState.js';
import { ViewScopes } from './viewScopes.js';

/**
 * Who is sent what is written in each room: those who are in it or subscribed to it, and may read
 * there. Most rooms are for all of these to read, so only those who may not are kept.
 */
export class TextReaders {
  readonly #state: CommunityState;
  readonly #access: Pick<AccessDesk, 'can'>;
  /** Who reads a room without being in it. */
  readonly #subscriptions = new ViewScopes();
  readonly #forbidden = new Map<Uuid, Set<number>>();

  constructor(state: CommunityState, access: Pick<AccessDesk, 'can'>) {
    this.#state = state;
    this.#access = access;
  }

  /** Rooms to which a session is subscribed. */
  subscriptionsOf(sessionToken: number): ReadonlySet<Uuid> {
    return this.#subscriptions.rooms(sessionToken);
  }

  subscribe(sessionToken: number, roomIds: ReadonlySet<Uuid>): void {
    const { added, removed } = this.#subscriptions.set(sessionToken, roomIds);
    for (const roomId of [...added, ...removed]) this.look(sessionToken, roomId);
  }

  removeSession(sessionToken: number): void {
    this.subscribe(sessionToken, new Set());
  }

  /** A room is gone, after its members have moved. */
  removeRoom(roomId: Uuid): void {
    this.#subscriptions.removeRoom(roomId);
    this.#forbidden.delete(roomId);
  }

  /** A session has come to a room or left it, or may read there now, or may not. */
  look(sessionToken: number, roomId: Uuid): void {
    const isThere = this.#isThere(sessionToken, roomId);
    const isForbidden = isThere && !this.#access.can(sessionToken, 'text', roomId);
    const forbidden = this.#forbidden.get(roomId);
    if (isForbidden) {
      this.#forbidden.set(roomId, (forbidden ?? new Set()).add(sessionToken));
      return;
    }
    forbidden?.delete(sessionToken);
    if (forbidden?.size === 0) this.#forbidden.delete(roomId);
  }

  isReader(sessionToken: number, roomId: Uuid): boolean {
    const isForbidden = this.#forbidden.get(roomId)?.has(sessionToken) === true;
    return !isForbidden && this.#isThere(sessionToken, roomId);
  }

  readersOf(roomId: Uuid): number[] {
    const members = this.#state.members(roomId);
    const subscribed = this.#subscriptions.audience(roomId);
    const all = [...members, ...[...subscribed].filter((token) => !members.has(token))];
    const forbidden = this.#forbidden.get(roomId);
    return forbidden === undefined ? all : all.filter((token) => !forbidden.has(token));
  }

  #isThere(sessionToken: number, roomId: Uuid): boolean {
    return (
      this.#state.session(sessionToken)?.roomId === roomId ||
      this.#subscriptions.has(sessionToken, roomId)
    );
  }
}
