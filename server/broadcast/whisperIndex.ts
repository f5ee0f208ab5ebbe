import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { AccessDesk } from '../access/accessDesk.js';
import type { CommunityState } from '../state/communityState.js';

/** Whom a whisper list names. Sessions and rooms that are gone are taken out, users stay. */
export interface WhisperTargets {
  /** Hears none of it. */
  readonly owner: number;
  /** Those of the users among them. */
  readonly sessionTokens: Set<number>;
  readonly userIds: ReadonlySet<Uuid>;
  readonly roomIds: Set<Uuid>;
  /** Whether the rooms below those are meant too. */
  readonly withChildren: boolean;
}

const none: ReadonlySet<never> = new Set();

/** Which whisper lists concern whom. Looks at the state and changes nothing in it. */
export class WhisperIndex<List extends WhisperTargets> {
  readonly #state: CommunityState;
  readonly #access: Pick<AccessDesk, 'can'>;
  readonly #bySession = new Map<number, Set<List>>();
  readonly #byUser = new Map<Uuid, Set<List>>();
  /** Lists that name the room itself. */
  readonly #byRoom = new Map<Uuid, Set<List>>();

  constructor(state: CommunityState, access: Pick<AccessDesk, 'can'>) {
    this.#state = state;
    this.#access = access;
  }

  add(list: List): void {
    for (const token of list.sessionTokens) put(this.#bySession, token, list);
    for (const userId of list.userIds) put(this.#byUser, userId, list);
    for (const roomId of list.roomIds) put(this.#byRoom, roomId, list);
  }

  remove(list: List): void {
    for (const token of list.sessionTokens) take(this.#bySession, token, list);
    for (const userId of list.userIds) take(this.#byUser, userId, list);
    for (const roomId of list.roomIds) take(this.#byRoom, roomId, list);
  }

  /** Puts a session into the lists that name its user. @returns those that it was not in yet */
  addSession(sessionToken: number, userId: Uuid): List[] {
    const lists = [...(this.#byUser.get(userId) ?? none)].filter(
      ({ sessionTokens }) => !sessionTokens.has(sessionToken),
    );
    for (const list of lists) {
      list.sessionTokens.add(sessionToken);
      put(this.#bySession, sessionToken, list);
    }
    return lists;
  }

  /** Takes a session out of the lists that name it. @returns those */
  removeSession(sessionToken: number): ReadonlySet<List> {
    const lists = this.#bySession.get(sessionToken) ?? none;
    this.#bySession.delete(sessionToken);
    for (const list of lists) list.sessionTokens.delete(sessionToken);
    return lists;
  }

  removeRoom(roomId: Uuid): void {
    for (const list of this.#byRoom.get(roomId) ?? none) list.roomIds.delete(roomId);
    this.#byRoom.delete(roomId);
  }

  /**
   * Lists that the members of a room hear. Of a room that is gone, only those that named it: the
   * members are in its parent now, which the others mean as well.
   */
  *listsOfRoom(roomId: Uuid): Iterable<List> {
    yield* this.#byRoom.get(roomId) ?? none;
    for (const ancestorId of this.#state.roomsAbove(roomId)) {
      for (const list of this.#byRoom.get(ancestorId) ?? none) if (list.withChildren) yield list;
    }
  }

  /** Lists that a session hears. */
  *listsOfSession(sessionToken: number): Iterable<List> {
    yield* this.#bySession.get(sessionToken) ?? none;
    const roomId = this.#state.session(sessionToken)?.roomId ?? null;
    if (roomId !== null) yield* this.listsOfRoom(roomId);
  }

  mayHear(list: WhisperTargets, sessionToken: number): boolean {
    const session = this.#state.session(sessionToken);
    if (session === null || sessionToken === list.owner) return false;
    const { roomId } = session;
    const isMeant = list.sessionTokens.has(sessionToken) || this.#isMeant(list, roomId);
    // Those who are in no room count as in the root.
    return isMeant && this.#access.can(list.owner, 'whisper', roomId ?? rootRoomId);
  }

  /** Rooms whose members a list is for, some of them twice where one is below another. */
  *roomsOf({ roomIds, withChildren }: WhisperTargets): Iterable<Uuid> {
    for (const roomId of roomIds) {
      if (withChildren) yield* this.#state.roomsFrom(roomId);
      else yield roomId;
    }
  }

  /** Everybody who may hear a list, in a new set. */
  receiversOf(targets: WhisperTargets): Set<number> {
    const receivers = new Set(targets.sessionTokens);
    for (const roomId of this.roomsOf(targets)) {
      for (const token of this.#state.members(roomId)) receivers.add(token);
    }
    for (const token of receivers) if (!this.mayHear(targets, token)) receivers.delete(token);
    return receivers;
  }

  #isMeant(list: WhisperTargets, roomId: Uuid | null): boolean {
    if (roomId === null) return false;
    if (list.roomIds.has(roomId)) return true;
    return list.withChildren && this.#state.roomsAbove(roomId).some((id) => list.roomIds.has(id));
  }
}

function put<Key, List>(lists: Map<Key, Set<List>>, key: Key, list: List): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, new Set([list]));
  else known.add(list);
}

function take<Key, List>(lists: Map<Key, Set<List>>, key: Key, list: List): void {
  const known = lists.get(key);
  known?.delete(list);
  if (known?.size === 0) lists.delete(key);
}
