import { FrameType } from './frameType.js';
import { ViewPart } from './generated/rookery/view-part.js';
import type {
  MemberChange,
  Message,
  Resync,
  RoomInfo,
  RoomInit,
  SessionInfo,
  StateUpdate,
  TreeChange,
  Uuid,
  ViewMessage,
} from './messages.js';
import { memberElementHash, membersElementHash, PartHash, roomElementHash } from './stateHash.js';

/**
 * How far a part can be trusted.
 *
 *     synced ──increment with another hash──► asked ──snapshot──► synced
 *        └──────────── snapshot with another hash ────────────────► unverifiable
 *
 * What comes while a part is asked for again would be added to something wrong and is left out. A
 * snapshot whose hash is not the stated one shows that the two sides hash differently: asking again
 * would never end, so the part is taken as it comes.
 */
type PartStatus = 'synced' | 'asked' | 'unverifiable';

interface MembersPart {
  readonly members: Map<number, SessionInfo>;
  readonly hash: PartHash<number>;
  status: PartStatus;
}

/** What went wrong with a view, since it was made. */
export interface ViewCounters {
  /** Parts that were not what their hash said and were asked for again. */
  resyncs: number;
  /** Snapshots that had not the hash that came with them. */
  unverifiable: number;
}

const nobody: ReadonlyMap<number, SessionInfo> = new Map();

/**
 * The receiver's side of the shared view: the tree of rooms with member counts, and the members of
 * those rooms that the server tells of. Pure. Every change costs as much as it changes, because the
 * maps are changed in place; `version` tells that something did.
 */
export class SyncedView {
  readonly counters: ViewCounters = { resyncs: 0, unverifiable: 0 };
  readonly #rooms = new Map<Uuid, RoomInfo>();
  readonly #counts = new Map<Uuid, number>();
  readonly #treeHash = new PartHash<Uuid>();
  #treeStatus: PartStatus = 'synced';
  readonly #parts = new Map<Uuid | null, MembersPart>();
  readonly #sessions = new Map<number, SessionInfo>();
  #own: SessionInfo | null = null;
  #showsEverybody = false;
  #version = 0;

  /** Grows with every message that may have changed something. */
  get version(): number {
    return this.#version;
  }

  get rooms(): ReadonlyMap<Uuid, RoomInfo> {
    return this.#rooms;
  }

  /** Everybody that the view knows of, by session token. */
  get sessions(): ReadonlyMap<number, SessionInfo> {
    return this.#sessions;
  }

  /** The receiver's own session, or null before the server has shown it. */
  get own(): SessionInfo | null {
    return this.#own;
  }

  /** Whether the members of all rooms are known; else of the own and the subscribed ones. */
  get showsEverybody(): boolean {
    return this.#showsEverybody;
  }

  /** @returns null where the view is not told who is there */
  membersOf(roomId: Uuid | null): ReadonlyMap<number, SessionInfo> | null {
    return this.#parts.get(roomId)?.members ?? (this.#showsEverybody ? nobody : null);
  }

  /** How many are in a room: exactly where its members are known, else as the tree last said. */
  peopleIn(roomId: Uuid): number {
    return this.membersOf(roomId)?.size ?? this.#counts.get(roomId) ?? 0;
  }

  /** The count of the tree, which may be some seconds old. */
  countOf(roomId: Uuid): number {
    return this.#counts.get(roomId) ?? 0;
  }

