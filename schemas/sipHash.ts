/**
 * SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, section 2), written
 * on 32-bit halves because JavaScript has no 64-bit integer that the compiler keeps in registers.
 *
 * Allocates nothing, any thread. Takes about as long as a call into libsodium does, which would
 * need new views of the packet for every call.
 *
 * @param bytes message from `offset` on
 * @param length bytes of the message, 0 or more
 * @param key 16 bytes
 * @param tag takes the hash as two words, low half first; its first two elements are overwritten
 */
export function sipHash24(
  bytes: Uint8Array,
  offset: number,
  length: number,
  key: Uint8Array,
  tag: Int32Array,
): void {
  const k0l = wordAt(key, 0);
  const k0h = wordAt(key, 4);
  const k1l = wordAt(key, 8);
  const k1h = wordAt(key, 12);
  // The constants spell "somepseudorandomlygeneratedbytes".
  let v0l = k0l ^ 0x70736575;
  let v0h = k0h ^ 0x736f6d65;
  let v1l = k1l ^ 0x6e646f6d;
  let v1h = k1h ^ 0x646f7261;
  let v2l = k0l ^ 0x6e657261;
  let v2h = k0h ^ 0x6c796765;
  let v3l = k1l ^ 0x79746573;
  let v3h = k1h ^ 0x74656462;

  const fullBlocks = length >>> 3;
  // After the full blocks: one with the rest and the length, then the finalisation as a block of
  // zeros that gets four rounds.
  const blocks = fullBlocks + 2;
  for (let block = 0; block < blocks; block++) {
    const at = offset + (block << 3);
    let ml = 0;
    let mh = 0;
    let rounds = 2;
    if (block < fullBlocks) {
      ml = wordAt(bytes, at);
      mh = wordAt(bytes, at + 4);
    } else if (block === fullBlocks) {
      const rest = length & 7;
      ml = partialWordAt(bytes, at, rest);
      mh = partialWordAt(bytes, at + 4, rest - 4) | (length << 24);
    } else {
      v2l ^= 0xff;
      rounds = 4;
    }
    v3l ^= ml;
    v3h ^= mh;
    for (let round = 0; round < rounds; round++) {
      // v0 += v1; v1 = (v1 <<< 13) ^ v0; v0 <<<= 32
      const s0 = (v0l + v1l) | 0;
      const s0h = (v0h + v1h + carryOf(s0, v1l)) | 0;
      const r1 = ((v1l << 13) | (v1h >>> 19)) ^ s0;
      const r1h = ((v1h << 13) | (v1l >>> 19)) ^ s0h;
      // v2 += v3; v3 = (v3 <<< 16) ^ v2
      const s2 = (v2l + v3l) | 0;
      const s2h = (v2h + v3h + carryOf(s2, v3l)) | 0;
      const r3 = ((v3l << 16) | (v3h >>> 16)) ^ s2;
      const r3h = ((v3h << 16) | (v3l >>> 16)) ^ s2h;
      // v0 += v3 (its halves swapped by the rotation above); v3 = (v3 <<< 21) ^ v0
      v0l = (s0h + r3) | 0;
      v0h = (s0 + r3h + carryOf(v0l, r3)) | 0;
      v3l = ((r3 << 21) | (r3h >>> 11)) ^ v0l;
      v3h = ((r3h << 21) | (r3 >>> 11)) ^ v0h;
      // v2 += v1; v1 = (v1 <<< 17) ^ v2; v2 <<<= 32
      v2h = (s2 + r1) | 0;
      v2l = (s2h + r1h + carryOf(v2h, r1)) | 0;
      v1l = ((r1 << 17) | (r1h >>> 15)) ^ v2h;
      v1h = ((r1h << 17) | (r1 >>> 15)) ^ v2l;
    }
    v0l ^= ml;
    v0h ^= mh;
  }
  tag[0] = v0l ^ v1l ^ v2l ^ v3l;
  tag[1] = v0h ^ v1h ^ v2h ^ v3h;
}

/** 1 where the 32-bit sum of `addend` and something else ran over. */
function carryOf(sum: number, addend: number): number {
  return sum >>> 0 < addend >>> 0 ? 1 : 0;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The first `count` bytes at `at` as a little-endian word; none where `count` is not positive. */
function partialWordAt(bytes: Uint8Array, at: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count && i < 4; i++) word |= bytes[at + i]! << (8 * i);
  return word;
}
