import { openAccess } from './openAccess.js';
import assert from 'node:assert/strict';
import { FrameType } from '@rookery/schemas/frameType';
import type { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { RegisterWhisper, Uuid, WhisperKey, WhisperReady } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { WhisperBook } from '../broadcast/whisperBook.js';
import { controlLimits, type WhisperLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';

export const overlapMs = 200;

export function roomId(n: number): Uuid {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** Two sessions have one user, which a server does not let them; the book need not know. */
export function userOf(token: number): Uuid {
  return `00000000-0000-4000-9000-${String(token % 5).padStart(12, '0')}`;
}

export const games = roomId(1);
export const chess = roomId(2);
export const music = roomId(3);

/** A book, its state, and everything that either side is told. */
export class WhisperStage {
  readonly state = new CommunityState(controlLimits.state);
  readonly book: WhisperBook;
  /** What the voice plane holds. */
  readonly published = new Map<number, { owner: number; receivers: number[] }>();
  readonly told: [number, WhisperReady | WhisperKey][] = [];
  publishes = 0;
  #keys = 0;

  constructor(limits: Partial<WhisperLimits> = {}) {
    this.book = new WhisperBook({
      access: openAccess,
      state: this.state,
      voice: {
        setWhisperList: (listId, owner, receivers) => {
          this.publishes += 1;
          this.published.set(listId, { owner, receivers: [...receivers].sort((a, b) => a - b) });
        },
        removeWhisperList: (listId) => {
          assert(this.published.delete(listId), `list ${listId} was published`);
        },
      },
      limits: { ...controlLimits.whispers, ...limits },
      overlapMs,
      randomBytes: (length) => {
        this.#keys += 1;
        return new Uint8Array(length).fill(this.#keys);
      },
    });
    this.apply(this.state.createRoom(games, rootRoomId, 'Games'));
    this.apply(this.state.createRoom(chess, games, 'Chess'));
    this.apply(this.state.createRoom(music, rootRoomId, 'Music'));
  }

  /** As the publisher does it. */
  apply(outcome: Outcome): void {
    if (outcome.refused) return;
    for (const move of outcome.moves) this.book.noteMove(move);
    if (outcome.movedRoom !== undefined) this.book.noteRoomMoved(outcome.movedRoom);
    for (const change of outcome.changes) {
      if (change.kind === 'roomRemoved') this.book.noteRoomRemoved(change.roomId);
      if (change.kind === 'sessionPut') {
        this.book.noteSession(change.session);
      }
      if (change.kind === 'sessionRemoved') this.book.noteSessionRemoved(change.sessionToken);
    }
  }

  enter(token: number, room: Uuid | null = null): void {
    this.apply(this.state.addSession(token, userOf(token), `Session ${token}`));
    if (room !== null) this.apply(this.state.joinRoom(token, room));
  }

  register(owner: number, sessionTokens: number[], roomIds: Uuid[] = [], withChildren = false) {
    return this.registerAll(owner, { sessionTokens, roomIds, withChildren, userIds: [] });
  }

  registerUsers(owner: number, userIds: Uuid[]): number {
    return this.registerAll(owner, {
      sessionTokens: [],
      roomIds: [],
      withChildren: false,
      userIds,
    });
  }

  registerAll(owner: number, asked: Omit<RegisterWhisper, 'type'>): number {
    const listId = this.book.register(owner, asked);
    if (typeof listId !== 'number') throw new Error(listId.message);
    return listId;
  }

  refusal(
    owner: number,
    sessionTokens: number[],
    roomIds: Uuid[] = [],
    userIds: Uuid[] = [],
  ): ErrorCode | null {
    const asked = { sessionTokens, roomIds, withChildren: false, userIds };
    const listId = this.book.register(owner, asked);
    return typeof listId === 'number' ? null : listId.code;
  }

  /** @returns what was told, and to whom */
  flush(): [number, WhisperReady | WhisperKey][] {
    this.told.length = 0;
    this.book.flush((tokens, message) => {
      for (const token of tokens) this.told.push([token, message]);
    });
    return [...this.told];
  }

  /** Who was given a key by the last flush(), by epoch. */
  given(): [number, number][] {
    return this.told
      .filter(([, { type }]) => type === FrameType.WhisperKey)
      .map(([token, { epoch }]): [number, number] => [token, epoch])
      .sort(([a], [b]) => a - b);
  }
}
