import { describe, expect, test } from 'vitest';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { defaultRoom, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import type { RoomEdit } from '@rookery/schemas/messages';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { StateLimits } from '../limits.js';
import { linkLimits } from '../linkLimits.js';
import { CommunityState } from './communityState.js';
import { ModelState, type ModelAnswer } from '../testing/modelState.js';
import type { Outcome } from './outcome.js';

const limits: StateLimits = { ...linkLimits, sessionsMax: 6, roomsMax: 9, roomDepthMax: 3 };
const user = '00000000-0000-4000-8000-00000000000a';

function roomId(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

function codeOf(outcome: Outcome): ErrorCode | null {
  return outcome.refused ? outcome.code : null;
}

function stateWith(...roomNames: string[]): CommunityState {
  const state = new CommunityState({
    ...linkLimits,
    sessionsMax: 100,
    roomsMax: 100,
    roomDepthMax: 3,
  });
  roomNames.forEach((name, index) => {
    expect(codeOf(state.createRoom(roomId(index + 1), rootRoomId, name))).toBeNull();
  });
  return state;
}

describe('rooms', () => {
  test('the root room is Lobby and can be neither renamed nor deleted', () => {
    const state = stateWith();
    expect(state.snapshot().rooms).toEqual([
      { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom },
    ]);
    expect(codeOf(state.renameRoom(rootRoomId, 'Hall'))).toBe(ErrorCode.RootRoom);
    expect(codeOf(state.deleteRoom(rootRoomId))).toBe(ErrorCode.RootRoom);
  });

  test('sibling names differ in more than case, width and composition', () => {
    const state = stateWith('Straße');
    for (const twin of ['straße', 'STRASSE', 'Straße']) {
      const outcome = state.createRoom(roomId(9), rootRoomId, twin);
      expect([twin, codeOf(outcome)]).toEqual([twin, ErrorCode.RoomExists]);
    }
    expect(codeOf(state.createRoom(roomId(9), roomId(1), 'Straße'))).toBeNull();
  });

  test('a room may change the case of its own name', () => {
    const state = stateWith('games');
    const outcome = state.renameRoom(roomId(1), 'Games');
    expect(outcome).toMatchObject({ refused: false, changes: [{ room: { name: 'Games' } }] });
    expect(codeOf(state.createRoom(roomId(2), rootRoomId, 'games'))).toBe(ErrorCode.RoomExists);
  });

  test('a renamed room frees its old name', () => {
    const state = stateWith('Chess');
    state.renameRoom(roomId(1), 'Go');
    expect(codeOf(state.createRoom(roomId(2), rootRoomId, 'chess'))).toBeNull();
  });

  test.each(['', '  ', 'a/b', 'a\u202eb', 'x'.repeat(300)])('refuses the name %j', (name) => {
    const state = stateWith('Chess');
    expect(codeOf(state.createRoom(roomId(2), rootRoomId, name))).toBe(ErrorCode.InvalidField);
    expect(codeOf(state.renameRoom(roomId(1), name))).toBe(ErrorCode.InvalidField);
  });

  test("saying the same about a room's voice again changes nothing", () => {
    const state = stateWith('Chess');
    const voice = { speakersMax: 4, bundleWindowMs: 0, bitrate: 96_000 };
    const room = { name: 'Chess', ...voice };
    expect(state.setRoomVoice(roomId(1), voice)).toMatchObject({ changes: [{ room }] });
    expect(state.setRoomVoice(roomId(1), voice)).toMatchObject({ changes: [] });
    expect(codeOf(state.setRoomVoice(roomId(2), voice))).toBe(ErrorCode.NoSuchRoom);
  });

  test('names are kept normalised', () => {
    const state = stateWith('  Cafe\u0301   Bar ');
    expect(state.room(roomId(1))?.name).toBe('Café Bar');
  });

  test('of before are taken over in any order, but for those below a room that is missing', () => {
    const room = (index: number, parentId: string | null) => ({
      ...{ roomId: roomId(index), parentId, name: `Room ${index}` },
      ...defaultRoom,
    });
    const root = { ...room(0, null), roomId: rootRoomId, name: 'Lobby', speakersMax: 5 };
    const lost = [room(8, roomId(7)), room(9, roomId(8))];
    const state = stateWith();
    const kept = [room(3, roomId(2)), room(2, roomId(1)), root, room(1, rootRoomId)];
    expect(state.loadRooms([...kept, ...lost])).toEqual(lost);
    expect(state.snapshot().rooms).toEqual([root, kept[3], kept[1], kept[0]]);
    expect(codeOf(state.createRoom(roomId(4), roomId(3), 'x'))).toBe(ErrorCode.LimitReached);
    expect(codeOf(state.createRoom(roomId(4), rootRoomId, 'ROOM 1'))).toBe(ErrorCode.RoomExists);
  });

  test('what is left out of an edit stays, and the same again changes nothing', () => {
    const state = stateWith('Chess');
    const edit = { ...unchangedRoom, description: ' Every evening ', frameMs: 40 };
    expect(state.editRoom(roomId(1), edit)).toMatchObject({
      changes: [
        { room: { name: 'Chess', ...defaultRoom, description: 'Every evening', frameMs: 40 } },
      ],
    });
    expect(state.editRoom(roomId(1), edit)).toMatchObject({ changes: [] });
    expect(state.editRoom(roomId(1), unchangedRoom)).toMatchObject({ changes: [] });
  });

  test('the root room is never temporary', () => {
    const edit = { ...unchangedRoom, isTemporary: true };
    expect(codeOf(stateWith().editRoom(rootRoomId, edit))).toBe(ErrorCode.RootRoom);
  });

  test('a packet holds every frame of a room, whichever way it is set', () => {
    const state = stateWith('Chess');
    const id = roomId(1);
    const loud = { speakersMax: 0, bundleWindowMs: 0, bitrate: 400_000 };
    expect(codeOf(state.setRoomVoice(id, loud))).toBeNull();
    const long = { ...unchangedRoom, frameMs: 60 };
    expect(state.editRoom(id, long)).toMatchObject({
      code: ErrorCode.InvalidField,
      message: expect.stringContaining('frames of 60 ms up to 147 kb/s') as string,
    });
    expect(codeOf(state.setRoomVoice(id, { ...loud, bitrate: 147_000 }))).toBeNull();
    expect(codeOf(state.editRoom(id, long))).toBeNull();
    expect(codeOf(state.setRoomVoice(id, loud))).toBe(ErrorCode.InvalidField);
  });

  test('a room that is moved takes those below it along, as deep as rooms may be', () => {
    const state = stateWith('Games', 'Attic');
    state.createRoom(roomId(3), roomId(1), 'Chess');
    const outcome = state.moveRoom(roomId(1), roomId(2));
    expect(outcome).toMatchObject({
      changes: [{ kind: 'roomPut', room: { roomId: roomId(1), parentId: roomId(2) } }],
      moves: [],
      movedRoom: { roomId: roomId(1), from: rootRoomId },
    });
    expect(state.roomsFrom(roomId(2))).toEqual([roomId(2), roomId(1), roomId(3)]);
    // Four steps from the root now, where three are allowed.
    expect(codeOf(state.createRoom(roomId(4), roomId(3), 'x'))).toBe(ErrorCode.LimitReached);
    state.createRoom(roomId(5), rootRoomId, 'Cellar');
    expect(codeOf(state.moveRoom(roomId(2), roomId(5)))).toBe(ErrorCode.LimitReached);
    expect(codeOf(state.moveRoom(roomId(1), roomId(5)))).toBeNull();
  });

  test('a room moves neither below itself nor beside one of its name', () => {
    const state = stateWith('Games', 'Attic');
    state.createRoom(roomId(3), roomId(1), 'attic');
    expect(codeOf(state.moveRoom(roomId(1), roomId(3)))).toBe(ErrorCode.InvalidField);
    expect(codeOf(state.moveRoom(roomId(1), roomId(1)))).toBe(ErrorCode.InvalidField);
    expect(codeOf(state.moveRoom(roomId(3), rootRoomId))).toBe(ErrorCode.RoomExists);
    expect(codeOf(state.moveRoom(rootRoomId, roomId(1)))).toBe(ErrorCode.RootRoom);
    expect(codeOf(state.moveRoom(roomId(1), roomId(9)))).toBe(ErrorCode.NoSuchRoom);
    expect(state.moveRoom(roomId(3), roomId(1))).toEqual({
      refused: false,
      changes: [],
      moves: [],
    });
  });

  test('a room that is full lets nobody in, and those who are in stay', () => {
    const state = stateWith('Chess');
    for (const token of [1, 2, 3]) state.addSession(token, user, `Player ${token}`);
    state.joinRoom(1, roomId(1));
    state.joinRoom(2, roomId(1));
    state.editRoom(roomId(1), { ...unchangedRoom, userLimit: 1 });
    expect(codeOf(state.joinRoom(3, roomId(1)))).toBe(ErrorCode.RoomFull);
    expect(codeOf(state.joinRoom(2, roomId(1)))).toBeNull();
    expect([...state.members(roomId(1))]).toEqual([1, 2]);
    state.leaveRoom(1);
    expect(codeOf(state.joinRoom(3, roomId(1)))).toBe(ErrorCode.RoomFull);
    state.leaveRoom(2);
    expect(codeOf(state.joinRoom(3, roomId(1)))).toBeNull();
  });

  test('members of a deleted room move to its parent before the room goes', () => {
    const state = stateWith('Chess');
    state.addSession(7, user, 'Ada');
    state.joinRoom(7, roomId(1));
    const outcome = state.deleteRoom(roomId(1));
    expect(outcome).toMatchObject({
      changes: [
        { kind: 'sessionPut', session: { sessionToken: 7, roomId: rootRoomId } },
        { kind: 'roomRemoved', roomId: roomId(1) },
      ],
      moves: [{ sessionToken: 7, from: roomId(1), to: rootRoomId }],
    });
    expect([...state.members(rootRoomId)]).toEqual([7]);
  });
});

describe('sessions', () => {
  test('are those of their user while they are there', () => {
    const state = stateWith();
    for (const token of [1, 2]) state.addSession(token, user, 'Ada');
    expect([...state.sessionsOf(user)]).toEqual([1, 2]);
    for (const token of [1, 2]) state.removeSession(token);
    expect([...state.sessionsOf(user)]).toEqual([]);
  });

  test('joining the room one is in changes nothing', () => {
    const state = stateWith();
    state.addSession(1, user, 'Ada');
    state.joinRoom(1, rootRoomId);
    expect(state.joinRoom(1, rootRoomId)).toEqual({ refused: false, changes: [], moves: [] });
  });

  test('saying the same about oneself again changes nothing', () => {
    const state = stateWith();
    state.addSession(1, user, 'Ada');
    const muted = { muted: true, deafened: false };
    expect(state.setSelfState(1, muted)).toMatchObject({ changes: [{ session: muted }] });
    expect(state.setSelfState(1, muted)).toMatchObject({ changes: [] });
  });
});

const names = ['Chess', 'chess', 'CHESS', 'Go', 'go ', 'Poker', 'a/b', '', 'Café', 'Cafe\u0301'];

function anyEdit(random: SeededRandom): RoomEdit {
  const orStays = <T>(value: T): T | null => (random.chance(0.5) ? value : null);
  return {
    description: orStays(random.chance(0.1) ? 'a\0b' : `${random.below(2)}`),
    position: orStays(random.below(2)),
    userLimit: orStays(random.below(3)),
    isTemporary: orStays(random.chance(0.3)),
    frameMs: orStays(random.chance(0.5) ? 20 : 60),
    isFecOn: orStays(random.chance(0.5)),
    keepDays: orStays(random.below(2)),
    keepMessages: orStays(random.below(2)),
    slowModeSeconds: orStays(random.below(2)),
    isLocked: orStays(random.below(2) === 0),
    isPrivate: orStays(random.chance(0.3)),
  };
}

/** One random operation, done to both; ids are drawn from few, so that collisions are common. */
function step(
  random: SeededRandom,
  state: CommunityState,
  model: ModelState,
): [Outcome, ModelAnswer] {
  const room = random.chance(0.15) ? rootRoomId : roomId(random.below(14));
  const token = random.below(8);
  const name = names[random.below(names.length)]!;
  const present = model.sessions.has(token);
  switch (random.below(13)) {
    case 0: {
      if (model.rooms.has(room)) break;
      const parent = random.chance(0.3) ? rootRoomId : roomId(random.below(14));
      return [state.createRoom(room, parent, name), model.createRoom(room, parent, name)];
    }
    case 1:
      return [state.renameRoom(room, name), model.renameRoom(room, name)];
    case 2:
      return [state.deleteRoom(room), model.deleteRoom(room)];
    case 3:
      if (!present)
        return [state.addSession(token, user, name), model.addSession(token, user, name)];
      return [state.leaveRoom(token), model.leaveRoom(token)];
    case 4:
      if (!present) {
        const voice = {
          speakersMax: random.below(2),
          bundleWindowMs: random.below(2),
          bitrate: random.chance(0.2) ? 440_000 : 6_000 + random.below(2),
        };
        return [state.setRoomVoice(room, voice), model.setRoomVoice(room, voice)];
      }
      return [state.removeSession(token), model.removeSession(token)];
    case 8: {
      const other = random.chance(0.15) ? rootRoomId : roomId(random.below(14));
      return random.chance(0.7)
        ? [state.linkRooms(room, other), model.linkRooms(room, other)]
        : [state.unlinkRooms(room, other), model.unlinkRooms(room, other)];
    }
    case 9: {
      if (!present) break;
      const roomIds = [room, roomId(random.below(14)), rootRoomId].slice(random.below(4));
      return [state.listen(token, roomIds), model.listen(token, roomIds)];
    }
    case 5: {
      if (!present) break;
      if (random.chance(0.3)) {
        const isLost = random.chance(0.5);
        const answer = model.setReconnecting(token, isLost);
        return [state.setReconnecting(token, isLost), answer];
      }
      if (random.chance(0.3)) {
        const change = {
          mutedByModerator: random.chance(0.5),
          suppressedByModerator: random.chance(0.5),
          ...(random.chance(0.5) && { isPrioritySpeaker: true }),
        };
        return [state.setModeration(token, change), model.setModeration(token, change)];
      }
      if (random.chance(0.3)) {
        const isRecording = random.chance(0.5);
        return [state.setRecording(token, isRecording), model.setRecording(token, isRecording)];
      }
      const self = { muted: random.chance(0.5), deafened: random.chance(0.5) };
      return [state.setSelfState(token, self), model.setSelfState(token, self)];
    }
    case 6: {
      const parent = random.chance(0.3) ? rootRoomId : roomId(random.below(14));
      return [state.moveRoom(room, parent), model.moveRoom(room, parent)];
    }
    case 7: {
      const edit = anyEdit(random);
      return [state.editRoom(room, edit), model.editRoom(room, edit)];
    }
    default:
      if (!present) break;
      return [state.joinRoom(token, room), model.joinRoom(token, room)];
  }
  return [{ refused: false, changes: [], moves: [] }, 'done'];
}

test('behaves as the naive model, and its changes rebuild its view', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = new SeededRandom(seed);
    const state = new CommunityState(limits);
    const model = new ModelState(limits);
    const replica = new Replica(state);
    for (let index = 0; index < 400; index++) {
      const where = `seed ${seed}, step ${index}`;
      const [outcome, answer] = step(random, state, model);
      expect(outcome.refused ? outcome.code : 'done', where).toBe(answer);
      replica.apply(outcome);
      expect(sorted(state.snapshot()), where).toEqual(sorted(model.snapshot()));
      expect(sorted(replica.snapshot()), where).toEqual(sorted(model.snapshot()));
      for (const id of [rootRoomId, ...model.rooms.keys()]) {
        expect([...state.members(id)].sort(), where).toEqual(model.members(id));
        expect(state.heardTogether(id).sort(), where).toEqual(model.heardTogether(id).sort());
        expect([...state.hearers(id)].sort(), where).toEqual(model.hearers(id));
      }
      expectParentsFirst(state, where);
    }
  }
});

