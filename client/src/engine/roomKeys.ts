import type { RoomKey, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { SealingKeys, type SealingKey } from './sealingKeys.js';

/** Keys of one room, each kept until its epoch comes round again. */
interface KeyRing {
  readonly roomId: Uuid;
  readonly byEpoch: (Uint8Array | null)[];
  readonly sealing: SealingKeys;
}

const epochs = 256;
/** All rooms that one can hear, and a few that one is moving through. */
const roomsMax = (1 + fieldLimits.listenedRoomsMax) * (1 + fieldLimits.linksPerRoomMax) + 8;

/**
 * The voice keys that the server handed out: of the own room, and of all others that are heard from
 * there. A frame is sealed with the key of the room where its sender is. Pure: time is passed in.
 * A key may come before the view shows that somebody is in its room; voice of that room may even
 * come before the key.
 */
export class RoomKeys {
  /** In order of the last key: the newest room stands last. */
  private readonly rings = new Map<Uuid, KeyRing>();
  private current: KeyRing | null = null;
  private newest: KeyRing | null = null;
  private currentRoomId: Uuid | null = null;

  /**
   * @param roomOf where the view shows a session, by its token; null where it does not.
   * @param isOpen whether a room has keys of the server: in a private one none is used, whatever
   *   was handed out.
   */
  constructor(
    private readonly roomOf: (token: number) => Uuid | null,
    private readonly isOpen: (roomId: Uuid) => boolean,
  ) {}

  /** The room that the own session is in, or null. */
  enterRoom(roomId: Uuid | null): void {
    this.currentRoomId = roomId;
    this.current = roomId === null ? null : (this.rings.get(roomId) ?? null);
  }

  /** @param nowMs monotonic milliseconds, the clock of sealingKey() too. */
  addKey({ roomId, epoch, key, useAfterMs }: RoomKey, nowMs: number): void {
    const ring = this.rings.get(roomId) ?? {
      roomId,
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

  /**
   * The key of an epoch in the room in which the sender is shown, else in the own one; or null.
   * Does not allocate, as the others do not.
   */
  openingKey(sender: number, epoch: number): Uint8Array | null {
    return this.keyOf(this.ringOf(sender), epoch);
  }

  /**
   * The same for the own room, where that is another: the sender has come to it already, only the
   * view does not show it yet.
   */
  ownKey(sender: number, epoch: number): Uint8Array | null {
    return this.current === this.ringOf(sender) ? null : this.keyOf(this.current, epoch);
  }

  /**
   * The same for the room that was keyed last, where that is neither: the server has moved somebody
   * there already.
   */
  comingKey(sender: number, epoch: number): Uint8Array | null {
    const { newest } = this;
    const isTried = newest === this.current || newest === this.ringOf(sender);
    return isTried ? null : this.keyOf(newest, epoch);
  }

  /** The key to speak with now; null in no room, or while its key has not come. */
  sealingKey(nowMs: number): SealingKey | null {
    const { current } = this;
    return current !== null && this.isOpen(current.roomId) ? current.sealing.current(nowMs) : null;
  }

  private keyOf(ring: KeyRing | null, epoch: number): Uint8Array | null {
    return ring !== null && this.isOpen(ring.roomId) ? (ring.byEpoch[epoch] ?? null) : null;
  }

  private ringOf(sender: number): KeyRing | null {
    const roomId = this.roomOf(sender);
    return (roomId === null ? undefined : this.rings.get(roomId)) ?? this.current;
  }

  private forgetOldRooms(): void {
    for (const roomId of this.rings.keys()) {
      if (this.rings.size <= roomsMax) return;
      if (roomId !== this.currentRoomId) this.rings.delete(roomId);
    }
  }
}
