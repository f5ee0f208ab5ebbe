import assert from 'node:assert/strict';
import type {
  MemberChange,
  RoomInfo,
  SessionInfo,
  TreeChange,
  Uuid,
} from '@rookery/schemas/messages';
import {
  memberElementHash,
  membersElementHash,
  PartHash,
  roomElementHash,
} from '@rookery/schemas/stateHash';
import type { CommunityState } from './communityState.js';

interface MembersPart {
  readonly members: Map<number, SessionInfo>;
  readonly hash: PartHash<number>;
}

/**
 * The view as clients were told it last, with its hashes. It follows the state when it is told to,
 * and says what must be told to whom: so a snapshot and the increments after it always fit. Every
 * change costs as much as it changes. Pure.
 *
 * Those who are in no room are the members of the room `null`.
 */
export class PublishedView {
  readonly #state: CommunityState;
  readonly #rooms = new Map<Uuid, RoomInfo>();
  /** As told; the true ones are those of the parts. */
  readonly #counts = new Map<Uuid, number>();
  readonly #treeHash = new PartHash<Uuid>();
  /** None of them is empty. */
  readonly #parts = new Map<Uuid | null, MembersPart>();
  readonly #membersHash = new PartHash<Uuid | null>();
  readonly #roomOf = new Map<number, Uuid | null>();
  /** Rooms whose count was told otherwise. */
  readonly #staleCounts = new Set<Uuid>();

  constructor(state: CommunityState) {
    this.#state = state;
    this.publishRooms(state.snapshot().rooms.map(({ roomId }) => roomId));
  }

  get hasStaleCounts(): boolean {
    return this.#staleCounts.size > 0;
  }

  hasRoom(roomId: Uuid): boolean {
    return this.#rooms.has(roomId);
  }

  /** @returns null for somebody who is in none, or is not shown */
  roomOf(sessionToken: number): Uuid | null {
    return this.#roomOf.get(sessionToken) ?? null;
  }

  /** Rooms that somebody is in; null among them where somebody is in none. */
  roomsWithMembers(): Iterable<Uuid | null> {
    return this.#parts.keys();
  }

  get roomCount(): number {
    return this.#rooms.size;
  }

  memberCount(roomId: Uuid | null): number {
    return this.#parts.get(roomId)?.members.size ?? 0;
  }

  /** The whole tree, rooms after their parents, with the counts as told. */
  tree(): { rooms: RoomInfo[]; memberCounts: number[] } {
    return { rooms: [...this.#rooms.values()], memberCounts: [...this.#counts.values()] };
  }

  members(roomId: Uuid | null): SessionInfo[] {
    return [...(this.#parts.get(roomId)?.members.values() ?? [])];
  }

  /** @returns a new array of 32 bytes, as the other hashes are */
  treeHash(): Uint8Array {
    return this.#treeHash.value();
  }

  membersHash(roomId: Uuid | null): Uint8Array {
    return (this.#parts.get(roomId)?.hash ?? new PartHash()).value();
  }

  /** Of the tree and everybody in it. */
  hash(): Uint8Array {
    return this.#membersHash.plus(this.#treeHash);
  }

  /**
   * Takes over how these sessions are now.
   *
   * @returns what changed, by room
   */
  publishSessions(sessionTokens: Iterable<number>): Map<Uuid | null, MemberChange[]> {
    const changes = new Map<Uuid | null, MemberChange[]>();
    const note = (roomId: Uuid | null, change: MemberChange): void => {
      const known = changes.get(roomId);
      if (known === undefined) changes.set(roomId, [change]);
      else known.push(change);
    };
    for (const sessionToken of sessionTokens) {
      const session = this.#state.session(sessionToken);
      const before = this.#roomOf.get(sessionToken);
      if (before !== undefined && (session === null || session.roomId !== before)) {
        this.#removeMember(before, sessionToken);
        note(before, { kind: 'sessionRemoved', sessionToken });
      }
      if (session === null) {
        this.#roomOf.delete(sessionToken);
        continue;
      }
      this.#putMember(session);
      note(session.roomId, { kind: 'sessionPut', session });
    }
    for (const roomId of changes.keys()) this.#settlePart(roomId);
    return changes;
  }

  /** Takes over how these rooms are now; sessions that were in one that is gone come first. */
  publishRooms(roomIds: Iterable<Uuid>): TreeChange[] {
    const changes: TreeChange[] = [];
    for (const roomId of roomIds) {
      const room = this.#state.room(roomId);
      if (room !== null) {
        this.#putRoom(room, this.#counts.get(roomId) ?? 0);
        this.#noteCount(roomId);
        changes.push({ kind: 'roomPut', room });
      } else if (this.#rooms.delete(roomId)) {
        assert(!this.#parts.has(roomId), 'nobody is in a room that is gone');
        this.#counts.delete(roomId);
        this.#treeHash.delete(roomId);
        this.#noteCount(roomId);
        changes.push({ kind: 'roomRemoved', roomId });
      }
    }
    return changes;
  }

  /** Takes over the counts that are not as they were told. */
  publishCounts(): TreeChange[] {
    const changes: TreeChange[] = [];
    for (const roomId of this.#staleCounts) {
      const memberCount = this.memberCount(roomId);
      this.#putRoom(this.#rooms.get(roomId)!, memberCount);
      changes.push({ kind: 'roomCount', roomId, memberCount });
    }
    this.#staleCounts.clear();
    return changes;
  }

  #putRoom(room: RoomInfo, memberCount: number): void {
    this.#rooms.set(room.roomId, room);
    this.#counts.set(room.roomId, memberCount);
    this.#treeHash.set(room.roomId, roomElementHash(room, memberCount));
  }

  #putMember(session: SessionInfo): void {
    const { sessionToken, roomId } = session;
    let part = this.#parts.get(roomId);
    if (part === undefined) {
      part = { members: new Map(), hash: new PartHash() };
      this.#parts.set(roomId, part);
    }
    part.members.set(sessionToken, session);
    part.hash.set(sessionToken, memberElementHash(session));
    this.#roomOf.set(sessionToken, roomId);
  }

  #removeMember(roomId: Uuid | null, sessionToken: number): void {
    const part = this.#parts.get(roomId);
    part?.members.delete(sessionToken);
    part?.hash.delete(sessionToken);
  }

  #settlePart(roomId: Uuid | null): void {
    const part = this.#parts.get(roomId);
    if (part?.members.size === 0) {
      this.#parts.delete(roomId);
      this.#membersHash.delete(roomId);
    } else if (part !== undefined) {
      this.#membersHash.set(roomId, membersElementHash(roomId, part.hash.value()));
    }
    if (roomId !== null) this.#noteCount(roomId);
  }

  /** Of a room that is not told of yet, or not any more, there is no count to tell. */
  #noteCount(roomId: Uuid): void {
    const told = this.#counts.get(roomId);
    if (told === undefined || told === this.memberCount(roomId)) this.#staleCounts.delete(roomId);
    else this.#staleCounts.add(roomId);
  }
}
