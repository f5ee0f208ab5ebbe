import { createDeriveKey } from 'blake3';
import { uuidBytes, uuidFromBytes } from './uuid.js';
import type { Uuid } from './uuid.js';

/**
 * The first 16 bytes of BLAKE3 in derive-key mode.
 *
 * @param context says what the id is for; BLAKE3 section 6.2 asks that no other use shares it
 */
export function derivedUuid(context: string, material: Uint8Array): Uuid {
  // The library's own `deriveKey` keeps 2 KB of WASM memory for ever with each call; `digest` frees
  // what a hasher took.
  return uuidFromBytes(createDeriveKey(context).update(material).digest({ length: uuidBytes }));
}
