import { describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid, WhisperKey, WhisperReady } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits, type WhisperLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { ModelWhispers } from '../testing/modelWhispers.js';
import { WhisperBook } from './whisperBook.js';

const user = '00000000-0000-4000-8000-00000000000a';
const overlapMs = 200;

function roomId(n: number): Uuid {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

const games = roomId(1);
const chess = roomId(2);
const music = roomId(3);

/** A book, its state, and everything that either side is told. */
class Stage {
  readonly state = new CommunityState(controlLimits.state);
  readonly book: WhisperBook;
  /** What the voice plane holds. */
  readonly published = new Map<number, { owner: number; receivers: number[] }>();
  readonly told: [number, WhisperReady | WhisperKey][] = [];
  publishes = 0;
  #keys = 0;

  constructor(limits: Partial<WhisperLimits> = {}) {
    this.book = new WhisperBook({
      state: this.state,
      voice: {
        setWhisperList: (listId, owner, receivers) => {
          this.publishes += 1;
          this.published.set(listId, { owner, receivers: [...receivers].sort((a, b) => a - b) });
        },
        removeWhisperList: (listId) => expect(this.published.delete(listId)).toBe(true),
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
    for (const change of outcome.changes) {
      if (change.kind === 'roomRemoved') this.book.noteRoomRemoved(change.roomId);
      if (change.kind === 'sessionPut') {
        this.book.noteHearing(change.session.sessionToken, change.session.deafened);
      }
      if (change.kind === 'sessionRemoved') this.book.noteSessionRemoved(change.sessionToken);
    }
  }

  enter(token: number, room: Uuid | null = null): void {
    this.apply(this.state.addSession(token, user, `Session ${token}`));
    if (room !== null) this.apply(this.state.joinRoom(token, room));
  }

  register(owner: number, sessionTokens: number[], roomIds: Uuid[] = [], withChildren = false) {
    const listId = this.book.register(owner, { sessionTokens, roomIds, withChildren });
    if (typeof listId !== 'number') throw new Error(listId.message);
    return listId;
  }

  refusal(owner: number, sessionTokens: number[], roomIds: Uuid[] = []): ErrorCode | null {
    const listId = this.book.register(owner, { sessionTokens, roomIds, withChildren: false });
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

describe('a whisper list', () => {
  test('is published and its key given to those who hear it and to its owner', () => {
    const stage = new Stage();
    for (const token of [1, 2, 3]) stage.enter(token);
    const listId = stage.register(1, [2, 3, 1, 2, 99]);
    const key = new Uint8Array(32).fill(1);
    expect(stage.flush()).toEqual([
      [2, { type: FrameType.WhisperKey, senderToken: 1, epoch: 0, key }],
      [3, { type: FrameType.WhisperKey, senderToken: 1, epoch: 0, key }],
      [1, { type: FrameType.WhisperReady, listId, epoch: 0, key, useAfterMs: 0 }],
    ]);
    expect([...stage.published]).toEqual([[listId, { owner: 1, receivers: [2, 3] }]]);
    expect(stage.flush()).toEqual([]);
  });

  test('of a room is heard by who is in it, and in rooms below it where that is asked', () => {
    const stage = new Stage();
    stage.enter(1, games);
    stage.enter(2, games);
    stage.enter(3, chess);
    stage.enter(4, music);
    const whisper = stage.register(1, [4], [games]);
    const shout = stage.register(1, [], [games], true);
    stage.flush();
    expect(stage.published.get(whisper)?.receivers).toEqual([2, 4]);
    expect(stage.published.get(shout)?.receivers).toEqual([2, 3]);
  });

  test('gives whoever comes the key that there is', () => {
    const stage = new Stage();
    stage.enter(1);
    stage.enter(2, games);
    stage.enter(3);
    const listId = stage.register(1, [], [games], true);
    stage.flush();
    stage.apply(stage.state.joinRoom(3, chess));
    stage.flush();
    expect(stage.given()).toEqual([[3, 0]]);
    expect(stage.told).toHaveLength(1);
    expect(stage.published.get(listId)?.receivers).toEqual([2, 3]);
  });

  test('has a new key for those who stay when somebody leaves', () => {
    const stage = new Stage();
    stage.enter(1);
    for (const token of [2, 3, 4]) stage.enter(token, games);
    const listId = stage.register(1, [], [games]);
    const first = stage.flush().at(-1)![1];
    stage.apply(stage.state.leaveRoom(2));
    stage.apply(stage.state.removeSession(3));
    stage.flush();
    expect(stage.given()).toEqual([[4, 1]]);
    const [owner, ready] = stage.told.at(-1)!;
    expect([owner, ready]).toMatchObject([1, { listId, epoch: 1, useAfterMs: overlapMs }]);
    expect(ready.key).not.toEqual(first.key);
    expect(stage.published.get(listId)?.receivers).toEqual([4]);
  });

  test('keeps its key while everybody moves between rooms that it names', () => {
    const stage = new Stage();
    stage.enter(1);
    stage.enter(2, games);
    stage.enter(3, chess);
    stage.register(1, [2], [games], true);
    stage.flush();
    stage.apply(stage.state.joinRoom(3, games));
    stage.apply(stage.state.leaveRoom(2));
    stage.apply(stage.state.setSelfState(3, { muted: true, deafened: false }));
    expect(stage.flush()).toEqual([]);
    expect(stage.publishes).toBe(1);
  });

  test('follows members of a deleted room only where their new room is meant', () => {
    const stage = new Stage();
    stage.enter(1);
    stage.enter(2, chess);
    const one = stage.register(1, [], [chess]);
    const all = stage.register(1, [], [games], true);
    stage.flush();
    stage.apply(stage.state.deleteRoom(chess));
    stage.flush();
    expect(stage.published.get(one)?.receivers).toEqual([]);
    expect(stage.published.get(all)?.receivers).toEqual([2]);
  });

  test('is heard in a room that was made below the one it names', () => {
    const stage = new Stage();
    stage.enter(1);
    const listId = stage.register(1, [], [games], true);
    stage.flush();
    stage.apply(stage.state.createRoom(roomId(7), chess, 'Blitz'));
    stage.enter(2, roomId(7));
    stage.flush();
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });

  test('is not sent to the deafened, who keep the key', () => {
    const stage = new Stage();
    stage.enter(1);
    stage.enter(2, games);
    const listId = stage.register(1, [], [games]);
    stage.flush();
    stage.apply(stage.state.setSelfState(2, { muted: true, deafened: true }));
    expect(stage.flush()).toEqual([]);
    expect(stage.published.get(listId)?.receivers).toEqual([]);
    stage.apply(stage.state.setSelfState(2, { muted: true, deafened: false }));
    expect(stage.flush()).toEqual([]);
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });

  test('goes when it is removed by its owner, and with its owner', () => {
    const stage = new Stage();
    for (const token of [1, 2]) stage.enter(token);
    const listId = stage.register(1, [2]);
    stage.register(1, [2]);
    stage.flush();
    expect(stage.book.remove(2, listId)).toBe(false);
    expect(stage.book.remove(1, listId)).toBe(true);
    expect(stage.book.remove(1, listId)).toBe(false);
    expect(stage.published.size).toBe(1);
    stage.apply(stage.state.removeSession(1));
    expect(stage.published.size).toBe(0);
    expect(stage.flush()).toEqual([]);
  });

  test('that was removed before anybody was told leaves no trace', () => {
    const stage = new Stage();
    for (const token of [1, 2]) stage.enter(token);
    expect(stage.book.remove(1, stage.register(1, [2]))).toBe(true);
    expect(stage.flush()).toEqual([]);
    expect(stage.published.size).toBe(0);
  });

  test('has an epoch that no other list of its owner has', () => {
    const stage = new Stage();
    for (const token of [1, 2, 3]) stage.enter(token);
    stage.register(1, [2]);
    const restless = stage.register(1, [], [games]);
    stage.flush();
    const epochs = new Set<number>();
    for (let turn = 0; turn < 300; turn++) {
      stage.apply(stage.state.joinRoom(3, games));
      stage.flush();
      stage.apply(stage.state.leaveRoom(3));
      const ready = stage.flush().at(-1)![1];
      expect(ready).toMatchObject({ type: FrameType.WhisperReady, listId: restless });
      epochs.add(ready.epoch);
    }
    expect(epochs.size).toBe(255);
    expect(epochs.has(0)).toBe(false);
  });
});

describe('a registration is refused', () => {
  test('that names a room that is not there, or nobody', () => {
    const stage = new Stage();
    stage.enter(1);
    expect(stage.refusal(1, [], [roomId(9)])).toBe(ErrorCode.NoSuchRoom);
    expect(stage.refusal(1, [1, 99])).toBe(ErrorCode.InvalidField);
    expect(stage.refusal(1, [])).toBe(ErrorCode.InvalidField);
  });

  test('beyond the lists of a session, and of all', () => {
    const stage = new Stage({ listsPerSessionMax: 2, listsMax: 3 });
    for (const token of [1, 2]) stage.enter(token);
    const first = stage.register(1, [2]);
    stage.register(1, [2]);
    expect(stage.refusal(1, [2])).toBe(ErrorCode.LimitReached);
    expect(stage.refusal(2, [1])).toBeNull();
    expect(stage.refusal(2, [1])).toBe(ErrorCode.LimitReached);
    stage.book.remove(1, first);
    expect(stage.register(2, [1])).toBe(first);
  });

  test('beyond the receivers of a session, and of all', () => {
    const stage = new Stage({ receiversPerSessionMax: 3, receiversMax: 5 });
    for (const token of [1, 2, 3, 4]) stage.enter(token);
    stage.register(1, [2, 3]);
    expect(stage.refusal(1, [2, 3])).toBe(ErrorCode.LimitReached);
    stage.register(1, [4]);
    expect(stage.refusal(2, [1, 3, 4])).toBe(ErrorCode.LimitReached);
    stage.register(2, [1, 3]);
    expect(stage.refusal(3, [1])).toBe(ErrorCode.LimitReached);
  });
});

test('who finds no place is left out, and is in when it comes again', () => {
  const stage = new Stage({ receiversPerSessionMax: 2 });
  for (const token of [1, 2, 3, 4]) stage.enter(token);
  const listId = stage.register(1, [], [games]);
  for (const token of [2, 3, 4]) stage.apply(stage.state.joinRoom(token, games));
  stage.flush();
  expect(stage.published.get(listId)?.receivers).toEqual([2, 3]);
  stage.apply(stage.state.leaveRoom(2));
  stage.apply(stage.state.leaveRoom(4));
  stage.flush();
  stage.apply(stage.state.joinRoom(4, games));
  stage.flush();
  expect(stage.published.get(listId)?.receivers).toEqual([3, 4]);
});

test('lists and keys are what a naive model says, whatever happens', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = new SeededRandom(seed);
    const stage = new Stage();
    const { state } = stage;
    const wrong: string[] = [];
    const model = new ModelWhispers(state);
    /** Keys that each session was given, by the sender and epoch that name them. */
    const keys = new Map<number, Map<string, Uint8Array>>();
    const ready = new Map<number, WhisperReady>();
    for (let index = 0; index < 300; index++) {
      const where = `seed ${seed}, step ${index}`;
      step(random, stage, model);
      model.forgetGone();
      for (const [token, message] of stage.flush()) {
        if (message.type === FrameType.WhisperReady) ready.set(message.listId, message);
        else {
          const own = keys.get(token) ?? new Map<string, Uint8Array>();
          keys.set(token, own.set(`${message.senderToken}.${message.epoch}`, message.key));
        }
      }
      expect([...stage.published.keys()].sort(), where).toEqual([...model.lists.keys()].sort());
      for (const [listId, { owner }] of model.lists) {
        const receivers = model.receivers(listId);
        expect(stage.published.get(listId), where).toEqual({ owner, receivers });
        const { epoch, key } = ready.get(listId)!;
        for (const [token, own] of keys) {
          // A deafened session keeps the key that it may use again any time.
          if (state.session(token)?.deafened === true) continue;
          const held = own.get(`${owner}.${epoch}`);
          const hasKey = held !== undefined && Buffer.compare(held, key) === 0;
          if (hasKey !== receivers.includes(token)) {
            wrong.push(`${where}: ${token} ${hasKey ? 'has' : 'has not'} the key of ${listId}`);
          }
        }
      }
      expect(wrong).toEqual([]);
    }
  }
});

function step(random: SeededRandom, stage: Stage, model: ModelWhispers): void {
  const { state, book } = stage;
  const token = 1 + random.below(8);
  const room = [rootRoomId, games, chess, music, roomId(4), roomId(5)][random.below(6)]!;
  const isThere = state.session(token) !== null;
  switch (random.below(9)) {
    case 0:
      if (state.room(room) === null) {
        const parent = state.room(chess) === null ? rootRoomId : chess;
        stage.apply(state.createRoom(room, parent, `Room ${room}`));
      } else if (random.chance(0.3)) stage.apply(state.deleteRoom(room));
      return;
    case 1:
      if (isThere && random.chance(0.3)) stage.apply(state.removeSession(token));
      return;
    case 2:
    case 3: {
      if (!isThere) return;
      const sessionTokens = Array.from({ length: random.below(3) }, () => 1 + random.below(8));
      const roomIds = Array.from({ length: random.below(3) }, () => room);
      const withChildren = random.chance(0.5);
      const listId = book.register(token, { sessionTokens, roomIds, withChildren });
      if (typeof listId !== 'number') return;
      const tokens = new Set(sessionTokens.filter((other) => state.session(other) !== null));
      model.lists.set(listId, { owner: token, tokens, rooms: new Set(roomIds), withChildren });
      return;
    }
    case 4: {
      const listId = 1 + random.below(20);
      if (book.remove(token, listId)) expect(model.lists.delete(listId)).toBe(true);
      return;
    }
    case 5: {
      if (!isThere) return;
      stage.apply(state.setSelfState(token, { muted: false, deafened: random.chance(0.4) }));
      return;
    }
    default:
      if (!isThere) stage.enter(token);
      else if (random.chance(0.2)) stage.apply(state.leaveRoom(token));
      else stage.apply(state.joinRoom(token, room));
  }
}
