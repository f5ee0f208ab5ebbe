import { openAccess } from '../testing/openAccess.js';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage } from '@rookery/schemas/messageCodec';
import type { Message, Uuid } from '@rookery/schemas/messages';
import { defaultRoomVoice, framePayloadBytesMax, rootRoomId } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { RoomRoute } from '../session/roomStreams.js';
import type { Outcome } from '../state/outcome.js';
import { Publisher, type Listener } from './publisher.js';

const user = '00000000-0000-4000-8000-00000000000a';
const games = '00000000-0000-4000-8000-000000000001';

class NotingListener implements Listener {
  readonly frames: Uint8Array[] = [];

  sendView(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  sendRoom(_route: RoomRoute, frame: Uint8Array): void {
    this.frames.push(frame);
  }

  messages(): Message[] {
    const reader = new FrameReader(framePayloadBytesMax.fromServer);
    const messages: Message[] = [];
    for (const frame of this.frames) {
      reader.push(frame);
      for (let next = reader.next(); next !== null; next = reader.next()) {
        messages.push(decodeMessage(next.type, next.payload).message);
      }
    }
    return messages;
  }

  types(): FrameType[] {
    return this.messages().map((message) => message.type);
  }
}

let state: CommunityState;
let publisher: Publisher;
let delaysMs: number[];
let voiceCalls: string[];
const now = { ms: 0 };

beforeEach(() => {
  state = new CommunityState(controlLimits.state);
  delaysMs = [];
  now.ms = 0;
  voiceCalls = [];
  publisher = new Publisher({
    access: openAccess,
    state,
    voice: {
      moveSession: (token, roomId) => voiceCalls.push(`move ${token} ${String(roomId)}`),
      linkRooms: (roomIds) => voiceCalls.push(`link ${roomIds.join(' ')}`),
      setListening: (token, roomIds) => voiceCalls.push(`listen ${token} ${roomIds.join(' ')}`),
      removeRoom: (roomId) => voiceCalls.push(`remove ${roomId}`),
      setRoomVoice: (roomId, { speakersMax }) => voiceCalls.push(`cap ${roomId} ${speakersMax}`),
      setWhisperList: (listId, owner, receivers) =>
        voiceCalls.push(`whisper ${listId} of ${owner} to ${receivers.join(' ')}`),
      removeWhisperList: (listId) => voiceCalls.push(`no whisper ${listId}`),
      setFlags: (token, flags) => voiceCalls.push(`flags ${token} ${String(flags.muted)}`),
    },
    limits: { ...controlLimits.broadcast, changesPerUpdateMax: 3 },
    whisperLimits: controlLimits.whispers,
    streamLimits: controlLimits.streams,
    nowMs: () => now.ms,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    scheduleFlush: (delayMs) => delaysMs.push(delayMs),
  });
});

function publish(outcome: Outcome): void {
  if (outcome.refused) throw new Error(outcome.message);
  publisher.publish(outcome);
}

function enter(token: number): NotingListener {
  const listener = new NotingListener();
  publish(state.addSession(token, user, `Session ${token}`));
  publisher.addListener(token, listener);
  return listener;
}

/** Sessions in a view that is settled. */
function settled(count: number): NotingListener[] {
  const listeners = Array.from({ length: count }, (_, index) => enter(index + 1));
  publisher.flush();
  for (const listener of listeners) listener.frames.length = 0;
  delaysMs.length = 0;
  return listeners;
}

describe('a publisher', () => {
  test('gathers the changes of a turn in one update, encoded once for all', () => {
    const [first, second] = settled(2);
    publish(state.createRoom(games, rootRoomId, 'Games'));
    publish(state.setSelfState(1, { muted: true, deafened: false }));
    expect(delaysMs).toHaveLength(1);
    expect(first!.frames).toEqual([]);
    publisher.flush();
    const { StateUpdate, MembersUpdate, OwnSession } = FrameType;
    expect(first!.types()).toEqual([StateUpdate, MembersUpdate, OwnSession]);
    expect(first!.messages()).toMatchObject([
      { changes: [{ kind: 'roomPut' }] },
      { roomId: null, changes: [{ kind: 'sessionPut' }] },
      { session: { muted: true } },
    ]);
    expect(second!.frames).toEqual(first!.frames.slice(0, 2));
    expect(second!.frames[1]).toBe(first!.frames[1]);
  });

  test('waits after a flush that told many, and so gathers what comes meanwhile', () => {
    const listeners = settled(40);
    now.ms = 1_000;
    publish(state.createRoom(games, rootRoomId, 'Games'));
    expect(delaysMs).toEqual([0]);
    publisher.flush();
    publish(state.renameRoom(games, 'Chess'));
    publish(state.renameRoom(games, 'Go'));
    expect(delaysMs).toEqual([0, listeners.length * controlLimits.broadcast.flushWaitMsPerFrame]);
    publisher.flush();
    expect(listeners[0]!.messages().at(-1)).toMatchObject({ changes: [{ room: { name: 'Go' } }] });
    now.ms = 2_000;
    publish(state.renameRoom(games, 'Chess'));
    expect(delaysMs.at(-1)).toBe(0);
  });

  test('never waits longer than it may', () => {
    const listeners = settled(2);
    now.ms = 1_000;
    for (let index = 0; index < 3_500; index++) {
      const roomId: Uuid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
      publish(state.createRoom(roomId, rootRoomId, `Room ${index}`));
    }
    publisher.flush();
    expect(listeners[0]!.frames.length).toBeGreaterThan(1_000);
    delaysMs.length = 0;
    publish(state.renameRoom('00000000-0000-4000-8000-000000000003', 'Go'));
    expect(delaysMs).toEqual([controlLimits.broadcast.flushWaitMsMax]);
  });

  test('tells the counts of rooms some time after the first change, once for all of them', () => {
    const [first] = settled(4);
    for (const token of [1, 2]) {
      publish(state.joinRoom(token, rootRoomId));
      publisher.flush();
    }
    const dueMs = 4 * controlLimits.broadcast.countsWaitMsPerSession;
    expect(delaysMs.filter((delayMs) => delayMs === dueMs)).toHaveLength(1);
    expect(first!.types()).not.toContain(FrameType.StateUpdate);
    now.ms = dueMs;
    publisher.flush();
    expect(first!.messages().at(-1)).toMatchObject({
      changes: [{ kind: 'roomCount', roomId: rootRoomId, memberCount: 2 }],
    });
  });

  test('divides more changes than an update may hold', () => {
    const [first] = settled(1);
    for (let index = 0; index < 7; index++) {
      const roomId: Uuid = `00000000-0000-4000-8000-00000000010${index}`;
      publish(state.createRoom(roomId, rootRoomId, `Room ${index}`));
    }
    publisher.flush();
    const counts = first!.messages().map((message) => {
      return message.type === FrameType.StateUpdate ? message.changes.length : 0;
    });
    expect(counts).toEqual([3, 3, 1]);
  });

  test('gives newcomers of one turn one view, and the others only what changed', () => {
    const [first] = settled(1);
    const second = enter(2);
    const third = enter(3);
    publisher.flush();
    expect(first!.types()).toEqual([FrameType.MembersUpdate]);
    const { RoomInit, Presence, RoomMembers, OwnSession } = FrameType;
    expect(second.types()).toEqual([RoomInit, Presence, RoomMembers, OwnSession]);
    expect(third.frames.slice(0, 2)).toEqual(second.frames.slice(0, 2));
    expect(third.frames[1]).toBe(second.frames[1]);
    expect(second.messages()[2]).toMatchObject({ roomId: null, members: { length: 3 } });
  });

  test('tells the voice plane at once', () => {
    settled(1);
    publish(state.createRoom(games, rootRoomId, 'Games'));
    voiceCalls.length = 0;
    publish(state.setRoomVoice(games, { ...defaultRoomVoice, speakersMax: 4 }));
    publish(state.joinRoom(1, games));
    publish(state.setSelfState(1, { muted: true, deafened: false }));
    publish(state.deleteRoom(games));
    expect(voiceCalls).toEqual([
      `cap ${games} 4`,
      `move 1 ${games}`,
      'flags 1 false',
      'flags 1 true',
      `move 1 ${rootRoomId}`,
      'flags 1 true',
      `remove ${games}`,
    ]);
  });

  test('rotates a key once, however many left in the turn, and gives it to no leaver', () => {
    const listeners = settled(4);
    for (let token = 1; token <= 4; token++) publish(state.joinRoom(token, rootRoomId));
    publisher.flush();
    for (const listener of listeners) listener.frames.length = 0;
    publish(state.leaveRoom(1));
    publish(state.leaveRoom(2));
    publisher.flush();
    const { RoomKey, MembersUpdate, OwnSession } = FrameType;
    expect(listeners.map((listener) => listener.types())).toEqual([
      [MembersUpdate, MembersUpdate, OwnSession],
      [MembersUpdate, MembersUpdate, OwnSession],
      [RoomKey, MembersUpdate, MembersUpdate],
      [RoomKey, MembersUpdate, MembersUpdate],
    ]);
    expect(listeners[2]!.messages()[0]).toMatchObject({ epoch: 1 });
  });

  test('gives no key to somebody who joined and left within the turn', () => {
    const [first] = settled(1);
    publish(state.joinRoom(1, rootRoomId));
    publish(state.leaveRoom(1));
    publisher.flush();
    expect(first!.types()).toEqual([FrameType.MembersUpdate, FrameType.OwnSession]);
  });

  test('gives the keys of whispers, encoded once for all, before the update', () => {
    const [owner, near, far] = settled(3);
    publish(state.createRoom(games, rootRoomId, 'Games'));
    publish(state.joinRoom(2, games));
    publisher.flush();
    for (const listener of [owner!, near!, far!]) listener.frames.length = 0;
    voiceCalls.length = 0;
    const shout = { sessionTokens: [], roomIds: [rootRoomId], withChildren: true, userIds: [] };
    expect(publisher.registerWhisper(1, shout)).toBe(1);
    publish(state.joinRoom(3, games));
    publisher.flush();
    expect(voiceCalls).toEqual([`move 3 ${games}`, 'flags 3 false', 'whisper 1 of 1 to 2 3']);
    const { RoomKey, WhisperReady, WhisperKey, MembersUpdate, OwnSession } = FrameType;
    expect(owner!.types()).toEqual([WhisperReady, MembersUpdate, MembersUpdate]);
    expect(near!.types()).toEqual([WhisperKey, MembersUpdate, MembersUpdate]);
    const farTypes = [RoomKey, WhisperKey, MembersUpdate, MembersUpdate, OwnSession];
    expect(far!.types()).toEqual(farTypes);
    expect(far!.frames[1]).toBe(near!.frames[0]);
  });

  test('takes the whispers of a session that is gone from the voice plane', () => {
    settled(2);
    const whisper = { sessionTokens: [2], roomIds: [], withChildren: false, userIds: [] };
    expect(publisher.registerWhisper(1, whisper)).toBe(1);
    publisher.flush();
    voiceCalls.length = 0;
    expect(publisher.removeWhisper(2, 1)).toBe(false);
    publish(state.removeSession(1));
    expect(voiceCalls).toEqual(['no whisper 1']);
  });
});
