import { FrameType } from '@rookery/schemas/frameType';
import { forEachFuzzCase, fuzzTimeoutMs } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import { VoiceKind, whisperHeaderBytes } from '@rookery/schemas/voicePacket';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RoomKeys } from './roomKeys.js';
import { allRoomsOpen, noPrivateRooms } from './testing/noPrivateRooms.js';
import {
  bundleOf,
  otherToken,
  sealedFrame,
  sealedWhisper,
  testRoomKey,
  testWhisperKey,
} from './testing/voicePackets.js';
import { newVoiceCounters, type VoiceCounters } from './voiceCounters.js';
import {
  VoiceReceiver,
  type Audience,
  type OpeningKeys,
  type PrivateKeys,
} from './voiceReceiver.js';
import { WhisperKeys } from './whisperKeys.js';

interface Heard {
  readonly token: number;
  readonly counter: number;
  readonly timestamp: number;
  readonly payload: readonly number[];
  readonly audience: Audience;
}

/** Where the view shows the sender. */
let shownIn: string | null;
const roomOf = (): string | null => shownIn;
let keys: OpeningKeys;
/** Of the other, where it is in the same private room; null before it has come. */
let privateKey: Uint8Array | null | undefined;
const privateRooms: PrivateKeys = {
  ...noPrivateRooms,
  isFellow: () => privateKey !== undefined,
  openingKey: () => privateKey ?? null,
};
let counters: VoiceCounters;
let heard: Heard[];
let receiver: VoiceReceiver;
beforeEach(() => {
  shownIn = null;
  privateKey = undefined;
  const room = new RoomKeys(roomOf, allRoomsOpen);
  keys = { room, whisper: new WhisperKeys(), private: privateRooms };
  keys.room.enterRoom('room');
  counters = newVoiceCounters();
  heard = [];
  receiver = new VoiceReceiver(keys, counters, (token, counter, timestamp, _, payload, audience) =>
    heard.push({ token, counter, timestamp, payload: [...payload], audience }),
  );
});
afterEach(() => {
  receiver.close();
});

function addRoomKey(epoch: number): void {
  keys.room.addKey(
    { type: FrameType.RoomKey, roomId: 'room', epoch, key: testRoomKey, useAfterMs: 0 },
    performance.now(),
  );
}

function addWhisperKey(epoch: number): void {
  const type = FrameType.WhisperKey;
  keys.whisper.addKey({ type, senderToken: otherToken, epoch, key: testWhisperKey });
}

const countersHeard = (): number[] => heard.map(({ counter }) => counter);

describe('a frame of the room', () => {
  it('is handed on when it opens with the key of its epoch', () => {
    addRoomKey(2);
    receiver.receive(sealedFrame([1, 2, 3], 2, 1));
    expect(heard).toEqual([
      { token: otherToken, counter: 1, timestamp: 960, payload: [1, 2, 3], audience: 'room' },
    ]);
    expect(counters).toMatchObject({ framesReceived: 1, whispersReceived: 0 });
  });

  it('waits for a key that is still under way, in its order', () => {
    for (const counter of [1, 2, 3]) receiver.receive(sealedFrame([counter], 6, counter));
    expect(heard).toEqual([]);
    addRoomKey(6);
    receiver.onKeysChanged();
    expect(countersHeard()).toEqual([1, 2, 3]);
  });

  it('is opened in the room that one is about to be in', () => {
    keys.room.enterRoom('elsewhere');
    addRoomKey(0);
    receiver.receive(sealedFrame([1], 0, 1));
    expect(heard).toHaveLength(1);
  });

  it('of a private room opens with the key of its sender, with none of the server', async () => {
    addRoomKey(2);
    privateKey = new Uint8Array(32).fill(1);
    receiver.receive(sealedFrame([1], 2, 1));
    privateKey = null;
    receiver.onKeysChanged();
    expect(heard).toEqual([]);
    await vi.waitFor(() => expect(counters.droppedUnknownEpoch).toBe(1), { timeout: 5_000 });
    receiver.receive(sealedFrame([2], 2, 2));
    privateKey = testRoomKey;
    receiver.onKeysChanged();
    expect(countersHeard()).toEqual([2]);
  });

  it('of another room is opened once the view shows that the sender is there', () => {
    addRoomKey(3);
    const key = new Uint8Array(32).fill(1);
    for (const roomId of ['elsewhere', 'there']) {
      const told = { type: FrameType.RoomKey, roomId, epoch: 3, key, useAfterMs: 0 } as const;
      keys.room.addKey(told, performance.now());
    }
    keys.room.enterRoom('elsewhere');
    receiver.receive(sealedFrame([1], 3, 1));
    expect(heard).toEqual([]);
    shownIn = 'room';
    receiver.onKeysChanged();
    expect(countersHeard()).toEqual([1]);
  });

  it('is held without a key in bounded number', () => {
    for (let counter = 1; counter <= 200; counter++)
      receiver.receive(sealedFrame([1], 50, counter));
    expect(counters.droppedUnknownEpoch).toBe(125);
  });

  it('is dropped and counted when it is false, unknown for long, or too short', async () => {
    addRoomKey(1);
    const falseSeal = sealedFrame([1], 1, 1);
    falseSeal[20]! ^= 1;
    receiver.receive(falseSeal);
    receiver.receive(sealedFrame([1], 99, 2));
    receiver.receive(sealedFrame([], 1, 3).subarray(0, 31));
    const unknownKind = sealedFrame([1], 1, 4);
    unknownKind[11] = 7;
    receiver.receive(unknownKind);
    const dropped = { droppedFalseSeal: 1, droppedUnknownEpoch: 1 };
    await vi.waitFor(() => expect(counters).toMatchObject(dropped), { timeout: 5_000 });
    expect(counters).toMatchObject({ droppedMalformed: 1, droppedKind: 1, framesReceived: 0 });
  });
});

