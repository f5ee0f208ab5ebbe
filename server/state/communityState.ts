import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  Change,
  RoomEdit,
  RoomInfo,
  RoomVoice,
  SessionInfo,
  SessionModeration,
  Uuid,
} from '@rookery/schemas/messages';
import { defaultSession, fieldLimits } from '@rookery/schemas/protocol';
import type { StateLimits } from '../limits.js';
import { applied, refusal, type Move, type Outcome, type Refusal } from './outcome.js';
import { ListenerIndex } from './listenerIndex.js';
import { noSuchRoom, privateRoom, RoomTree } from './roomTree.js';

/** Who comes in, unless it says otherwise. */
const person: Pick<SessionInfo, 'isBot'> = { isBot: false };

/** What a session says about itself. */
export interface SelfState {
  readonly muted: boolean;
  readonly deafened: boolean;
}

const noSessions: ReadonlySet<number> = new Set();

/**
 * The view that server and clients share: rooms, and who is where. Pure: no I/O, clock or
 * randomness; ids come from the caller. Every operation validates, then either changes the view and
 * says what changed, or refuses and changes nothing.
 *
 * Invariant: a session is in `members(roomId)` exactly when its `roomId` is that room, and in
 * `sessionsOf(userId)` exactly when its `userId` is that user.
 */
export class CommunityState {
  readonly #tree: RoomTree;
  readonly #sessions = new Map<number, SessionInfo>();
  readonly #sessionsByUser = new Map<Uuid, Set<number>>();
  readonly #membersByRoom = new Map<Uuid, Set<number>>();
  readonly #listeners = new ListenerIndex();

  readonly #limits: StateLimits;

  constructor(limits: StateLimits) {
    this.#limits = limits;
    this.#tree = new RoomTree(limits);
  }

