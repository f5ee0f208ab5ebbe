import { newTimeOrderedUuid, uuidFromBytes, uuidToBytes, type Uuid } from '@rookery/schemas/uuid';

/** Where the 62 random bits of a version 7 UUID begin, behind two bits for its variant. */
const tailOffset = 8;
const variantBits = 0x80;

/**
 * Gives message ids of which each is greater than all before, also within one millisecond, and also
 * when the clock was set back (RFC 9562 section 6.2, method 2).
 */
export class MessageIds {
  #last: Uint8Array | null;
  /** The millisecond in the last id, by which it is known at once that the next cannot be new. */
  #lastMs: number;

  /** @param last the greatest id that there is already; null where there is none */
  constructor(last: Uuid | null) {
    this.#last = last === null ? null : uuidToBytes(last);
    this.#lastMs = this.#last === null ? -1 : millisecondOf(this.#last);
  }

  /** @param nowMs milliseconds since 1970 */
  next(nowMs: number): Uuid {
    const isLater = this.#last === null || Math.floor(nowMs) > this.#lastMs;
    if (!isLater && increase(this.#last!)) return uuidFromBytes(this.#last!);
    const id = newTimeOrderedUuid(isLater ? nowMs : this.#lastMs + 1);
    this.#last = uuidToBytes(id);
    this.#lastMs = millisecondOf(this.#last);
    return id;
  }
}

/** @returns when a message id was given, in milliseconds since 1970 */
export function millisecondOf(id: Uint8Array): number {
  return Buffer.from(id.buffer, id.byteOffset).readUIntBE(0, 6);
}

/**
 * Adds 1 to the random bits.
 *
 * @returns false where they were all ones: there is no greater id of this millisecond
 */
function increase(id: Uint8Array): boolean {
  for (let at = id.length - 1; at > tailOffset; at--) {
    id[at]! += 1;
    // A byte that ran over is 0 now, and the one before it goes up.
    if (id[at] !== 0) return true;
  }
  const upper = (id[tailOffset]! & ~0xc0) + 1;
  id[tailOffset] = variantBits | upper;
  return upper <= 0x3f;
}