describe('a bundle', () => {
  beforeEach(() => addRoomKey(1));

  it('is taken apart into its frames', () => {
    receiver.receive(bundleOf([sealedFrame([1], 1, 1), sealedFrame([2, 2], 1, 2)]));
    receiver.receive(sealedFrame([3], 1, 3));
    expect(countersHeard()).toEqual([1, 2, 3]);
  });

  it('keeps frames whose key is still under way', () => {
    receiver.receive(bundleOf([sealedFrame([1], 6, 1), sealedFrame([2], 1, 2)]));
    expect(countersHeard()).toEqual([2]);
    addRoomKey(6);
    receiver.onKeysChanged();
    expect(countersHeard()).toEqual([2, 1]);
  });

  it('gives its whole frames where it is cut, and counts once', () => {
    const bundle = bundleOf([sealedFrame([1], 1, 1), sealedFrame([2], 1, 2)]);
    receiver.receive(bundle.subarray(0, bundle.length - 1));
    expect(countersHeard()).toEqual([1]);
    expect(counters.droppedMalformed).toBe(1);
  });

  it('holds frames, and neither nothing nor other bundles', () => {
    receiver.receive(bundleOf([]));
    expect(counters).toMatchObject({ droppedMalformed: 1, droppedKind: 0 });
    receiver.receive(bundleOf([bundleOf([sealedFrame([1], 1, 1)])]));
    expect(counters).toMatchObject({ droppedMalformed: 1, droppedKind: 1 });
    expect(heard).toEqual([]);
  });
});

describe('a whisper', () => {
  it('is marked, alone and in a bundle', () => {
    addRoomKey(1);
    addWhisperKey(4);
    receiver.receive(bundleOf([sealedFrame([1], 1, 1), sealedWhisper([2], 4, 2)]));
    receiver.receive(sealedWhisper([3], 4, 3));
    expect(heard.map(({ payload, audience }) => [...payload, audience])).toEqual([
      [1, 'room'],
      [2, 'whisper'],
      [3, 'whisper'],
    ]);
    expect(counters).toMatchObject({ framesReceived: 3, whispersReceived: 2 });
  });

  it('is not opened with the key of the room, nor a frame of the room with its key', () => {
    addRoomKey(4);
    receiver.receive(sealedWhisper([1], 4, 1));
    addWhisperKey(5);
    receiver.receive(sealedFrame([1], 5, 2));
    expect(heard).toEqual([]);
  });

  it('waits for its key, and is dropped when it is false or too short', async () => {
    receiver.receive(sealedWhisper([1], 4, 1));
    const otherList = sealedWhisper([2], 4, 2);
    otherList[whisperHeaderBytes - 1]! ^= 1;
    receiver.receive(otherList);
    receiver.receive(sealedWhisper([], 4, 3).subarray(0, 35));
    expect(heard).toEqual([]);
    addWhisperKey(4);
    receiver.onKeysChanged();
    expect(countersHeard()).toEqual([1]);
    const dropped = { droppedFalseSeal: 1, droppedMalformed: 1 };
    await vi.waitFor(() => expect(counters).toMatchObject(dropped), { timeout: 5_000 });
  });
});

it('hands on nothing that nobody sealed, whatever comes', { timeout: fuzzTimeoutMs() }, () => {
  addRoomKey(1);
  addWhisperKey(4);
  const genuine = bundleOf([sealedFrame([1], 1, 1), sealedWhisper([2], 4, 2)]);
  forEachFuzzCase((random) => {
    const isMutant = random.chance(0.8);
    const packet = isMutant ? mutateBytes(random, genuine) : random.bytes(16 + random.below(600));
    if (packet.length < 16) return;
    if (random.chance(0.3)) packet[11] = VoiceKind.Bundle;
    heard = [];
    receiver.receive(packet);
    for (const { payload } of heard) {
      if (payload.length !== 1 || payload[0]! < 1 || payload[0]! > 2) {
        throw new Error(`opened ${Buffer.from(packet).toString('hex')}`);
      }
    }
  });
  heard = [];
  receiver.receive(sealedFrame([9], 1, 3));
  expect(countersHeard()).toEqual([3]);
});
