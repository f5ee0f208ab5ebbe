import { newTimeOrderedUuid, uuidFromBytes, uuidToBytes, type Uuid } from '@rookery/schemas/uuid';

/** Where the 62 random bits of a version 7 UUID begin, behind two bits for its variant. */
const tailOffset = 8;
const tailMax = 2n ** 62n - 1n;

/**
 * Gives message ids of which each is greater than all before, also within one millisecond, and also
 * when the clock was set back (RFC 9562 section 6.2, method 2).
 */
export class MessageIds {
  #last: Uuid | null;
  /** The millisecond in the last id, by which it is known at once that the next cannot be new. */
  #lastMs: number;

  /** @param last the greatest id that there is already; null where there is none */
  constructor(last: Uuid | null) {
    this.#last = last;
    this.#lastMs = last === null ? -1 : millisecondOf(last);
  }

  /** @param nowMs milliseconds since 1970 */
  next(nowMs: number): Uuid {
    const isLater = this.#last === null || Math.floor(nowMs) > this.#lastMs;
    const id = isLater ? newTimeOrderedUuid(nowMs) : successor(this.#last!);
    this.#last = id;
    this.#lastMs = millisecondOf(id);
    return id;
  }
}

/** The first 12 digits, which a hyphen divides. */
function millisecondOf(id: Uuid): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function successor(id: Uuid): Uuid {
  const bytes = Buffer.from(uuidToBytes(id));
  const tail = bytes.readBigUInt64BE(tailOffset) & tailMax;
  if (tail === tailMax) return newTimeOrderedUuid(bytes.readUIntBE(0, 6) + 1);
  bytes.writeBigUInt64BE((tail + 1n) | (1n << 63n), tailOffset);
  return uuidFromBytes(bytes);
}
