import type { RoomTable } from '../tables/roomTable.js';
import { noRoom } from '../tables/sessionTable.js';
import type { VoiceBudget } from '../tables/voiceBudget.js';

/** Numbers of one session: packets and bytes left, when that was, and one to fill 32 bytes. */
const stride = 4;
const bytesAt = 1;
const filledAt = 2;

/**
 * What each session may still send, by slot: a token bucket of packets and one of bytes, which
 * refill steadily up to their bursts. How fast and how far is what the room says in which the
 * sender is, so that who moves has the new room's budget from its next packet on, and no more saved
 * up than that room allows. Plain memory of one thread; allocates nothing after it was made.
 */
export class SessionBudgets {
  readonly #rooms: RoomTable['columns'];
  readonly #roomless: VoiceBudget;
  readonly #nowMs: Float64Array;
  /** By slot, side by side: they are used together, and many sessions take turns. */
  readonly #levels: Float64Array;

  /**
   * All buckets start full.
   *
   * @param roomless budget of who is in no room
   * @param nowMs its one element is the time
   */
  constructor(rows: number, rooms: RoomTable, roomless: VoiceBudget, nowMs: Float64Array) {
    this.#rooms = rooms.columns;
    this.#roomless = roomless;
    this.#nowMs = nowMs;
    this.#levels = new Float64Array(rows * stride);
    for (let slot = 0; slot < rows; slot++) this.reset(slot);
  }

  /** Fills the buckets: for a new session in the slot. */
  reset(slot: number): void {
    const at = slot * stride;
    this.#levels[at] = Infinity;
    this.#levels[at + bytesAt] = Infinity;
    this.#levels[at + filledAt] = this.#nowMs[0]!;
  }

  /**
   * Takes a packet of this length, or nothing where less is left.
   *
   * @param roomIndex where the sender is, or `noRoom`
   * @returns whether it was taken
   */
  take(slot: number, roomIndex: number, bytes: number): boolean {
    const rooms = this.#rooms;
    const none = this.#roomless;
    if (roomIndex === noRoom) {
      const { packetsPerSecond, packetsBurst, bytesPerSecond, bytesBurst } = none;
      return this.#take(slot, bytes, packetsPerSecond, packetsBurst, bytesPerSecond, bytesBurst);
    }
    return this.#take(
      slot,
      bytes,
      rooms.packetsPerSecond.load(roomIndex),
      rooms.packetsBurst.load(roomIndex),
      rooms.bytesPerSecond.load(roomIndex),
      rooms.bytesBurst.load(roomIndex),
    );
  }

  /** Numbers one by one, because an object would have to be allocated. */
  #take(
    slot: number,
    bytes: number,
    packetsPerSecond: number,
    packetsBurst: number,
    bytesPerSecond: number,
    bytesBurst: number,
  ): boolean {
    const levels = this.#levels;
    const at = slot * stride;
    const nowMs = this.#nowMs[0]!;
    const seconds = (nowMs - levels[at + filledAt]!) / 1_000;
    const packetsLeft = Math.min(levels[at]! + seconds * packetsPerSecond, packetsBurst);
    const bytesLeft = Math.min(levels[at + bytesAt]! + seconds * bytesPerSecond, bytesBurst);
    const isEnough = packetsLeft >= 1 && bytesLeft >= bytes;
    levels[at] = isEnough ? packetsLeft - 1 : packetsLeft;
    levels[at + bytesAt] = isEnough ? bytesLeft - bytes : bytesLeft;
    levels[at + filledAt] = nowMs;
    return isEnough;
  }
}
