import type { SeededRandom } from './seededRandom.js';

type Mutation = (random: SeededRandom, bytes: Uint8Array) => Uint8Array;

const mutations: readonly Mutation[] = [
  truncate,
  extend,
  flipBits,
  overwriteRandomly,
  overwriteInteger,
  splice,
];

/** Integers that decoders get wrong: the edges of the signed and unsigned widths. */
const edgeIntegers = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];

/** What `extend` adds at most, in bytes. */
const extensionBytesMax = 64;

/**
 * Damages a message the way a broken or hostile peer would: cut short, lengthened, bits flipped,
 * bytes overwritten, a range copied over another. One to three such changes.
 *
 * @param bytes left as it is
 * @returns a new array, at most 192 bytes longer than `bytes`; rarely equal to it
 */
export function mutateBytes(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  let mutated: Uint8Array = bytes.slice();
  const changes = random.chance(0.7) ? 1 : 2 + random.below(2);
  for (let i = 0; i < changes; i++) {
    mutated = mutations[random.below(mutations.length)]!(random, mutated);
  }
  return mutated;
}

function truncate(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, random.below(bytes.length + 1));
}

function extend(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const extended = new Uint8Array(bytes.length + 1 + random.below(extensionBytesMax));
  extended.set(bytes);
  // Half of the tails are zeros: padding that a lenient decoder would overlook.
  if (random.chance(0.5)) extended.set(random.bytes(extended.length - bytes.length), bytes.length);
  return extended;
}

function flipBits(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  const flips = 1 + random.below(4);
  for (let i = 0; i < flips; i++) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
}

function overwriteRandomly(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const start = random.below(bytes.length + 1);
  const length = random.below(Math.min(16, bytes.length - start) + 1);
  bytes.set(random.bytes(length), start);
  return bytes;
}

function overwriteInteger(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const width = [1, 2, 4][random.below(3)]!;
  if (bytes.length < width) return bytes;
  const value = edgeIntegers[random.below(edgeIntegers.length)]!;
  const start = random.below(bytes.length - width + 1);
  for (let i = 0; i < width; i++) bytes[start + i] = value >>> (8 * i);
  return bytes;
}

function splice(random: SeededRandom, bytes: Uint8Array): Uint8Array {
  const from = random.below(bytes.length + 1);
  const to = random.below(bytes.length + 1);
  const length = random.below(bytes.length - Math.max(from, to) + 1);
  bytes.copyWithin(to, from, from + length);
  return bytes;
}
