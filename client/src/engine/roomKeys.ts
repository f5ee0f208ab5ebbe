import type { RoomKey, Uuid } from '@rookery/schemas/messages';

/** The key to seal a frame with, and the epoch that its header has to name. */
export interface SealingKey {
  readonly epoch: number;
  /** 32 bytes, ChaCha20-Poly1305. */
  readonly key: Uint8Array;
}

interface ScheduledKey extends SealingKey {
  readonly usableAtMs: number;
}

/** Keys of one room, each kept until its epoch comes round again. */
interface KeyRing {
  readonly byEpoch: (Uint8Array | null)[];
  /** Oldest first; those before the one in use are forgotten. */
  readonly scheduled: ScheduledKey[];
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
      scheduled: [],
    };
    ring.byEpoch[epoch] = key;
    ring.scheduled.push({ epoch, key, usableAtMs: nowMs + useAfterMs });
    if (ring.scheduled.length > epochs) ring.scheduled.shift();
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

  /**
   * The newest key whose waiting time is over. When none is that far, the oldest: a speaker who
   * has just come has nothing else. null in no room, or while its key has not come.
   */
  sealingKey(nowMs: number): SealingKey | null {
    const scheduled = this.current?.scheduled;
    if (scheduled === undefined) return null;
    const usable = scheduled.findLastIndex(({ usableAtMs }) => usableAtMs <= nowMs);
    if (usable > 0) scheduled.splice(0, usable);
    return scheduled[0] ?? null;
  }

  private forgetOldRooms(): void {
    for (const roomId of this.rings.keys()) {
      if (this.rings.size <= roomsMax) return;
      if (roomId !== this.currentRoomId) this.rings.delete(roomId);
    }
  }
}
