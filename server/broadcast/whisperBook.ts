import assert from 'node:assert/strict';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type {
  RegisterWhisper,
  SessionInfo,
  Uuid,
  WhisperKey,
  WhisperReady,
} from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { WhisperLimits } from '../limits.js';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { CommunityState } from '../state/communityState.js';
import { refusal, type MovedRoom, type Move, type Refusal } from '../state/outcome.js';
import { noSuchRoom } from '../state/roomTree.js';
import { WhisperIndex, type WhisperTargets } from './whisperIndex.js';

export interface WhisperBookOptions {
  readonly state: CommunityState;
  readonly access: Pick<AccessDesk, 'can'>;
  readonly voice: Pick<VoicePlane, 'setWhisperList' | 'removeWhisperList'>;
  readonly limits: WhisperLimits;
  /** How long owners go on sealing with the key before. */
  readonly overlapMs: number;
  /** Gives random bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Sends one message to those of the sessions that are there to be told. */
export type WhisperSender = (
  sessionTokens: readonly number[],
  message: WhisperReady | WhisperKey,
) => void;

interface WhisperList extends WhisperTargets {
  readonly listId: number;
  /** Sessions that have the key, deafened ones too. */
  readonly receivers: Set<number>;
  /** Sessions that may have begun or ceased to be allowed to hear. */
  readonly touched: Set<number>;
  /** Receivers that may have missed the key. */
  readonly returned: Set<number>;
  key: ListKey;
  isPublished: boolean;
  /** Whether one of the receivers was deafened, or is not any more, since it was published. */
  isHeardOtherwise: boolean;
}

interface ListKey {
  readonly epoch: number;
  readonly key: Uint8Array;
}

/** ChaCha20-Poly1305. */
const keyBytes = 32;
/** The epoch is one byte of the voice header. */
const epochCount = 256;

/**
 * The whisper lists of all sessions: who hears each follows from who is where, and so do its keys.
 * A key is known to whoever was given it, so it is replaced when somebody stops being allowed to
 * hear. What changed is gathered, and flush() tells the voice plane and the sessions. Costs follow
 * from the lists that a change concerns and from how many hear those.
 */
export class WhisperBook {
  readonly #options: WhisperBookOptions;
  readonly #index: WhisperIndex<WhisperList>;
  readonly #lists = new Map<number, WhisperList>();
  readonly #listsByOwner = new Map<number, Set<WhisperList>>();
  /** Lists that flush() has to look at. */
  readonly #changed = new Set<WhisperList>();
  /** Ids to give again, the one that is free longest first. */
  readonly #freeIds: number[] = [];
  readonly #epochs = new Map<number, number>();
  readonly #deafened = new Set<number>();
  #receiverCount = 0;
  #namedUserCount = 0;

  constructor(options: WhisperBookOptions) {
    this.#options = options;
    const { state, access } = options;
    this.#index = new WhisperIndex(state, access);
  }

  /**
   * Makes a list. Sessions that have left meanwhile are left out.
   *
   * @param owner token of a session that is there
   * @returns the list's id
   */
  register(owner: number, asked: Omit<RegisterWhisper, 'type'>): number | Refusal {
    const { state, limits } = this.#options;
    const own = this.#listsByOwner.get(owner) ?? new Set();
    if (own.size >= limits.listsPerSessionMax) {
      const text = `You have ${limits.listsPerSessionMax} whisper lists. Remove one first.`;
      return refusal(ErrorCode.LimitReached, text);
    }
    if (asked.roomIds.some((roomId) => state.room(roomId) === null)) return noSuchRoom();
    const targets = this.#targetsOf(owner, asked);
    const { sessionTokens, roomIds, userIds } = targets;
    if (sessionTokens.size + roomIds.size + userIds.size === 0) {
      return refusal(ErrorCode.InvalidField, 'Nobody whom the whisper names is there.');
    }
    const receivers = this.#index.receiversOf(targets);
    const hasPlace =
      this.#lists.size < limits.listsMax &&
      this.#namedUserCount + userIds.size <= limits.namedUsersMax &&
      this.#hasPlaceFor(own, receivers.size);
    if (!hasPlace) {
      const text = 'Whispers reach as many people as they can. Whisper to fewer, or try later.';
      return refusal(ErrorCode.LimitReached, text);
    }
    return this.#add(own, { ...targets, receivers });
  }

