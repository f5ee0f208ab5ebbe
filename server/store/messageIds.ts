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

  /** @param last the greatest id that there is already; null where there is none */
  constructor(last: Uuid | null) {
    this.#last = last;
  }

  /** @param nowMs milliseconds since 1970 */
  next(nowMs: number): Uuid {
    const id = newTimeOrderedUuid(nowMs);
    this.#last = this.#last === null || id > this.#last ? id : successor(this.#last);
    return this.#last;
  }
}

function successor(id: Uuid): Uuid {
  const bytes = Buffer.from(uuidToBytes(id));
  const tail = bytes.readBigUInt64BE(tailOffset) & tailMax;
  if (tail === tailMax) return newTimeOrderedUuid(bytes.readUIntBE(0, 6) + 1);
  bytes.writeBigUInt64BE((tail + 1n) | (1n << 63n), tailOffset);
  return uuidFromBytes(bytes);
}
