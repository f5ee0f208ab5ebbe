import { createHash, deriveKey, hash } from 'blake3';
import { expectEqual, medianMicroseconds, toHex, type Finding, type Proof } from './proof.js';

/** BLAKE3 on the vectors that its authors publish (test_vectors.json of the reference code). */
export const blake3Proof: Proof = { part: 'BLAKE3', prove: proveBlake3 };

/** Input length in bytes → hash. Around the limits of a block, a chunk and a subtree. */
const vectors: readonly (readonly [number, string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1_024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1_025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2_048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [31_744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102_400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
];
const derivedFromNothing = '2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d';

/** The published input of a length: the bytes 0 … 250 again and again. */
function inputOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_value, index) => index % 251);
}

function proveBlake3(): Finding {
  for (const [length, expected] of vectors) {
    expectEqual(
      `BLAKE3 of ${length} bytes`,
      createHash().update(inputOf(length)).digest('hex'),
      expected,
    );
  }
  const context = 'BLAKE3 2019-12-27 16:29:52 test vectors context';
  const derived = deriveKey(context, inputOf(0));
  expectEqual('BLAKE3 key derivation', toHex(derived), derivedFromNothing);
  const kilobyte = inputOf(1_024);
  const micros = medianMicroseconds(1_001, () => hash(kilobyte));
  return {
    outcome: 'proved',
    what: `${vectors.length} published hashes and one derived key`,
    figure: `${micros.toFixed(1)} µs/KiB`,
  };
}
