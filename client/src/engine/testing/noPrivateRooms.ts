import type { PrivateKeys } from '../voiceReceiver.js';

/** Somebody who is in no private room. */
export const noPrivateRooms: PrivateKeys = {
  isFellow: () => false,
  openingKey: () => null,
  sealingKey: () => null,
  apply: () => undefined,
};

/** For RoomKeys: none of the rooms is private. */
export const allRoomsOpen = (): boolean => true;
