/** The functions of libsodium that this package calls; sodium-native ships no types. */
declare module 'sodium-native' {
  interface Sodium {
    /** BLAKE2b of as many bytes as `out` has. */
    crypto_generichash(out: Uint8Array, message: Uint8Array): void;
    crypto_shorthash(out: Uint8Array, message: Uint8Array, key: Uint8Array): void;
    /** @param cipher may be the same memory as `message`, with 16 bytes more */
    crypto_aead_chacha20poly1305_ietf_encrypt(
      cipher: Uint8Array,
      message: Uint8Array,
      associatedData: Uint8Array | null,
      secretNonce: null,
      publicNonce: Uint8Array,
      key: Uint8Array,
    ): number;
    /** @throws Error where the tag does not fit */
    crypto_aead_chacha20poly1305_ietf_decrypt(
      message: Uint8Array,
      secretNonce: null,
      cipher: Uint8Array,
      associatedData: Uint8Array | null,
      publicNonce: Uint8Array,
      key: Uint8Array,
    ): number;
  }
  const sodium: Sodium;
  export default sodium;
}
