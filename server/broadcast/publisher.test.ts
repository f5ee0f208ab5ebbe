import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { frameHeaderBytes } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage } from '@rookery/schemas/messageCodec';
import type { Message, Uuid } from '@rookery/schemas/messages';
import { defaultRoomVoice, rootRoomId } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { Publisher, type Listener } from './publisher.js';

const user = '00000000-0000-4000-8000-00000000000a';
const games = '00000000-0000-4000-8000-000000000001';

class NotingListener implements Listener {
  readonly frames: Uint8Array[] = [];

  sendShard(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  messages(): Message[] {
    return this.frames.map((frame) => {
      return decodeMessage(frame[0]!, frame.subarray(frameHeaderBytes)).message;
    });
  }

  types(): FrameType[] {
    return this.messages().map((message) => message.type);
  }
}

let state: CommunityState;
let publisher: Publisher;
let flushesScheduled: number;
let voiceCalls: string[];

beforeEach(() => {
  state = new CommunityState(controlLimits.state);
  flushesScheduled = 0;
  voiceCalls = [];
  publisher = new Publisher({
    state,
    voice: {
      moveSession: (token, roomId) => voiceCalls.push(`move ${token} ${String(roomId)}`),
      removeRoom: (roomId) => voiceCalls.push(`remove ${roomId}`),
      setRoomVoice: (roomId, { speakersMax }) => voiceCalls.push(`cap ${roomId} ${speakersMax}`),
      setWhisperList: (listId, owner, receivers) =>
        voiceCalls.push(`whisper ${listId} of ${owner} to ${receivers.join(' ')}`),
      removeWhisperList: (listId) => voiceCalls.push(`no whisper ${listId}`),
      setFlags: (token, flags) => voiceCalls.push(`flags ${token} ${String(flags.muted)}`),
    },
    limits: { ...controlLimits.broadcast, changesPerUpdateMax: 3 },
    whisperLimits: controlLimits.whispers,
    nowMs: () => 0,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    scheduleFlush: () => (flushesScheduled += 1),
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
  flushesScheduled = 0;
  return listeners;
}

describe('a publisher', () => {
  test('gathers the changes of a turn in one update, encoded once for all', () => {
    const [first, second] = settled(2);
    publish(state.createRoom(games, rootRoomId, 'Games'));
    publish(state.setSelfState(1, { muted: true, deafened: false }));
    expect(flushesScheduled).toBe(1);
    expect(first!.frames).toEqual([]);
    publisher.flush();
    expect(first!.types()).toEqual([FrameType.StateUpdate]);
    expect(first!.messages()[0]).toMatchObject({
      changes: [{ kind: 'roomPut' }, { kind: 'sessionPut' }],
    });
    expect(second!.frames[0]).toBe(first!.frames[0]);
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
    expect(first!.types()).toEqual([FrameType.StateUpdate]);
    expect(second.types()).toEqual([FrameType.RoomInit]);
    expect(third.frames[0]).toBe(second.frames[0]);
    expect(second.messages()[0]).toMatchObject({ sessions: { length: 3 } });
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
    expect(listeners.map((listener) => listener.types())).toEqual([
      [FrameType.StateUpdate],
      [FrameType.StateUpdate],
      [FrameType.RoomKey, FrameType.StateUpdate],
      [FrameType.RoomKey, FrameType.StateUpdate],
    ]);
    expect(listeners[2]!.messages()[0]).toMatchObject({ epoch: 1 });
  });

  test('gives no key to somebody who joined and left within the turn', () => {
    const [first] = settled(1);
    publish(state.joinRoom(1, rootRoomId));
    publish(state.leaveRoom(1));
    publisher.flush();
    expect(first!.types()).toEqual([FrameType.StateUpdate]);
  });

  test('gives the keys of whispers, encoded once for all, before the update', () => {
    const [owner, near, far] = settled(3);
    publish(state.createRoom(games, rootRoomId, 'Games'));
    publish(state.joinRoom(2, games));
    publisher.flush();
    for (const listener of [owner!, near!, far!]) listener.frames.length = 0;
    voiceCalls.length = 0;
    const shout = { sessionTokens: [], roomIds: [rootRoomId], withChildren: true };
    expect(publisher.registerWhisper(1, shout)).toBe(1);
    publish(state.joinRoom(3, games));
    publisher.flush();
    expect(voiceCalls).toEqual([`move 3 ${games}`, 'flags 3 false', 'whisper 1 of 1 to 2 3']);
    expect(owner!.types()).toEqual([FrameType.WhisperReady, FrameType.StateUpdate]);
    expect(near!.types()).toEqual([FrameType.WhisperKey, FrameType.StateUpdate]);
    expect(far!.types()).toEqual([FrameType.RoomKey, FrameType.WhisperKey, FrameType.StateUpdate]);
    expect(far!.frames[1]).toBe(near!.frames[0]);
  });

  test('takes the whispers of a session that is gone from the voice plane', () => {
    settled(2);
    const whisper = { sessionTokens: [2], roomIds: [], withChildren: false };
    expect(publisher.registerWhisper(1, whisper)).toBe(1);
    publisher.flush();
    voiceCalls.length = 0;
    expect(publisher.removeWhisper(2, 1)).toBe(false);
    publish(state.removeSession(1));
    expect(voiceCalls).toEqual(['no whisper 1']);
  });
});