  /** @returns false where the session has no such list */
  remove(owner: number, listId: number): boolean {
    const list = this.#lists.get(listId);
    if (list?.owner !== owner) return false;
    this.#drop(list);
    return true;
  }

  /** Somebody is in another room now. The room that was left may be gone from the state. */
  noteMove({ sessionToken, from, to }: Move): void {
    for (const roomId of [from, to]) {
      if (roomId === null) continue;
      for (const list of this.#index.listsOfRoom(roomId)) this.#touch(list, sessionToken);
    }
    // One that names the session itself may be for it here, and not there.
    for (const list of this.#index.listsOfSession(sessionToken)) this.#touch(list, sessionToken);
  }

  /** Somebody may whisper to these rooms now, or may not any more. */
  noteAccess(owner: number, roomIds: Pick<ReadonlySet<Uuid>, 'has'>): void {
    const { state } = this.#options;
    for (const list of this.#listsByOwner.get(owner) ?? []) {
      for (const roomId of this.#index.roomsOf(list)) {
        if (!roomIds.has(roomId)) continue;
        for (const token of state.members(roomId)) this.#touch(list, token);
      }
      // Those in no room count as in the root.
      for (const token of list.sessionTokens) this.#touch(list, token);
    }
  }

  /** A room, with all below it, is below another one now. */
  noteRoomMoved({ roomId, from }: MovedRoom): void {
    const { state } = this.#options;
    const lists = new Set([...this.#index.listsOfRoom(from), ...this.#index.listsOfRoom(roomId)]);
    for (const id of state.roomsFrom(roomId)) {
      for (const token of state.members(id)) for (const list of lists) this.#touch(list, token);
    }
  }

  /** A session is new or otherwise. */
  noteSession(session: SessionInfo): void {
    const { sessionToken, userId } = session;
    const deafened = session.deafened || session.deafenedByModerator;
    for (const list of this.#index.addSession(sessionToken, userId)) {
      this.#touch(list, sessionToken);
    }
    if (this.#deafened.has(sessionToken) === deafened) return;
    if (deafened) this.#deafened.add(sessionToken);
    else this.#deafened.delete(sessionToken);
    for (const list of this.#index.listsOfSession(sessionToken)) {
      list.isHeardOtherwise = true;
      this.#changed.add(list);
    }
  }

  /** A room is gone, after its members have moved. */
  noteRoomRemoved(roomId: Uuid): void {
    this.#index.removeRoom(roomId);
  }

  /** A session is gone, after it has left its room: its lists, and it from those of others. */
  noteSessionRemoved(sessionToken: number): void {
    for (const list of this.#index.removeSession(sessionToken)) this.#touch(list, sessionToken);
    for (const list of this.#listsByOwner.get(sessionToken) ?? []) this.#drop(list);
    this.#epochs.delete(sessionToken);
    this.#deafened.delete(sessionToken);
  }

  /**
   * Somebody who had lost the connection is there again: it is given the keys that it may have
   * missed. Its own lists are gone, because it makes them anew.
   */
  noteReturned(sessionToken: number): void {
    for (const list of this.#listsByOwner.get(sessionToken) ?? []) this.#drop(list);
    for (const list of this.#index.listsOfSession(sessionToken)) {
      list.returned.add(sessionToken);
      this.#changed.add(list);
    }
  }

  /**
   * Publishes what changed, and gives the keys that follow from it. Sending may end the session of
   * a reader that is too slow: what follows from that is left to the next flush.
   */
  flush(send: WhisperSender): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const list of changed) {
      if (this.#lists.get(list.listId) === list) this.#bringUpToDate(list, send);
    }
  }

  #targetsOf(owner: number, asked: Omit<RegisterWhisper, 'type'>): WhisperTargets {
    const { state } = this.#options;
    const userIds = new Set(asked.userIds);
    const named = asked.sessionTokens.filter((token) => state.session(token) !== null);
    const sessionTokens = new Set(named);
    for (const userId of userIds) {
      for (const token of state.sessionsOf(userId)) sessionTokens.add(token);
    }
    sessionTokens.delete(owner);
    const roomIds = new Set(asked.roomIds);
    return { owner, sessionTokens, userIds, roomIds, withChildren: asked.withChildren };
  }

  #bringUpToDate(list: WhisperList, send: WhisperSender): void {
    const isFirst = !list.isPublished;
    const { added, hasLost } = this.#settle(list);
    if (hasLost) list.key = this.#newKey(list.owner);
    if (isFirst || hasLost || added.length > 0 || list.isHeardOtherwise) this.#publish(list);
    const { listId, owner, receivers } = list;
    const { epoch, key } = list.key;
    const isNewKey = isFirst || hasLost;
    const returned = [...list.returned].filter(
      (token) => receivers.has(token) && !added.includes(token),
    );
    list.returned.clear();
    const told = isNewKey ? [...receivers] : [...added, ...returned];
    if (told.length > 0) {
      send(told, { type: FrameType.WhisperKey, senderToken: owner, epoch, key });
    }
    if (!isNewKey) return;
    const useAfterMs = isFirst ? 0 : this.#options.overlapMs;
    send([owner], { type: FrameType.WhisperReady, listId, epoch, key, useAfterMs });
  }

  #add(own: Set<WhisperList>, list: WhisperTargets & { receivers: Set<number> }): number {
    const { owner, receivers, userIds } = list;
    const listId = this.#freeIds.shift() ?? this.#lists.size + 1;
    const key = this.#newKey(owner);
    const added: WhisperList = {
      ...list,
      listId,
      touched: new Set(),
      returned: new Set(),
      key,
      isPublished: false,
      isHeardOtherwise: false,
    };
    this.#lists.set(listId, added);
    this.#listsByOwner.set(owner, own.add(added));
    this.#index.add(added);
    this.#receiverCount += receivers.size;
    this.#namedUserCount += userIds.size;
    this.#changed.add(added);
    return listId;
  }

  #drop(list: WhisperList): void {
    const own = this.#listsByOwner.get(list.owner);
    assert(own !== undefined, 'a list has an owner');
    own.delete(list);
    if (own.size === 0) this.#listsByOwner.delete(list.owner);
    this.#lists.delete(list.listId);
    this.#index.remove(list);
    this.#changed.delete(list);
    this.#receiverCount -= list.receivers.size;
    this.#namedUserCount -= list.userIds.size;
    this.#freeIds.push(list.listId);
    // What was never published is not there to be removed.
    if (list.isPublished) this.#options.voice.removeWhisperList(list.listId);
  }

  #touch(list: WhisperList, sessionToken: number): void {
    list.touched.add(sessionToken);
    this.#changed.add(list);
  }

  /** Brings the receivers up to date. Who finds no place is left out until it moves again. */
  #settle(list: WhisperList): { added: number[]; hasLost: boolean } {
    const added: number[] = [];
    const { receivers, touched } = list;
    const countBefore = receivers.size;
    for (const token of touched) {
      if (!this.#index.mayHear(list, token)) receivers.delete(token);
    }
    const hasLost = receivers.size < countBefore;
    this.#receiverCount -= countBefore - receivers.size;
    const own = this.#listsByOwner.get(list.owner) ?? new Set();
    for (const token of touched) {
      if (receivers.has(token) || !this.#index.mayHear(list, token)) continue;
      if (!this.#hasPlaceFor(own, 1)) break;
      receivers.add(token);
      this.#receiverCount += 1;
      added.push(token);
    }
    touched.clear();
    return { added, hasLost };
  }

  #publish(list: WhisperList): void {
    const { listId, owner, receivers } = list;
    const hearing = [...receivers].filter((token) => !this.#deafened.has(token));
    this.#options.voice.setWhisperList(listId, owner, hearing);
    list.isPublished = true;
    list.isHeardOtherwise = false;
  }

  #hasPlaceFor(own: ReadonlySet<WhisperList>, more: number): boolean {
    const { receiversPerSessionMax, receiversMax } = this.#options.limits;
    let ownCount = 0;
    for (const { receivers } of own) ownCount += receivers.size;
    return ownCount + more <= receiversPerSessionMax && this.#receiverCount + more <= receiversMax;
  }

  /** The sender's next epoch that no other list of it uses now. */
  #newKey(owner: number): ListKey {
    const used = new Set(
      Array.from(this.#listsByOwner.get(owner) ?? [], ({ key: { epoch } }) => epoch),
    );
    let epoch = this.#epochs.get(owner) ?? 0;
    while (used.has(epoch)) epoch = (epoch + 1) % epochCount;
    this.#epochs.set(owner, (epoch + 1) % epochCount);
    return { epoch, key: this.#options.randomBytes(keyBytes) };
  }
}
