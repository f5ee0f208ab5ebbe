import { FrameType } from '@rookery/schemas/frameType';
import { ViewPart } from '@rookery/schemas/generated/rookery/view-part';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import type { MemberChange, Resync, TreeChange, Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { BroadcastLimits } from '../limits.js';
import type { CommunityState } from '../state/communityState.js';
import { PublishedView } from '../state/publishedView.js';
import { SnapshotLog } from './snapshotLog.js';
import { ViewScopes } from './viewScopes.js';

export interface ViewBroadcastOptions {
  readonly state: CommunityState;
  readonly access: Pick<AccessDesk, 'hidesRooms'>;
  readonly limits: BroadcastLimits;
  /** Sends to a session that is there, and else nothing; may end sessions that are too slow. */
  readonly send: (sessionToken: number, frame: Uint8Array) => void;
}

/** Parts of the view that were asked for again, since the start. */
export interface ResyncCounts {
  readonly tree: number;
  readonly members: number;
}

/** What one flush tells, encoded. */
interface News {
  readonly treeFrames: readonly Uint8Array[];
  readonly memberFrames: ReadonlyMap<Uuid | null, readonly Uint8Array[]>;
  /** Sessions of which something changed: they are told so themselves. */
  readonly changed: ReadonlySet<number>;
  /** Sessions that may be told of other rooms than before. */
  readonly moved: Set<number>;
  /** Sessions that start over with whom they are told of, and those that start with everything. */
  readonly fresh: ReadonlySet<number>;
  readonly newcomers: ReadonlySet<number>;
}

/** Sessions below this share of the most with which everybody is shown, so that it seldom turns. */
const everybodyAgainShare = 0.8;

/**
 * Tells each session its view: the tree, and the members of the rooms that it is in, hears or has
 * subscribed to; on a small server that hides no room, the members of all. What changed is noted
 * and told by prepare(), welcome() and tell(), in this order; each frame is encoded once for its
 * whole audience. Pure but for `send`.
 *
 * Order of one flush, for one session: RoomInit and Presence of a newcomer; changes of the tree; of
 * members; MembersEnd and RoomMembers where it is told of other rooms now; its own session.
 */
export class ViewBroadcast {
  readonly #options: ViewBroadcastOptions;
  readonly #send: ViewBroadcastOptions['send'];
  readonly #view: PublishedView;
  readonly #scopes = new ViewScopes();
  readonly #sessions = new Set<number>();
  readonly #subscriptions = new Map<number, ReadonlySet<Uuid>>();
  readonly #treeLog = new SnapshotLog();
  readonly #memberLogs = new Map<Uuid | null, SnapshotLog>();
  #showsEverybody = true;
  #newcomers = new Set<number>();
  #changedRooms = new Set<Uuid>();
  #changedSessions = new Set<number>();
  #moved = new Set<number>();
  /** Rooms whose links are others now. */
  #relinked = new Set<Uuid>();
  #resyncs: { readonly sessionToken: number; readonly asked: Omit<Resync, 'type'> }[] = [];
  #resyncCounts: ResyncCounts = { tree: 0, members: 0 };
  #countsDueAtMs: number | null = null;

  constructor(options: ViewBroadcastOptions) {
    this.#options = options;
    this.#send = options.send;
    this.#view = new PublishedView(options.state);
  }

  get resyncCounts(): ResyncCounts {
    return this.#resyncCounts;
  }

  /** Hash of the view as it was told last: the one of every client that is shown everybody. */
  get hash(): Uint8Array {
    return this.#view.hash();
  }

  addSession(sessionToken: number): void {
    this.#newcomers.add(sessionToken);
    this.#changedSessions.add(sessionToken);
  }

  removeSession(sessionToken: number): void {
    this.#newcomers.delete(sessionToken);
    this.#sessions.delete(sessionToken);
    this.#subscriptions.delete(sessionToken);
    this.#scopes.removeSession(sessionToken);
  }

  noteRoom(roomId: Uuid): void {
    this.#changedRooms.add(roomId);
  }

  noteSession(sessionToken: number): void {
    this.#changedSessions.add(sessionToken);
  }

  /** A room is linked to others than before: who hears it hears others, and is told of them. */
  noteLinks(roomId: Uuid): void {
    this.#relinked.add(roomId);
  }

  /** The rooms of which a session is told beside its own; those before are no more. */
  subscribe(sessionToken: number, roomIds: readonly Uuid[]): void {
    this.#subscriptions.set(sessionToken, new Set(roomIds));
    this.#moved.add(sessionToken);
  }

  /** A session found a part of its view to be wrong: it is sent the part with the next flush. */
  resync(sessionToken: number, asked: Omit<Resync, 'type'>): void {
    const { tree, members } = this.#resyncCounts;
    this.#resyncs.push({ sessionToken, asked });
    this.#resyncCounts =
      asked.part === ViewPart.Tree ? { tree: tree + 1, members } : { tree, members: members + 1 };
  }

  /** Who is told of the members of a room. */
  audience(roomId: Uuid | null): ReadonlySet<number> {
    if (this.#showsEverybody) return this.#sessions;
    return roomId === null ? new Set() : this.#scopes.audience(roomId);
  }

  /** When counts have to be told, by the clock of prepare(); null where all are as told. */
  get countsDueAtMs(): number | null {
    return this.#countsDueAtMs;
  }

  /** Takes what was noted into the published view and encodes it. */
  prepare(nowMs: number): News {
    const changed = this.#changedSessions;
    const rooms = this.#changedRooms;
    const moved = this.#moved;
    const newcomers = this.#newcomers;
    this.#changedSessions = new Set();
    this.#changedRooms = new Set();
    this.#moved = new Set();
    this.#newcomers = new Set();
    for (const token of changed) moved.add(token);
    for (const roomId of this.#relinked) {
      for (const token of this.#options.state.hearers(roomId)) moved.add(token);
    }
    this.#relinked.clear();
    const isTurned = this.#turnPresence();
    for (const token of newcomers) this.#sessions.add(token);
    const memberChanges = this.#view.publishSessions(changed);
    const treeChanges = this.#view.publishRooms(rooms);
    treeChanges.push(...this.#dueCounts(nowMs));
    for (const change of treeChanges) {
      if (change.kind !== 'roomRemoved') continue;
      memberChanges.delete(change.roomId);
      this.#memberLogs.delete(change.roomId);
      this.#scopes.removeRoom(change.roomId);
    }
    const memberFrames = new Map(
      Array.from(memberChanges, ([roomId, changes]) => [roomId, this.#encode(roomId, changes)]),
    );
    const fresh = isTurned ? new Set(this.#sessions) : newcomers;
    const treeFrames = this.#encodeTree(treeChanges);
    return { treeFrames, memberFrames, changed, moved, fresh, newcomers };
  }

  /** Gives newcomers the tree: what else comes may refer to it. */
  welcome({ newcomers }: News): void {
    if (newcomers.size === 0) return;
    const frames = this.#treeSnapshot();
    for (const token of newcomers) this.#sendAll(token, frames);
  }

  tell(news: News): void {
    const { treeFrames, memberFrames, changed, moved, fresh, newcomers } = news;
    // Most flushes tell nothing of the tree, and need not go through everybody.
    for (const token of treeFrames.length > 0 ? this.#sessions : []) {
      if (!newcomers.has(token)) this.#sendAll(token, treeFrames);
    }
    for (const [roomId, frames] of memberFrames) {
      for (const token of this.audience(roomId)) {
        if (!fresh.has(token)) this.#sendAll(token, frames);
      }
    }
    if (fresh.size > 0) this.#startOver(fresh);
    if (!this.#showsEverybody) {
      for (const token of moved) this.#adjustScope(token);
    }
    this.#answerResyncs();
    for (const token of changed) this.#tellOwnSession(token);
  }

  /** @returns whether everybody is shown from now on, and was not, or the other way */
  #turnPresence(): boolean {
    const { state, access, limits } = this.#options;
    const count = state.sessionCount;
    const before = this.#showsEverybody;
    const max = limits.membersForAllMax * (before ? 1 : everybodyAgainShare);
    this.#showsEverybody = count <= max && !access.hidesRooms;
    if (this.#showsEverybody === before) return false;
    this.#scopes.clear();
    return true;
  }

  #dueCounts(nowMs: number): TreeChange[] {
    const { countsWaitMsMax, countsWaitMsPerSession } = this.#options.limits;
    if (!this.#view.hasStaleCounts) {
      this.#countsDueAtMs = null;
      return [];
    }
    this.#countsDueAtMs ??=
      nowMs + Math.min(countsWaitMsMax, this.#sessions.size * countsWaitMsPerSession);
    if (nowMs < this.#countsDueAtMs) return [];
    this.#countsDueAtMs = null;
    return this.#view.publishCounts();
  }

  #encodeTree(changes: readonly TreeChange[]): readonly Uint8Array[] {
    if (changes.length === 0) return [];
    const hash = this.#view.treeHash();
    const frames = this.#parts(changes).map(({ part, isLast }) =>
      encodeMessage({ type: FrameType.StateUpdate, changes: part }, 0, isLast ? hash : null),
    );
    this.#treeLog.append(frames, changes.length, this.#view.roomCount);
    return frames;
  }

  #encode(roomId: Uuid | null, changes: readonly MemberChange[]): readonly Uint8Array[] {
    if (roomId === null && !this.#showsEverybody) {
      // Nobody is told of them, so what was encoded of them gets old.
      this.#memberLogs.delete(null);
      return [];
    }
    const hash = this.#view.membersHash(roomId);
    const type = FrameType.MembersUpdate;
    const frames = this.#parts(changes).map(({ part, isLast }) =>
      encodeMessage({ type, roomId, changes: part }, 0, isLast ? hash : null),
    );
    const memberCount = this.#view.memberCount(roomId);
    if (memberCount === 0) this.#memberLogs.delete(roomId);
    else this.#memberLogs.get(roomId)?.append(frames, changes.length, memberCount);
    return frames;
  }

  /** Changes as they fit in updates. The hash is of the part after the last of them. */
  #parts<Change>(changes: readonly Change[]): { part: readonly Change[]; isLast: boolean }[] {
    const { changesPerUpdateMax } = this.#options.limits;
    const parts = [];
    for (let at = 0; at < changes.length; at += changesPerUpdateMax) {
      const end = at + changesPerUpdateMax;
      parts.push({ part: changes.slice(at, end), isLast: end >= changes.length });
    }
    return parts;
  }

  #treeSnapshot(): readonly Uint8Array[] {
    return this.#treeLog.frames(() =>
      encodeMessage({ type: FrameType.RoomInit, ...this.#view.tree() }, 0, this.#view.treeHash()),
    );
  }

  #membersSnapshot(roomId: Uuid | null): readonly Uint8Array[] {
    const log = this.#memberLogs.get(roomId) ?? new SnapshotLog();
    this.#memberLogs.set(roomId, log);
    return log.frames(() => {
      const members = this.#view.members(roomId);
      const hash = this.#view.membersHash(roomId);
      return encodeMessage({ type: FrameType.RoomMembers, roomId, members }, 0, hash);
    });
  }

  /** Tells of whom these are told from now on; where not of everybody, their rooms follow. */
  #startOver(fresh: ReadonlySet<number>): void {
    const everybody = this.#showsEverybody;
    const frames = [encodeMessage({ type: FrameType.Presence, everybody })];
    if (everybody) {
      for (const roomId of this.#view.roomsWithMembers()) {
        frames.push(...this.#membersSnapshot(roomId));
      }
    }
    const all = Buffer.concat(frames);
    for (const token of fresh) {
      this.#send(token, all);
      if (!everybody) this.#adjustScope(token);
    }
  }

  #adjustScope(sessionToken: number): void {
    if (!this.#sessions.has(sessionToken)) return;
    const rooms = new Set<Uuid>();
    const own = this.#view.roomOf(sessionToken);
    if (own !== null) rooms.add(own);
    const heard = this.#options.state.roomsHeardBy(sessionToken);
    for (const roomId of [...heard, ...(this.#subscriptions.get(sessionToken) ?? [])]) {
      if (this.#view.hasRoom(roomId)) rooms.add(roomId);
    }
    const { added, removed } = this.#scopes.set(sessionToken, rooms);
    for (const roomId of removed) this.#sendEnd(sessionToken, roomId);
    for (const roomId of added) this.#sendAll(sessionToken, this.#membersSnapshot(roomId));
  }

  #answerResyncs(): void {
    const resyncs = this.#resyncs;
    this.#resyncs = [];
    for (const { sessionToken, asked } of resyncs) {
      const { part, roomId } = asked;
      if (part === ViewPart.Tree) {
        this.#sendAll(sessionToken, this.#treeSnapshot());
      } else if (this.#showsEverybody || (roomId && this.#scopes.has(sessionToken, roomId))) {
        this.#sendAll(sessionToken, this.#membersSnapshot(roomId));
      } else if (roomId !== null) {
        this.#sendEnd(sessionToken, roomId);
      }
    }
  }

  #tellOwnSession(sessionToken: number): void {
    const session = this.#options.state.session(sessionToken);
    if (session === null || !this.#sessions.has(sessionToken)) return;
    this.#send(sessionToken, encodeMessage({ type: FrameType.OwnSession, session }));
  }

  #sendEnd(sessionToken: number, roomId: Uuid): void {
    this.#send(sessionToken, encodeMessage({ type: FrameType.MembersEnd, roomId }));
  }

  #sendAll(sessionToken: number, frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.#send(sessionToken, frame);
  }
}