type View = ReturnType<CommunityState['snapshot']>;

function sorted(view: View): View {
  return {
    rooms: [...view.rooms].sort((a, b) => a.roomId.localeCompare(b.roomId)),
    sessions: [...view.sessions].sort((a, b) => a.sessionToken - b.sessionToken),
  };
}

function expectParentsFirst(state: CommunityState, where: string): void {
  const seen = new Set<string | null>([null]);
  for (const room of state.snapshot().rooms) {
    expect(seen.has(room.parentId), where).toBe(true);
    seen.add(room.roomId);
  }
}

/** What a client makes of the changes it is told. */
class Replica {
  readonly #rooms: Map<string, View['rooms'][number]>;
  readonly #sessions: Map<number, View['sessions'][number]>;

  constructor(state: CommunityState) {
    const view = state.snapshot();
    this.#rooms = new Map(view.rooms.map((room) => [room.roomId, room]));
    this.#sessions = new Map(view.sessions.map((session) => [session.sessionToken, session]));
  }

  apply(outcome: Outcome): void {
    if (outcome.refused) return;
    for (const change of outcome.changes) {
      switch (change.kind) {
        case 'roomPut':
          this.#rooms.set(change.room.roomId, change.room);
          break;
        case 'roomRemoved':
          this.#rooms.delete(change.roomId);
          break;
        case 'sessionPut':
          this.#sessions.set(change.session.sessionToken, change.session);
          break;
        case 'sessionRemoved':
          this.#sessions.delete(change.sessionToken);
      }
    }
  }

  snapshot(): View {
    return { rooms: [...this.#rooms.values()], sessions: [...this.#sessions.values()] };
  }
}
