import { openAccess } from '../testing/openAccess.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultRoom, rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { pino } from 'pino';
import { Publisher } from '../broadcast/publisher.js';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { openStore, type Store } from '../store/store.js';
import { RoomChanges } from './roomChanges.js';
import { TemporaryRooms } from './temporaryRooms.js';

const temporaryEmptyMs = 10_000;
const user = '00000000-0000-4000-8000-00000000000a';
const party = '00000000-0000-4000-8000-000000000001';
const corner = '00000000-0000-4000-8000-000000000002';

let directory: string;
let stage: Stage;

/** State and store of a server, and a clock that is moved by hand. */
class Stage {
  readonly state = new CommunityState(controlLimits.state);
  readonly roomChanges = new RoomChanges();
  readonly rooms: TemporaryRooms;
  readonly publisher: Publisher;
  nowMs = 0;

  constructor(readonly store: Store) {
    const { state, roomChanges } = this;
    const nothing = (): void => undefined;
    const nowMs = (): number => this.nowMs;
    state.loadRooms(store.rooms.list());
    this.publisher = new Publisher({
      access: openAccess,
      state,
      voice: {
        ...{ moveSession: nothing, removeRoom: nothing, setFlags: nothing, setRoomVoice: nothing },
        ...{ setWhisperList: nothing, removeWhisperList: nothing },
        ...{ linkRooms: nothing, setListening: nothing },
      },
      limits: controlLimits.broadcast,
      whisperLimits: controlLimits.whispers,
      streamLimits: controlLimits.streams,
      nowMs,
      randomBytes: (length) => new Uint8Array(length),
      scheduleFlush: nothing,
      onPublish: (outcome) => this.rooms.note(outcome),
    });
    const { publisher } = this;
    const limits = { temporaryEmptyMs };
    this.rooms = new TemporaryRooms({ state, store, publisher, roomChanges, limits, nowMs });
  }

  static async open(): Promise<Stage> {
    const log = pino({ level: 'silent' });
    const limits = controlLimits.store;
    return new Stage(await openStore({ dataDirectory: directory, limits, log }));
  }

  apply(outcome: Outcome): void {
    if (outcome.refused) throw new Error(outcome.message);
    this.publisher.publish(outcome);
  }

  /** Makes a temporary room, in the state and in the store. */
  async make(roomId: string, parentId: string): Promise<void> {
    this.apply(this.state.createRoom(roomId, parentId, 'Party'));
    this.apply(this.state.editRoom(roomId, { ...unchangedRoom, isTemporary: true }));
    await this.store.rooms.put(this.state.room(roomId)!, 1);
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.rooms.sweep();
  }
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-temporary-'));
  stage = await Stage.open();
  await stage.make(party, rootRoomId);
  stage.apply(stage.state.addSession(1, user, 'Ada'));
});

afterEach(async () => {
  await stage.store.close();
  rmSync(directory, { recursive: true });
});

test('a temporary room is gone, durably, when nobody came for a while', async () => {
  await stage.pass(temporaryEmptyMs - 1);
  expect(stage.state.room(party)).toMatchObject({ isTemporary: true });
  await stage.pass(1);
  expect(stage.state.room(party)).toBeNull();
  expect(stage.store.rooms.find(party)).toBeNull();
});

test('it stays while somebody is in it, and for a while after the last has left', async () => {
  stage.apply(stage.state.joinRoom(1, party));
  await stage.pass(10 * temporaryEmptyMs);
  stage.apply(stage.state.leaveRoom(1));
  await stage.pass(temporaryEmptyMs - 1);
  // A look at it is enough to begin anew.
  stage.apply(stage.state.joinRoom(1, party));
  stage.apply(stage.state.removeSession(1));
  await stage.pass(temporaryEmptyMs - 1);
  expect(stage.state.room(party)).not.toBeNull();
  await stage.pass(1);
  expect(stage.state.room(party)).toBeNull();
});

test('it stays for as long as rooms below it, which go first', async () => {
  await stage.make(corner, party);
  stage.apply(stage.state.joinRoom(1, corner));
  await stage.pass(2 * temporaryEmptyMs);
  expect(stage.state.roomCount).toBe(3);
  stage.apply(stage.state.leaveRoom(1));
  await stage.pass(temporaryEmptyMs);
  expect(stage.state.room(corner)).toBeNull();
  await stage.pass(0);
  expect(stage.state.room(party)).toBeNull();
});

test('one that is to stay after all stays', async () => {
  stage.apply(stage.state.editRoom(party, { ...unchangedRoom, isTemporary: false }));
  await stage.pass(10 * temporaryEmptyMs);
  expect(stage.state.room(party)).toMatchObject({ ...defaultRoom, name: 'Party' });
});

test('whoever comes while other changes have their turn keeps it', async () => {
  let end = (): void => undefined;
  const other = new Promise<void>((resolve) => {
    end = resolve;
  });
  const changed = stage.roomChanges.inTurn(() => other);
  const swept = stage.pass(temporaryEmptyMs);
  stage.apply(stage.state.joinRoom(1, party));
  end();
  await Promise.all([changed, swept]);
  expect(stage.state.members(party).size).toBe(1);
});

test('after a restart there is time to come back', async () => {
  await stage.store.close();
  stage = await Stage.open();
  await stage.pass(temporaryEmptyMs - 1);
  expect(stage.state.room(party)).not.toBeNull();
  await stage.pass(1);
  expect(stage.store.rooms.find(party)).toBeNull();
});
