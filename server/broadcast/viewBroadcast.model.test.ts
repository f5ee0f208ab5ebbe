import { openAccess } from '../testing/openAccess.js';
import { expect, test } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { defaultRoomVoice, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits, type StateLimits } from '../limits.js';
import { linkLimits } from '../linkLimits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { ModelState, type ModelAnswer } from '../testing/modelState.js';
import {
  damageIncrement,
  expectedView,
  naiveHash,
  numberOf,
  shownView,
  Viewer,
} from '../testing/viewerStage.js';
import { Publisher } from './publisher.js';

const viewerCount = 50;
const stateLimits: StateLimits = {
  ...linkLimits,
  linkedRoomsMax: 5,
  sessionsMax: viewerCount,
  roomsMax: 24,
  roomDepthMax: 4,
};
const user = '00000000-0000-4000-8000-00000000000a';
/** Between these, everybody is shown or not, depending on what was before. */
const membersForAllMax = 25;

/** A server's view, up to fifty viewers that sometimes mishear, and the naive model of it all. */
class Stage {
  readonly state = new CommunityState(stateLimits);
  readonly model = new ModelState(stateLimits);
  readonly viewers = new Map<number, Viewer>();
  readonly publisher: Publisher;
  /** So many viewers come, or more than that leave. */
  wantedCount = viewerCount;
  resyncs = 0;
  #nowMs = 0;
  #roomsMade = 0;
  #unanswered = 0;

  constructor(
    readonly random: SeededRandom,
    readonly damageShare: number,
  ) {
    const nothing = (): void => undefined;
    const limits = { ...controlLimits.broadcast, membersForAllMax, changesPerUpdateMax: 5 };
    this.publisher = new Publisher({
      access: openAccess,
      state: this.state,
      voice: {
        moveSession: nothing,
        removeRoom: nothing,
        linkRooms: nothing,
        setListening: nothing,
        setRoomVoice: nothing,
        setFlags: nothing,
        setWhisperList: nothing,
        removeWhisperList: nothing,
      },
      limits,
      whisperLimits: controlLimits.whispers,
      streamLimits: controlLimits.streams,
      nowMs: () => this.#nowMs,
      randomBytes: (length) => new Uint8Array(length),
      scheduleFlush: nothing,
    });
  }

  /** One random command of somebody; both sides answer alike. */
  step(where: string): void {
    const { random } = this;
    const token = random.below(viewerCount);
    if (random.chance(0.3)) this.publisher.flush();
    if (random.chance(0.1)) this.#nowMs += random.below(100);
    const isThere = this.viewers.has(token);
    if (!isThere && this.viewers.size < this.wantedCount) this.#enter(token, where);
    if (!isThere) return;
    const isLeaving = this.viewers.size > this.wantedCount;
    const [outcome, answer] = isLeaving ? this.#exit(token) : this.#command(token);
    expect(outcome.refused ? outcome.code : 'done', where).toBe(answer);
    if (!outcome.refused) this.publisher.publish(outcome);
  }

  /** Until everybody was told of everything, and nobody asks for anything again. */
  settle(where: string): void {
    this.#nowMs += controlLimits.broadcast.countsWaitMsMax;
    let rounds = 0;
    do {
      expect(rounds++, `${where}, and no end of asking again`).toBeLessThan(20);
      this.#unanswered = 0;
      this.publisher.flush();
      // The first flush finds counts that are stale, the second one tells them.
      this.#nowMs += controlLimits.broadcast.countsWaitMsMax;
      this.publisher.flush();
    } while (this.#unanswered > 0);
  }

  expectSettled(where: string): void {
    const { model } = this;
    for (const [token, viewer] of this.viewers) {
      const { view } = viewer;
      const { roomId } = model.sessions.get(token)!;
      const rooms = [roomId, ...viewer.subscribed, ...model.heardBy(token)];
      const scope = view.showsEverybody
        ? 'all'
        : new Set(rooms.filter((id): id is Uuid => id !== null && model.rooms.has(id)));
      const expected = expectedView(model, token, scope);
      expect(shownView(view, scope), `${where}, viewer ${token}`).toEqual(expected);
      expect(view.counters.unverifiable, where).toBe(0);
    }
    const all = naiveHash(model, [null, ...model.rooms.keys()]);
    expect(numberOf(this.publisher.viewHash), where).toBe(all);
  }

  #enter(token: number, where: string): void {
    const { random, state, model, publisher } = this;
    const damage: Viewer['damage'] = (message) =>
      random.chance(this.damageShare) ? damageIncrement(random, message) : message;
    const viewer = new Viewer(damage, (asked) => {
      this.resyncs += 1;
      this.#unanswered += 1;
      publisher.resync(token, asked);
    });
    const outcome = state.addSession(token, user, `Viewer ${token}`);
    expect(outcome.refused ? outcome.code : 'done', where).toBe(
      model.addSession(token, user, `Viewer ${token}`),
    );
    if (outcome.refused) return;
    this.viewers.set(token, viewer);
    publisher.publish(outcome);
    publisher.addListener(token, viewer);
  }

