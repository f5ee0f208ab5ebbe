/** The functions of libsodium that the server calls; sodium-native ships no types. */
declare module 'sodium-native' {
  interface Sodium {
    readonly crypto_pwhash_STRBYTES: number;
    /** Argon2id with a random salt of 16 bytes; `out` of crypto_pwhash_STRBYTES, NUL-padded. */
    crypto_pwhash_str(out: Buffer, password: Buffer, passes: number, memoryBytes: number): void;
    crypto_pwhash_str_verify(hash: Buffer, password: Buffer): boolean;
    crypto_sign_verify_detached(
      signature: Uint8Array,
      message: Uint8Array,
      publicKey: Uint8Array,
    ): boolean;
  }
  const sodium: Sodium;
  export default sodium;
}
