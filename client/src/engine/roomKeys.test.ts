import { FrameType } from '@rookery/schemas/frameType';
import type { RoomKey } from '@rookery/schemas/messages';
import { describe, expect, it } from 'vitest';
import { RoomKeys } from './roomKeys.js';

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const roomKey = (roomId: string, epoch: number, value: number, useAfterMs = 0): RoomKey => ({
  type: FrameType.RoomKey,
  roomId,
  epoch,
  key: bytes(value),
  useAfterMs,
});

const sender = 9;
const nowhere = (): null => null;
const everywhere = (): true => true;

describe('RoomKeys', () => {
  it('has no key in no room, nor before the key has come', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    expect(keys.sealingKey(0)).toBeNull();
    keys.enterRoom('a');
    expect(keys.sealingKey(0)).toBeNull();
    expect(keys.openingKey(sender, 0)).toBeNull();
    keys.addKey(roomKey('a', 0, 1), 0);
    expect(keys.sealingKey(0)).toMatchObject({ epoch: 0, key: bytes(1) });
    keys.enterRoom(null);
    expect(keys.sealingKey(0)).toBeNull();
  });

  it('seals with the key before until the waiting time of the new one is over', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.enterRoom('a');
    keys.addKey(roomKey('a', 7, 1), 1_000);
    keys.addKey(roomKey('a', 8, 2, 200), 2_000);
    expect(keys.sealingKey(2_199)).toMatchObject({ epoch: 7 });
    expect(keys.sealingKey(2_200)).toMatchObject({ epoch: 8, key: bytes(2) });
  });

  it('opens with every epoch that it was given, from the moment it was given', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.enterRoom('a');
    keys.addKey(roomKey('a', 7, 1), 0);
    keys.addKey(roomKey('a', 8, 2, 200), 0);
    expect(keys.sealingKey(1_000)).toMatchObject({ epoch: 8 });
    expect(keys.openingKey(sender, 7)).toEqual(bytes(1));
    expect(keys.openingKey(sender, 8)).toEqual(bytes(2));
    expect(keys.openingKey(sender, 9)).toBeNull();
  });

  it('uses the only key at once where there is no earlier one', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.enterRoom('a');
    keys.addKey(roomKey('a', 3, 1, 200), 0);
    expect(keys.sealingKey(0)).toMatchObject({ epoch: 3 });
  });

  it('goes on where epochs come round again', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.enterRoom('a');
    for (let rotation = 0; rotation < 600; rotation++) {
      keys.addKey(roomKey('a', rotation % 256, rotation % 251, 200), rotation * 1_000);
      const sealing = keys.sealingKey(rotation * 1_000 + 200);
      expect(sealing).toMatchObject({ epoch: rotation % 256, key: bytes(rotation % 251) });
    }
    expect(keys.openingKey(sender, 599 % 256)).toEqual(bytes(599 % 251));
    expect(keys.openingKey(sender, 600 % 256)).toEqual(bytes((600 - 256) % 251));
  });

  it('opens voice of the room that it is moving to, before the view shows the move', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.addKey(roomKey('a', 0, 1), 0);
    keys.enterRoom('a');
    expect(keys.comingKey(sender, 0)).toBeNull();
    keys.addKey(roomKey('b', 0, 2), 0);
    expect(keys.openingKey(sender, 0)).toEqual(bytes(1));
    expect(keys.comingKey(sender, 0)).toEqual(bytes(2));
    expect(keys.sealingKey(0)).toMatchObject({ key: bytes(1) });
    keys.enterRoom('b');
    expect(keys.openingKey(sender, 0)).toEqual(bytes(2));
    expect(keys.comingKey(sender, 0)).toBeNull();
    expect(keys.sealingKey(0)).toMatchObject({ key: bytes(2) });
  });

  it('follows a hasty walk through rooms and back', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.addKey(roomKey('a', 0, 1), 0);
    keys.enterRoom('a');
    keys.addKey(roomKey('b', 0, 2), 0);
    keys.addKey(roomKey('a', 5, 3), 0);
    keys.enterRoom('b');
    expect(keys.sealingKey(0)).toMatchObject({ key: bytes(2) });
    keys.enterRoom('a');
    expect(keys.sealingKey(0)).toMatchObject({ epoch: 5, key: bytes(3) });
  });

  it('opens with the key of the room in which the sender is shown', () => {
    let place: string | null = 'b';
    const keys = new RoomKeys((token) => (token === sender ? place : null), everywhere);
    keys.addKey(roomKey('b', 0, 2), 0);
    keys.addKey(roomKey('a', 0, 1), 0);
    keys.enterRoom('a');
    expect(keys.openingKey(sender, 0)).toEqual(bytes(2));
    expect(keys.openingKey(sender + 1, 0)).toEqual(bytes(1));
    expect(keys.sealingKey(0)).toMatchObject({ key: bytes(1) });
    // On the way from there to where we are, and from a room that is not heard.
    expect(keys.ownKey(sender, 0)).toEqual(bytes(1));
    expect(keys.comingKey(sender, 0)).toBeNull();
    place = 'unheard';
    expect(keys.openingKey(sender, 0)).toEqual(bytes(1));
    expect(keys.ownKey(sender, 0)).toBeNull();
  });

  it('keeps the keys of its own room, and of no more than can be heard', () => {
    const keys = new RoomKeys(nowhere, everywhere);
    keys.addKey(roomKey('home', 0, 9), 0);
    keys.enterRoom('home');
    for (let i = 0; i < 1_000; i++) keys.addKey(roomKey(`room ${i}`, 0, i % 251), 0);
    expect(keys.openingKey(sender, 0)).toEqual(bytes(9));
    keys.enterRoom('room 0');
    expect(keys.openingKey(sender, 0)).toBeNull();
    keys.enterRoom('room 999');
    expect(keys.openingKey(sender, 0)).toEqual(bytes(999 % 251));
  });

  it('never uses a key of the server in a private room, though it was handed out', () => {
    let isPrivate = true;
    const keys = new RoomKeys(nowhere, (roomId) => roomId !== 'a' || !isPrivate);
    keys.enterRoom('a');
    keys.addKey(roomKey('b', 0, 2), 0);
    keys.addKey(roomKey('a', 0, 1), 0);
    const all = () => [keys.sealingKey(0), keys.openingKey(sender, 0), keys.comingKey(sender, 0)];
    expect(all()).toEqual([null, null, null]);
    keys.addKey(roomKey('b', 0, 2), 0);
    expect(all()).toEqual([null, null, bytes(2)]);
    expect(keys.ownKey(sender, 0)).toBeNull();
    // The key comes before the view shows that the room is private no more.
    isPrivate = false;
    expect(all()).toMatchObject([{ key: bytes(1) }, bytes(1), bytes(2)]);
  });
});
