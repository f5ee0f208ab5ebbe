/**
 * Random numbers for tests, the same for the same seed on every machine: xoshiro128** (Blackman and
 * Vigna, "Scrambled linear pseudorandom number generators", 2018), its state filled from the seed.
 * Not for keys. Allocates only in `bytes`.
 */
export class SeededRandom {
  readonly #state = new Uint32Array(4);

  /** @param seed any integer; only its low 32 bits count. */
  constructor(seed: number) {
    let word = seed | 0;
    for (let i = 0; i < 4; i++) {
      // The finaliser of MurmurHash3 over a Weyl sequence, so that near seeds start far apart.
      word = (word + 0x9e3779b9) | 0;
      let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      this.#state[i] = mixed ^ (mixed >>> 16);
    }
  }

  /** The next integer in 0 … 2^32 − 1. */
  nextUint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const carried = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= carried;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** An integer in 0 … n − 1, for n from 1 to 2^32. */
  below(n: number): number {
    return Math.floor((this.nextUint32() / 0x1_0000_0000) * n);
  }

  /** True with the given probability, 0 … 1. */
  chance(probability: number): boolean {
    return this.nextUint32() < probability * 0x1_0000_0000;
  }

  /** A new array of `n` random bytes. */
  bytes(n: number): Uint8Array {
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i++) bytes[i] = this.nextUint32();
    return bytes;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
