import type { RoomKey, Uuid } from '@rookery/schemas/messages';
import { SealingKeys, type SealingKey } from './sealingKeys.js';

/** Keys of one room, each kept until its epoch comes round again. */
interface KeyRing {
  readonly byEpoch: (Uint8Array | null)[];
  readonly sealing: SealingKeys;
}

const epochs = 256;
/** The room one is in, those that one is moving through, and a few to spare. */
const roomsMax = 8;

/**
 * The voice keys that the server handed out. Pure: time is passed in. A key may come before the
 * view shows that one is in its room; voice of that room may even come before the key.
 */
export class RoomKeys {
  /** In order of the last key: the newest room stands last. */
  private readonly rings = new Map<Uuid, KeyRing>();
  private current: KeyRing | null = null;
  private newest: KeyRing | null = null;
  private currentRoomId: Uuid | null = null;

  /** The room that the own session is in, or null. */
  enterRoom(roomId: Uuid | null): void {
    this.currentRoomId = roomId;
    this.current = roomId === null ? null : (this.rings.get(roomId) ?? null);
  }

  /** @param nowMs monotonic milliseconds, the clock of sealingKey() too. */
  addKey({ roomId, epoch, key, useAfterMs }: RoomKey, nowMs: number): void {
    const ring = this.rings.get(roomId) ?? {
      byEpoch: new Array<Uint8Array | null>(epochs).fill(null),
      sealing: new SealingKeys(),
    };
    ring.byEpoch[epoch] = key;
    ring.sealing.add({ epoch, key }, nowMs + useAfterMs);
    this.rings.delete(roomId);
    this.rings.set(roomId, ring);
    this.newest = ring;
    if (roomId === this.currentRoomId) this.current = ring;
    this.forgetOldRooms();
  }

  /** The key of an epoch in the room one is in, or null. Does not allocate. */
  openingKey(epoch: number): Uint8Array | null {
    return this.current?.byEpoch[epoch] ?? null;
  }

  /**
   * The same for the room that was keyed last, where that is another: the server has moved the
   * session there already, only the view does not show it yet. Does not allocate.
   */
  comingKey(epoch: number): Uint8Array | null {
    return this.newest === this.current ? null : (this.newest?.byEpoch[epoch] ?? null);
  }

  /** The key to speak with now; null in no room, or while its key has not come. */
  sealingKey(nowMs: number): SealingKey | null {
    return this.current?.sealing.current(nowMs) ?? null;
  }

  private forgetOldRooms(): void {
    for (const roomId of this.rings.keys()) {
      if (this.rings.size <= roomsMax) return;
      if (roomId !== this.currentRoomId) this.rings.delete(roomId);
    }
  }
}
