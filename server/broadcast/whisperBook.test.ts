import { describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import {
  chess,
  games,
  music,
  overlapMs,
  roomId,
  userOf,
  WhisperStage,
} from '../testing/whisperStage.js';

describe('a whisper list', () => {
  test('is published and its key given to those who hear it and to its owner', () => {
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
    stage.enter(1);
    const listId = stage.register(1, [], [games], true);
    stage.flush();
    stage.apply(stage.state.createRoom(roomId(7), chess, 'Blitz'));
    stage.enter(2, roomId(7));
    stage.flush();
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });

  test('is not sent to the deafened, who keep the key', () => {
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
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
    const stage = new WhisperStage();
    for (const token of [1, 2]) stage.enter(token);
    expect(stage.book.remove(1, stage.register(1, [2]))).toBe(true);
    expect(stage.flush()).toEqual([]);
    expect(stage.published.size).toBe(0);
  });

  test('has an epoch that no other list of its owner has', () => {
    const stage = new WhisperStage();
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

describe('a list that names a user', () => {
  test('is heard by the session of that user, wherever it is, and by the owner never', () => {
    const stage = new WhisperStage();
    for (const token of [1, 2, 3]) stage.enter(token);
    const listId = stage.registerUsers(1, [userOf(2), userOf(1)]);
    stage.flush();
    expect(stage.given()).toEqual([[2, 0]]);
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });

  test('is made while nobody is there, and heard by whoever comes', () => {
    const stage = new WhisperStage();
    stage.enter(1);
    const listId = stage.registerUsers(1, [userOf(2)]);
    stage.flush();
    expect(stage.published.get(listId)?.receivers).toEqual([]);
    stage.enter(2);
    stage.flush();
    expect(stage.given()).toEqual([[2, 0]]);
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });

  test('is heard again by who comes back, with another key than the session before had', () => {
    const stage = new WhisperStage();
    stage.enter(1);
    stage.enter(2);
    const listId = stage.registerUsers(1, [userOf(2)]);
    stage.flush();
    stage.apply(stage.state.removeSession(2));
    stage.flush();
    expect(stage.published.get(listId)?.receivers).toEqual([]);
    const nextSession = 7;
    expect(userOf(nextSession)).toBe(userOf(2));
    stage.enter(nextSession);
    stage.flush();
    expect(stage.given()).toEqual([[nextSession, 1]]);
    expect(stage.published.get(listId)?.receivers).toEqual([nextSession]);
  });

  test('has one key for who was replaced by a new session within a flush', () => {
    const stage = new WhisperStage();
    for (const token of [1, 2, 3]) stage.enter(token);
    const listId = stage.registerUsers(1, [userOf(2), userOf(3)]);
    stage.flush();
    stage.apply(stage.state.removeSession(2));
    stage.enter(7);
    stage.flush();
    expect(stage.given()).toEqual([
      [3, 1],
      [7, 1],
    ]);
    expect(stage.published.get(listId)?.receivers).toEqual([3, 7]);
  });

  test('is not heard by who comes after it was removed', () => {
    const stage = new WhisperStage();
    stage.enter(1);
    expect(stage.book.remove(1, stage.registerUsers(1, [userOf(2)]))).toBe(true);
    stage.enter(2);
    expect(stage.flush()).toEqual([]);
  });
});

describe('a registration is refused', () => {
  test('that names a room that is not there, or nobody', () => {
    const stage = new WhisperStage();
    stage.enter(1);
    expect(stage.refusal(1, [], [roomId(9)])).toBe(ErrorCode.NoSuchRoom);
    expect(stage.refusal(1, [1, 99])).toBe(ErrorCode.InvalidField);
    expect(stage.refusal(1, [])).toBe(ErrorCode.InvalidField);
  });

  test('beyond the lists of a session, and of all', () => {
    const stage = new WhisperStage({ listsPerSessionMax: 2, listsMax: 3 });
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
    const stage = new WhisperStage({ receiversPerSessionMax: 3, receiversMax: 5 });
    for (const token of [1, 2, 3, 4]) stage.enter(token);
    stage.register(1, [2, 3]);
    expect(stage.refusal(1, [2, 3])).toBe(ErrorCode.LimitReached);
    stage.register(1, [4]);
    expect(stage.refusal(2, [1, 3, 4])).toBe(ErrorCode.LimitReached);
    stage.register(2, [1, 3]);
    expect(stage.refusal(3, [1])).toBe(ErrorCode.LimitReached);
  });
});

test('is refused, too, beyond the users that all lists may name', () => {
  const stage = new WhisperStage({ namedUsersMax: 3 });
  for (const token of [1, 2]) stage.enter(token);
  const absent = [roomId(8), roomId(9)];
  const listId = stage.registerUsers(1, absent);
  expect(stage.refusal(2, [], [], absent)).toBe(ErrorCode.LimitReached);
  stage.book.remove(1, listId);
  expect(stage.refusal(2, [], [], absent)).toBeNull();
});

describe('a session that ends while keys are sent', () => {
  test('takes its own lists with it', () => {
    const stage = new WhisperStage();
    for (const token of [1, 2]) stage.enter(token);
    stage.register(1, [2]);
    stage.register(1, [2]);
    stage.book.flush(([token]) => {
      if (token === 2 && stage.state.session(1) !== null) {
        stage.apply(stage.state.removeSession(1));
      }
    });
    expect(stage.published.size).toBe(0);
    expect(stage.flush()).toEqual([]);
  });

  test('is left out of the lists of others by the next flush, which has a new key', () => {
    const stage = new WhisperStage();
    for (const token of [1, 2, 3]) stage.enter(token);
    const listId = stage.register(1, [2, 3]);
    stage.book.flush(() => {
      if (stage.state.session(3) !== null) stage.apply(stage.state.removeSession(3));
    });
    stage.flush();
    expect(stage.given()).toEqual([[2, 1]]);
    expect(stage.published.get(listId)?.receivers).toEqual([2]);
  });
});

test('who finds no place is left out, and is in when it comes again', () => {
  const stage = new WhisperStage({ receiversPerSessionMax: 2 });
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