  get roomCount(): number {
    return this.#tree.count;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Of all sessions; live, so do not change the state while iterating. */
  tokens(): Iterable<number> {
    return this.#sessions.keys();
  }

  room(roomId: Uuid): RoomInfo | null {
    return this.#tree.get(roomId);
  }

  /** A room and all rooms below it; none where there is no such room. */
  roomsFrom(roomId: Uuid): Uuid[] {
    return this.#tree.from(roomId);
  }

  /** The rooms above a room, from the next to the root. */
  roomsAbove(roomId: Uuid): Uuid[] {
    return this.#tree.above(roomId);
  }

  session(sessionToken: number): SessionInfo | null {
    return this.#sessions.get(sessionToken) ?? null;
  }

  /** Tokens of a user's sessions; live, so do not change the state while iterating. */
  sessionsOf(userId: Uuid): ReadonlySet<number> {
    return this.#sessionsByUser.get(userId) ?? noSessions;
  }

  /** Tokens of the sessions in a room; live, so do not change the state while iterating. */
  members(roomId: Uuid): ReadonlySet<number> {
    return this.#membersByRoom.get(roomId) ?? noSessions;
  }

  /** A room and all that it is linked to, directly or over others; none where there is none. */
  heardTogether(roomId: Uuid): Uuid[] {
    return this.#tree.heardTogether(roomId);
  }

  /** Everybody who hears what is said in a room, speakers and deafened ones too, in a new set. */
  hearers(roomId: Uuid): Set<number> {
    const hearers = new Set<number>();
    for (const id of this.heardTogether(roomId)) {
      for (const token of this.members(id)) hearers.add(token);
      for (const token of this.#listeners.listeners(id)) hearers.add(token);
    }
    return hearers;
  }

  /** All rooms whose voice a session hears; none where it is gone. */
  roomsHeardBy(sessionToken: number): Set<Uuid> {
    const session = this.session(sessionToken);
    return session === null ? new Set() : this.#tree.heardBy(session);
  }

  /** The whole view; rooms stand after their parents. */
  snapshot(): { rooms: RoomInfo[]; sessions: SessionInfo[] } {
    return { rooms: this.#tree.list(), sessions: [...this.#sessions.values()] };
  }

  /**
   * Takes over rooms that were there before, in whichever order. The root room is always there.
   *
   * @returns those whose room above is missing: they are left out, with all below them
   */
  loadRooms(rooms: readonly RoomInfo[]): RoomInfo[] {
    let left = [...rooms];
    for (;;) {
      const [known, unknown] = partition(
        left,
        ({ parentId }) => parentId === null || this.room(parentId) !== null,
      );
      for (const room of known) this.#tree.put(room);
      if (known.length === 0) break;
      left = unknown;
    }
    this.#tree.dropLinksToNowhere();
    return left;
  }

  /** What createRoom() would make, so that it can be written down before. */
  planCreateRoom(...room: Parameters<RoomTree['planCreate']>): RoomInfo | Refusal {
    return this.#tree.planCreate(...room);
  }

  /** What renameRoom() would make of a room; the same object where that changes nothing. */
  planRenameRoom(roomId: Uuid, name: string): RoomInfo | Refusal {
    return this.#tree.planRename(roomId, name);
  }

  /** What setRoomVoice() would make of a room; the same object where that changes nothing. */
  planRoomVoice(roomId: Uuid, voice: RoomVoice): RoomInfo | Refusal {
    return this.#tree.planVoice(roomId, voice);
  }

  /** What linkRooms() would make of both rooms; nothing where they are linked. */
  planLinkRooms(firstId: Uuid, secondId: Uuid): readonly RoomInfo[] | Refusal {
    return this.#tree.planLink(firstId, secondId);
  }

  /** What unlinkRooms() would make of both rooms. */
  planUnlinkRooms(firstId: Uuid, secondId: Uuid): readonly RoomInfo[] | Refusal {
    return this.#tree.planUnlink(firstId, secondId);
  }

  /** What moveRoom() would make of a room; the same object where that changes nothing. */
  planMoveRoom(roomId: Uuid, parentId: Uuid): RoomInfo | Refusal {
    return this.#tree.planMove(roomId, parentId);
  }

  /** What editRoom() would make of a room; the same object where that changes nothing. */
  planEditRoom(roomId: Uuid, edit: RoomEdit): RoomInfo | Refusal {
    return this.#tree.planEdit(roomId, edit);
  }

  /** What deleteRoom() would take away. */
  planDeleteRoom(roomId: Uuid): RoomInfo | Refusal {
    return this.#tree.planDelete(roomId);
  }

  createRoom(...room: Parameters<RoomTree['planCreate']>): Outcome {
    return this.#putRoom(this.planCreateRoom(...room));
  }

  renameRoom(roomId: Uuid, name: string): Outcome {
    return this.#putRoom(this.planRenameRoom(roomId, name));
  }

  setRoomVoice(roomId: Uuid, voice: RoomVoice): Outcome {
    return this.#putRoom(this.planRoomVoice(roomId, voice));
  }

  /** Voice flows between the rooms from now on, and on over the links that both have. */
  linkRooms(firstId: Uuid, secondId: Uuid): Outcome {
    return this.#putRooms(this.planLinkRooms(firstId, secondId));
  }

  unlinkRooms(firstId: Uuid, secondId: Uuid): Outcome {
    return this.#putRooms(this.planUnlinkRooms(firstId, secondId));
  }

  /** Where the room becomes private, nobody listens to it any more. */
  editRoom(roomId: Uuid, edit: RoomEdit): Outcome {
    const outcome = this.#putRoom(this.planEditRoom(roomId, edit));
    if (outcome.refused || this.room(roomId)?.isPrivate !== true) return outcome;
    return { ...outcome, changes: [...outcome.changes, ...this.#endListening(roomId)] };
  }

  /** Puts a room, with all below it, below another one. Who is in them stays there. */
  moveRoom(roomId: Uuid, parentId: Uuid): Outcome {
    const from = this.room(roomId)?.parentId ?? null;
    const outcome = this.#putRoom(this.planMoveRoom(roomId, parentId));
    if (outcome.refused || from === null || from === parentId) return outcome;
    return { ...outcome, movedRoom: { roomId, from } };
  }

  /**
   * Deletes a room without rooms below it; its members are moved to its parent, however many that
   * holds, its links end, and nobody listens to it any more.
   */
  deleteRoom(roomId: Uuid): Outcome {
    const deleted = this.#tree.planDelete(roomId);
    if ('refused' in deleted) return deleted;
    const changes: Change[] = this.#tree.neighboursWithout(roomId).map((room) => {
      this.#tree.put(room);
      return { kind: 'roomPut', room };
    });
    this.#tree.remove(roomId);
    changes.push(...this.#endListening(roomId));
    const moves: Move[] = [];
    for (const sessionToken of [...this.members(roomId)]) {
      changes.push(this.#place(sessionToken, deleted.parentId));
      moves.push({ sessionToken, from: roomId, to: deleted.parentId });
    }
    changes.push({ kind: 'roomRemoved', roomId });
    return applied(changes, moves);
  }

  joinRoom(sessionToken: number, roomId: Uuid): Outcome {
    const from = this.#present(sessionToken).roomId;
    const room = this.#tree.get(roomId);
    if (room === null) return noSuchRoom();
    if (from === roomId) return applied([]);
    const places = placesIn(room);
    if (this.members(roomId).size >= places) {
      const text = `The room holds ${places}, and as many are in it. Try again later.`;
      return refusal(ErrorCode.RoomFull, text);
    }
    return applied([this.#place(sessionToken, roomId)], [{ sessionToken, from, to: roomId }]);
  }

  leaveRoom(sessionToken: number): Outcome {
    const from = this.#present(sessionToken).roomId;
    if (from === null) return refusal(ErrorCode.NotInRoom, 'You are in no room.');
    return applied([this.#place(sessionToken, null)], [{ sessionToken, from, to: null }]);
  }

  setSelfState(sessionToken: number, { muted, deafened }: SelfState): Outcome {
    return this.#change(sessionToken, { muted, deafened });
  }

  /** Whether a session says that it records what it hears. */
  setRecording(sessionToken: number, isRecording: boolean): Outcome {
    return this.#change(sessionToken, { isRecording });
  }

  /** What others make of a session; what `change` leaves out stays. */
  setModeration(sessionToken: number, change: Partial<SessionModeration>): Outcome {
    return this.#change(sessionToken, change);
  }

  /** Sets the rooms that a session hears without being in them. */
  listen(sessionToken: number, roomIds: readonly Uuid[]): Outcome {
    const { listeningTo } = this.#present(sessionToken);
    if (roomIds.some((roomId) => this.room(roomId) === null)) return noSuchRoom();
    if (roomIds.some((roomId) => this.room(roomId)?.isPrivate === true)) {
      return privateRoom('Only who is in a private room hears it. Join it instead.');
    }
    const listening = [...new Set(roomIds)].sort();
    if (isDeepStrictEqual(listening, listeningTo)) return applied([]);
    const { listeningsMax } = this.#limits;
    if (this.#listeners.count + listening.length - listeningTo.length > listeningsMax) {
      const text = 'As many listen to rooms as this server can serve. Join the room, or try later.';
      return refusal(ErrorCode.LimitReached, text);
    }
    return applied([this.#setListening(sessionToken, listening)]);
  }

  /** Shows somebody under another name. */
  renameSession(sessionToken: number, displayName: string): Outcome {
    return this.#change(sessionToken, { displayName });
  }

  /** Whether the connection of a session was lost: it keeps its place for those who come back. */
  setReconnecting(sessionToken: number, isReconnecting: boolean): Outcome {
    return this.#change(sessionToken, { isReconnecting });
  }

  /** A new session is in no room, listens to none, and is neither muted nor deafened. */
  addSession(sessionToken: number, userId: Uuid, displayName: string, kind = person): Outcome {
    assert(!this.#sessions.has(sessionToken), 'a token names one session');
    if (this.#sessions.size >= this.#limits.sessionsMax) {
      return refusal(ErrorCode.LimitReached, 'The server is full. Try again later.');
    }
    const session = { sessionToken, userId, displayName, ...defaultSession, ...kind };
    this.#sessions.set(sessionToken, session);
    putMember(this.#sessionsByUser, userId, sessionToken);
    return applied([{ kind: 'sessionPut', session }]);
  }

  removeSession(sessionToken: number): Outcome {
    const { roomId: from, listeningTo, userId } = this.#present(sessionToken);
    if (from !== null) this.#place(sessionToken, null);
    this.#listeners.replace(sessionToken, listeningTo, []);
    this.#sessions.delete(sessionToken);
    takeMember(this.#sessionsByUser, userId, sessionToken);
    const moves = from === null ? [] : [{ sessionToken, from, to: null }];
    return applied([{ kind: 'sessionRemoved', sessionToken }], moves);
  }

  /** @param room as it was planned; the one that is there where nothing changes */
  #putRoom(room: RoomInfo | Refusal): Outcome {
    if ('refused' in room) return room;
    if (room === this.room(room.roomId)) return applied([]);
    this.#tree.put(room);
    return applied([{ kind: 'roomPut', room }]);
  }

  /** @param rooms as they were planned */
  #putRooms(rooms: readonly RoomInfo[] | Refusal): Outcome {
    if ('refused' in rooms) return rooms;
    for (const room of rooms) this.#tree.put(room);
    return applied(rooms.map((room) => ({ kind: 'roomPut', room })));
  }

  /** Nobody listens to the room any more. */
  #endListening(roomId: Uuid): Change[] {
    return [...this.#listeners.listeners(roomId)].map((sessionToken) => {
      const { listeningTo } = this.#present(sessionToken);
      const others = listeningTo.filter((id) => id !== roomId);
      return this.#setListening(sessionToken, others);
    });
  }

  /** For what nothing else follows from. */
  #change(sessionToken: number, change: Partial<SessionInfo>): Outcome {
    const before = this.#present(sessionToken);
    const session = { ...before, ...change };
    if (isDeepStrictEqual(before, session)) return applied([]);
    this.#sessions.set(sessionToken, session);
    return applied([{ kind: 'sessionPut', session }]);
  }

  #setListening(sessionToken: number, listeningTo: readonly Uuid[]): Change {
    const before = this.#present(sessionToken);
    this.#listeners.replace(sessionToken, before.listeningTo, listeningTo);
    const session = { ...before, listeningTo };
    this.#sessions.set(sessionToken, session);
    return { kind: 'sessionPut', session };
  }

  /** Callers hold tokens of present sessions only. */
  #present(sessionToken: number): SessionInfo {
    const session = this.#sessions.get(sessionToken);
    assert(session !== undefined, `session ${sessionToken} is present`);
    return session;
  }

  #place(sessionToken: number, roomId: Uuid | null): Change {
    const before = this.#present(sessionToken);
    if (before.roomId !== null) takeMember(this.#membersByRoom, before.roomId, sessionToken);
    if (roomId !== null) putMember(this.#membersByRoom, roomId, sessionToken);
    // They were made for the room that it leaves.
    const inRoom = { suppressedByModerator: false, isPrioritySpeaker: false };
    const session = { ...before, roomId, ...inRoom, suppressedByRules: false };
    this.#sessions.set(sessionToken, session);
    return { kind: 'sessionPut', session };
  }
}

/** So many may be in a room. */
function placesIn({ userLimit, isPrivate }: RoomInfo): number {
  const places = userLimit === 0 ? Infinity : userLimit;
  return isPrivate ? Math.min(places, fieldLimits.privateMembersMax) : places;
}

function putMember(sets: Map<Uuid, Set<number>>, id: Uuid, sessionToken: number): void {
  const members = sets.get(id);
  if (members === undefined) sets.set(id, new Set([sessionToken]));
  else members.add(sessionToken);
}

function takeMember(sets: Map<Uuid, Set<number>>, id: Uuid, sessionToken: number): void {
  const members = sets.get(id);
  members?.delete(sessionToken);
  if (members?.size === 0) sets.delete(id);
}

function partition<T>(list: readonly T[], belongs: (value: T) => boolean): [T[], T[]] {
  return [list.filter((value) => belongs(value)), list.filter((value) => !belongs(value))];
}
