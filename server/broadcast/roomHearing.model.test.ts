import { expect, test } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { ModelState } from '../testing/modelState.js';
import { RoomHearing } from './roomHearing.js';

const limits = { ...controlLimits.state, roomsMax: 10, linkedRoomsMax: 5 };
const user = '00000000-0000-4000-8000-00000000000a';

/** Who hears whom beside the naive model, and every key that anybody was ever given. */
class Stage {
  readonly state = new CommunityState(limits);
  readonly model = new ModelState(limits);
  /** What the voice plane was told last. */
  readonly listening = new Map<number, readonly Uuid[]>();
  /** By room the key that was given last, and everybody who was ever given that one. */
  readonly keys = new Map<Uuid, { key: number; epoch: number; known: Set<number> }>();
  /** Rooms whose keys each was given with the last flush. */
  readonly given = new Map<number, Set<Uuid>>();
  #keyCount = 0;
  readonly hearing = new RoomHearing({
    state: this.state,
    voice: {
      linkRooms: () => undefined,
      setListening: (token, roomIds) => this.listening.set(token, roomIds),
    },
    overlapMs: 200,
    randomBytes: () => Uint8Array.of(++this.#keyCount & 0xff, this.#keyCount >> 8),
  });

  apply(outcome: Outcome): void {
    if (outcome.refused) return;
    for (const move of outcome.moves) this.hearing.noteMove(move);
    for (const change of outcome.changes) {
      if (change.kind === 'roomPut') this.hearing.noteRoom(change.room);
      if (change.kind === 'roomRemoved') this.hearing.noteRoomRemoved(change.roomId);
      if (change.kind === 'sessionPut') this.hearing.noteSession(change.session);
      if (change.kind === 'sessionRemoved') {
        this.hearing.noteSessionRemoved(change.sessionToken);
        // As the voice plane forgets a token.
        this.listening.delete(change.sessionToken);
      }
    }
  }

  flush(): void {
    this.given.clear();
    this.hearing.flush(0, (tokens, { roomId, epoch, key }) => {
      const number = key[0]! + (key[1]! << 8);
      const before = this.keys.get(roomId);
      const known = before?.key === number ? before.known : new Set<number>();
      for (const token of tokens) {
        known.add(token);
        this.given.set(token, (this.given.get(token) ?? new Set()).add(roomId));
      }
      this.keys.set(roomId, { key: number, epoch, known });
    });
  }

  step(random: SeededRandom): void {
    const { state, model } = this;
    const ids = [...model.rooms.keys()];
    const room = ids[random.below(ids.length)]!;
    const other = ids[random.below(ids.length)]!;
    const token = random.below(12);
    if (!model.sessions.has(token)) {
      model.addSession(token, user, 'x');
      this.apply(state.addSession(token, user, 'x'));
      return;
    }
    switch (random.below(13)) {
      case 0: {
        const id = `00000000-0000-4000-8000-${String(random.below(1e12)).padStart(12, '0')}`;
        model.createRoom(id, rootRoomId, `Room ${id}`);
        this.apply(state.createRoom(id, rootRoomId, `Room ${id}`));
        return;
      }
      case 1:
        model.deleteRoom(room);
        this.apply(state.deleteRoom(room));
        return;
      case 2:
        model.leaveRoom(token);
        this.apply(state.leaveRoom(token));
        return;
      case 3:
        model.removeSession(token);
        this.apply(state.removeSession(token));
        return;
      case 4:
      case 5:
        model.linkRooms(room, other);
        this.apply(state.linkRooms(room, other));
        return;
      case 6:
        model.unlinkRooms(room, other);
        this.apply(state.unlinkRooms(room, other));
        return;
      case 7: {
        const roomIds = [room, other].slice(random.below(3));
        model.listen(token, roomIds);
        this.apply(state.listen(token, roomIds));
        return;
      }
      case 8: {
        const edit = { ...unchangedRoom, isPrivate: random.chance(0.5) };
        model.editRoom(room, edit);
        this.apply(state.editRoom(room, edit));
        return;
      }
      default:
        model.joinRoom(token, room);
        this.apply(state.joinRoom(token, room));
    }
  }
}

test.each([1, 2, 3, 4])(
  'a key is known to all who hear its room and nobody else (seed %i)',
  (seed) => {
    const random = new SeededRandom(seed);
    const stage = new Stage();
    let linked = 0;
    let isPrivate = 0;
    for (let step = 0; step < 2_000; step++) {
      const where = `seed ${seed}, step ${step}`;
      stage.step(random);
      if (random.chance(0.6)) continue;
      stage.flush();
      for (const roomId of stage.model.rooms.keys()) {
        if (stage.model.members(roomId).length === 0) continue;
        if (stage.model.rooms.get(roomId)!.isPrivate) {
          const given = [...stage.given.values()].some((rooms) => rooms.has(roomId));
          expect(given, `${where}, private room ${roomId}`).toBe(false);
          isPrivate += 1;
          continue;
        }
        const known = [...(stage.keys.get(roomId)?.known ?? [])].sort();
        expect(known, `${where}, room ${roomId}`).toEqual(stage.model.hearers(roomId));
        if (stage.model.rooms.get(roomId)!.linkedRoomIds.length > 0) linked += 1;
      }
      for (const [token, { listeningTo }] of stage.model.sessions) {
        expect(stage.listening.get(token) ?? [], where).toEqual(listeningTo);
      }
    }
    // Else most of what is tested here was not.
    expect(linked).toBeGreaterThan(500);
    expect(isPrivate).toBeGreaterThan(100);
  },
);

test('who is told on another connection is given the key of every room with somebody in', () => {
  const random = new SeededRandom(5);
  const stage = new Stage();
  let several = 0;
  for (let step = 0; step < 1_000; step++) {
    stage.step(random);
    if (step % 20 !== 0) continue;
    stage.flush();
    const [token] = stage.model.sessions.keys();
    stage.hearing.noteReturned(token!);
    stage.flush();
    const heard = [...stage.model.heardBy(token!)];
    const expected = heard.filter((roomId) => {
      return stage.model.members(roomId).length > 0 && !stage.model.rooms.get(roomId)!.isPrivate;
    });
    expect([...(stage.given.get(token!) ?? [])].sort(), `step ${step}`).toEqual(expected.sort());
    expect(
      [...stage.given.keys()].every((other) => other === token),
      `step ${step}`,
    ).toBe(true);
    if (expected.length > 1) several += 1;
  }
  expect(several).toBeGreaterThan(5);
});