  #command(token: number): [Outcome, ModelAnswer] {
    const { random, state, model } = this;
    const room = this.#anyRoom();
    const name = `Room ${random.below(30)}`;
    switch (random.below(15)) {
      case 0: {
        this.#roomsMade += 1;
        const id = `00000000-0000-4000-8000-${String(this.#roomsMade).padStart(12, '0')}`;
        return [state.createRoom(id, room, name), model.createRoom(id, room, name)];
      }
      case 1:
        return [state.renameRoom(room, name), model.renameRoom(room, name)];
      case 2:
        return [state.deleteRoom(room), model.deleteRoom(room)];
      case 3: {
        const voice = { ...defaultRoomVoice, speakersMax: random.below(3) };
        return [state.setRoomVoice(room, voice), model.setRoomVoice(room, voice)];
      }
      case 4:
        return [state.leaveRoom(token), model.leaveRoom(token)];
      case 5: {
        if (random.chance(0.3)) {
          const isLost = random.chance(0.5);
          const answer = model.setReconnecting(token, isLost);
          return [state.setReconnecting(token, isLost), answer];
        }
        if (random.chance(0.3)) {
          const isRecording = random.chance(0.5);
          return [state.setRecording(token, isRecording), model.setRecording(token, isRecording)];
        }
        const self = { muted: random.chance(0.5), deafened: random.chance(0.5) };
        return [state.setSelfState(token, self), model.setSelfState(token, self)];
      }
      case 6: {
        const viewer = this.viewers.get(token)!;
        viewer.subscribed = [this.#anyRoom(), this.#anyRoom()].slice(random.below(3));
        this.publisher.subscribe(token, viewer.subscribed);
        return [{ refused: false, changes: [], moves: [] }, 'done'];
      }
      case 7:
        return this.#exit(token);
      case 8: {
        const parent = this.#anyRoom();
        return [state.moveRoom(room, parent), model.moveRoom(room, parent)];
      }
      case 9: {
        const edit = {
          ...unchangedRoom,
          userLimit: random.chance(0.5) ? random.below(9) : null,
          isTemporary: random.chance(0.5) ? random.chance(0.5) : null,
        };
        return [state.editRoom(room, edit), model.editRoom(room, edit)];
      }
      case 10: {
        const other = this.#anyRoom();
        return random.chance(0.6)
          ? [state.linkRooms(room, other), model.linkRooms(room, other)]
          : [state.unlinkRooms(room, other), model.unlinkRooms(room, other)];
      }
      case 11: {
        const roomIds = [this.#anyRoom(), this.#anyRoom()].slice(random.below(3));
        return [state.listen(token, roomIds), model.listen(token, roomIds)];
      }
      default:
        return [state.joinRoom(token, room), model.joinRoom(token, room)];
    }
  }

  #exit(token: number): [Outcome, ModelAnswer] {
    this.viewers.delete(token);
    this.publisher.removeListener(token);
    return [this.state.removeSession(token), this.model.removeSession(token)];
  }

  #anyRoom(): Uuid {
    const ids = [...this.model.rooms.keys()];
    return this.random.chance(0.2) ? rootRoomId : ids[this.random.below(ids.length)]!;
  }
}

test('every view is the model at every settled point, whatever happened', () => {
  let turns = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const stage = new Stage(new SeededRandom(seed), 0);
    let wasEverybody = true;
    for (let index = 1; index <= 1_000; index++) {
      const where = `seed ${seed}, step ${index}`;
      // Up and down across the limit at which not everybody is shown any more.
      stage.wantedCount = index % 500 < 250 ? viewerCount : 5;
      stage.step(where);
      if (index % 50 !== 0) continue;
      stage.settle(where);
      stage.expectSettled(where);
      const [viewer] = stage.viewers.values();
      if (viewer !== undefined && viewer.view.showsEverybody !== wasEverybody) turns += 1;
      wasEverybody = viewer?.view.showsEverybody ?? wasEverybody;
    }
    expect(stage.resyncs, `seed ${seed}`).toBe(0);
  }
  // Else the half of what is tested here was not.
  expect(turns).toBeGreaterThan(10);
});

test('increments that came to harm on their way are noticed, and repaired', () => {
  for (let seed = 101; seed <= 105; seed++) {
    const stage = new Stage(new SeededRandom(seed), 0.02);
    for (let index = 1; index <= 1_000; index++) {
      const where = `seed ${seed}, step ${index}`;
      // Up and down across the limit at which not everybody is shown any more.
      stage.wantedCount = index % 500 < 250 ? viewerCount : 5;
      stage.step(where);
      if (index % 100 !== 0) continue;
      stage.settle(where);
      stage.expectSettled(where);
    }
    const { tree, members } = stage.publisher.resyncCounts;
    expect(tree + members, `seed ${seed}`).toBe(stage.resyncs);
    expect(tree, `seed ${seed}`).toBeGreaterThan(0);
    expect(members, `seed ${seed}`).toBeGreaterThan(0);
  }
});
