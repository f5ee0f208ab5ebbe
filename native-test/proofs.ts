import { blake3Proof } from './blake3Proof.js';
import { lmdbProof } from './lmdbProof.js';
import { opusProof } from './opusProof.js';
import type { Proof } from './proof.js';
import { quicheProof } from './quicheProof.js';
import { sodiumProof } from './sodiumProof.js';
import { soundDeviceProof } from './soundDeviceProof.js';
import { udpBatchProof } from './udpBatchProof.js';

/** Every native part of the project, in the order of the table. */
export const proofs: readonly Proof[] = [
  quicheProof,
  sodiumProof,
  blake3Proof,
  lmdbProof,
  opusProof,
  udpBatchProof,
  soundDeviceProof,
];
