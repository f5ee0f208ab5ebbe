import { expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { WhisperReady } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { ModelWhispers } from '../testing/modelWhispers.js';
import { chess, games, music, roomId, userOf, WhisperStage } from '../testing/whisperStage.js';

test('lists and keys are what a naive model says, whatever happens', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = new SeededRandom(seed);
    const stage = new WhisperStage();
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

function step(random: SeededRandom, stage: WhisperStage, model: ModelWhispers): void {
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
      else stage.apply(state.moveRoom(room, [rootRoomId, games, music][random.below(3)]!));
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
      const userIds = Array.from({ length: random.below(3) }, () => userOf(1 + random.below(8)));
      const listId = book.register(token, { sessionTokens, roomIds, withChildren, userIds });
      if (typeof listId !== 'number') return;
      const tokens = new Set(sessionTokens.filter((other) => state.session(other) !== null));
      model.lists.set(listId, {
        owner: token,
        tokens,
        users: new Set(userIds),
        rooms: new Set(roomIds),
        withChildren,
      });
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
