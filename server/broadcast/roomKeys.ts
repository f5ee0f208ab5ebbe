import { FrameType } from '@rookery/schemas/frameType';
import type { RoomKey, Uuid } from '@rookery/schemas/messages';

interface KeyOfRoom {
  readonly epoch: number;
  readonly key: Uint8Array;
  /** From when speakers seal with it. */
  readonly usableAtMs: number;
}

/** ChaCha20-Poly1305. */
const keyBytes = 32;
/** The epoch is one byte of the voice header. */
const epochCount = 256;

export interface RoomKeysOptions {
  /** How long speakers go on sealing with the key before. */
  readonly overlapMs: number;
  /** Gives random bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/**
 * The voice key of every room that has members. A key is known to whoever was given it, so a room's
 * key is replaced when somebody stops being allowed to hear. Pure.
 */
export class RoomKeys {
  readonly #options: RoomKeysOptions;
  readonly #keys = new Map<Uuid, KeyOfRoom>();

  constructor(options: RoomKeysOptions) {
    this.#options = options;
  }

  /** The room's key, made where there is none yet: what a joiner gets. */
  current(roomId: Uuid, nowMs: number): RoomKey {
    const existing = this.#keys.get(roomId);
    return this.#message(roomId, existing ?? this.#create(roomId, 0, Math.floor(nowMs)), nowMs);
  }

  /** Replaces the room's key: what the remaining members get. */
  rotate(roomId: Uuid, nowMs: number): RoomKey {
    const before = this.#keys.get(roomId);
    const epoch = before === undefined ? 0 : (before.epoch + 1) % epochCount;
    return this.#message(
      roomId,
      this.#create(roomId, epoch, Math.floor(nowMs) + this.#options.overlapMs),
      nowMs,
    );
  }

  /** Forgets a deleted room. */
  delete(roomId: Uuid): void {
    this.#keys.delete(roomId);
  }

  #create(roomId: Uuid, epoch: number, usableAtMs: number): KeyOfRoom {
    const created = { epoch, key: this.#options.randomBytes(keyBytes), usableAtMs };
    this.#keys.set(roomId, created);
    return created;
  }

  #message(roomId: Uuid, { epoch, key, usableAtMs }: KeyOfRoom, nowMs: number): RoomKey {
    // Of whole numbers, because a sum of fractions may be off by a hair, which makes a millisecond.
    const useAfterMs = Math.max(0, usableAtMs - Math.floor(nowMs));
    return { type: FrameType.RoomKey, roomId, epoch, key, useAfterMs };
  }
}