  /**
   * Hash of the whole view: the sum of the tree and of every room's members. Where everybody is
   * shown it is the server's.
   *
   * @returns a new array of 32 bytes
   */
  hash(): Uint8Array {
    const whole = new PartHash<Uuid | null>();
    for (const [roomId, { members, hash }] of this.#parts) {
      if (members.size > 0) whole.set(roomId, membersElementHash(roomId, hash.value()));
    }
    return whole.plus(this.#treeHash);
  }

  /**
   * Takes the next message of the server.
   *
   * @param stateHash as it came with the message
   * @returns what to ask the server for, because a part is not what it should be; else null
   */
  apply(message: ViewMessage, stateHash: Uint8Array | null): Resync | null {
    this.#version++;
    switch (message.type) {
      case FrameType.RoomInit:
        return this.#replaceTree(message, stateHash);
      case FrameType.StateUpdate:
        return this.#changeTree(message, stateHash);
      case FrameType.RoomMembers:
        return this.#replaceMembers(message.roomId, message.members, stateHash);
      case FrameType.MembersUpdate:
        return this.#changeMembers(message.roomId, message.changes, stateHash);
      case FrameType.MembersEnd:
        this.#dropPart(message.roomId);
        return null;
      case FrameType.Presence:
        for (const roomId of [...this.#parts.keys()]) this.#dropPart(roomId);
        this.#showsEverybody = message.everybody;
        return null;
      case FrameType.OwnSession:
        this.#own = message.session;
        this.#sessions.set(message.session.sessionToken, message.session);
        return null;
    }
  }

  #replaceTree(message: RoomInit, stateHash: Uint8Array | null): null {
    this.#rooms.clear();
    this.#counts.clear();
    this.#treeHash.clear();
    message.rooms.forEach((room, index) => this.#putRoom(room, message.memberCounts[index]!));
    for (const roomId of [...this.#parts.keys()]) {
      if (roomId !== null && !this.#rooms.has(roomId)) this.#dropPart(roomId);
    }
    this.#treeStatus = this.#statusOf(this.#treeHash, stateHash);
    return null;
  }

  #changeTree(message: StateUpdate, stateHash: Uint8Array | null): Resync | null {
    if (this.#treeStatus === 'asked') return null;
    for (const change of message.changes) this.#applyTreeChange(change);
    if (this.#treeStatus === 'unverifiable' || isSo(this.#treeHash, stateHash)) return null;
    this.#treeStatus = 'asked';
    return this.#ask(ViewPart.Tree, null);
  }

  #applyTreeChange(change: TreeChange): void {
    switch (change.kind) {
      case 'roomPut':
        this.#putRoom(change.room, this.countOf(change.room.roomId));
        return;
      case 'roomCount': {
        const room = this.#rooms.get(change.roomId);
        if (room !== undefined) this.#putRoom(room, change.memberCount);
        return;
      }
      case 'roomRemoved':
        this.#rooms.delete(change.roomId);
        this.#counts.delete(change.roomId);
        this.#treeHash.delete(change.roomId);
        this.#dropPart(change.roomId);
    }
  }

  #putRoom(room: RoomInfo, memberCount: number): void {
    this.#rooms.set(room.roomId, room);
    this.#counts.set(room.roomId, memberCount);
    this.#treeHash.set(room.roomId, roomElementHash(room, memberCount));
  }

  #replaceMembers(
    roomId: Uuid | null,
    members: readonly SessionInfo[],
    stateHash: Uint8Array | null,
  ): null {
    this.#dropPart(roomId);
    const part = this.#addPart(roomId);
    for (const session of members) this.#putMember(part, session);
    part.status = this.#statusOf(part.hash, stateHash);
    return null;
  }

  #changeMembers(
    roomId: Uuid | null,
    changes: readonly MemberChange[],
    stateHash: Uint8Array | null,
  ): Resync | null {
    let part = this.#parts.get(roomId);
    if (part?.status === 'asked') return null;
    // Where everybody is shown, a room without a part is empty. Else this comes out of nowhere, and
    // its hash will hardly be right.
    part ??= this.#addPart(roomId);
    for (const change of changes) {
      if (change.kind === 'sessionPut') this.#putMember(part, change.session);
      else this.#removeMember(roomId, part, change.sessionToken);
    }
    if (part.status === 'unverifiable' || isSo(part.hash, stateHash)) return null;
    part.status = 'asked';
    return this.#ask(ViewPart.Members, roomId);
  }

  #addPart(roomId: Uuid | null): MembersPart {
    const part: MembersPart = { members: new Map(), hash: new PartHash(), status: 'synced' };
    this.#parts.set(roomId, part);
    return part;
  }

  #putMember(part: MembersPart, session: SessionInfo): void {
    part.members.set(session.sessionToken, session);
    part.hash.set(session.sessionToken, memberElementHash(session));
    this.#sessions.set(session.sessionToken, session);
  }

  #removeMember(roomId: Uuid | null, part: MembersPart, sessionToken: number): void {
    part.members.delete(sessionToken);
    part.hash.delete(sessionToken);
    this.#forget(roomId, sessionToken);
  }

  #dropPart(roomId: Uuid | null): void {
    const part = this.#parts.get(roomId);
    if (part === undefined) return;
    this.#parts.delete(roomId);
    for (const sessionToken of part.members.keys()) this.#forget(roomId, sessionToken);
  }

  /** Somebody who left this room may have been shown in another one already. */
  #forget(roomId: Uuid | null, sessionToken: number): void {
    if (this.#sessions.get(sessionToken)?.roomId !== roomId) return;
    if (this.#own?.sessionToken === sessionToken) this.#sessions.set(sessionToken, this.#own);
    else this.#sessions.delete(sessionToken);
  }

  #statusOf<Key>(hash: PartHash<Key>, stateHash: Uint8Array | null): PartStatus {
    if (isSo(hash, stateHash)) return 'synced';
    this.counters.unverifiable++;
    return 'unverifiable';
  }

  #ask(part: ViewPart, roomId: Uuid | null): Resync {
    this.counters.resyncs++;
    return { type: FrameType.Resync, part, roomId };
  }
}

const viewTypes: ReadonlySet<FrameType> = new Set([
  FrameType.RoomInit,
  FrameType.StateUpdate,
  FrameType.RoomMembers,
  FrameType.MembersUpdate,
  FrameType.MembersEnd,
  FrameType.Presence,
  FrameType.OwnSession,
]);

/** Whether a message is one for SyncedView.apply(). */
export function isViewMessage(message: Message): message is ViewMessage {
  return viewTypes.has(message.type);
}

/** What is not stated cannot be wrong. */
function isSo<Key>(hash: PartHash<Key>, stateHash: Uint8Array | null): boolean {
  return stateHash === null || hash.equals(stateHash);
}
