import { randomBytes } from 'node:crypto';
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

/**
 * The voice key of every room that has members. A key is known to whoever was given it, so a room's
 * key is replaced when somebody stops being allowed to hear.
 */
export class RoomKeys {
  readonly #overlapMs: number;
  readonly #keys = new Map<Uuid, KeyOfRoom>();

  /** @param overlapMs how long speakers go on sealing with the key before */
  constructor(overlapMs: number) {
    this.#overlapMs = overlapMs;
  }

  /** The room's key, made where there is none yet: what a joiner gets. */
  current(roomId: Uuid, nowMs: number): RoomKey {
    const existing = this.#keys.get(roomId);
    return this.#message(roomId, existing ?? this.#create(roomId, 0, nowMs), nowMs);
  }

  /** Replaces the room's key: what the remaining members get. */
  rotate(roomId: Uuid, nowMs: number): RoomKey {
    const before = this.#keys.get(roomId);
    const epoch = before === undefined ? 0 : (before.epoch + 1) % epochCount;
    return this.#message(roomId, this.#create(roomId, epoch, nowMs + this.#overlapMs), nowMs);
  }

  /** Forgets a deleted room. */
  delete(roomId: Uuid): void {
    this.#keys.delete(roomId);
  }

  #create(roomId: Uuid, epoch: number, usableAtMs: number): KeyOfRoom {
    const created = { epoch, key: new Uint8Array(randomBytes(keyBytes)), usableAtMs };
    this.#keys.set(roomId, created);
    return created;
  }

  #message(roomId: Uuid, { epoch, key, usableAtMs }: KeyOfRoom, nowMs: number): RoomKey {
    const useAfterMs = Math.max(0, Math.ceil(usableAtMs - nowMs));
    return { type: FrameType.RoomKey, roomId, epoch, key, useAfterMs };
  }
}
