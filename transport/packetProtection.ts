import { createCipheriv, createHmac } from 'node:crypto';

const tagBytes = 16;
/** The header protection's sample begins where a packet number of four bytes would end. */
const sampleOffset = 4;
const longHeaderBit = 0x80;

/** What one side protects its packets of one level with: AES-128-GCM. */
export interface PacketKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

/**
 * The keys that follow from a secret of TLS (RFC 9001 section 5.1), for the cipher suite
 * TLS_AES_128_GCM_SHA256.
 *
 * @param secret 32 bytes
 */
export function packetKeys(secret: Uint8Array): PacketKeys {
  return {
    key: expandLabel(secret, 'quic key', 16),
    iv: expandLabel(secret, 'quic iv', 12),
    headerProtection: expandLabel(secret, 'quic hp', 16),
  };
}

/** HKDF-Expand-Label without context (RFC 8446 section 7.1), for at most one block of the hash. */
export function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const fullLabel = Buffer.from(`tls13 ${label}`);
  const info = Buffer.from([0, length, fullLabel.length, ...fullLabel, 0, 1]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

/**
 * Finishes a packet whose header stands in `out` (RFC 9001 sections 5.3 and 5.4): writes the packet
 * number and the sealed frames behind it, and masks the header.
 *
 * @param out room for the packet; its first byte says how long the packet number is
 * @param packetNumberAt where the header ends but for the packet number
 * @param packetNumber below 2^32
 * @param frames of at least 4 bytes
 * @returns the packet's length
 */
export function sealPacket(
  out: Uint8Array,
  packetNumberAt: number,
  packetNumber: number,
  frames: Uint8Array,
  { key, iv, headerProtection }: PacketKeys,
): number {
  const packetNumberBytes = 1 + (out[0]! & 0x03);
  const payloadAt = packetNumberAt + packetNumberBytes;
  const nonce = Buffer.from(iv);
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ packetNumber) >>> 0, 8);
  for (let i = 0; i < packetNumberBytes; i++) out[payloadAt - 1 - i] = packetNumber >>> (8 * i);
  const seal = createCipheriv('aes-128-gcm', key, nonce);
  seal.setAAD(out.subarray(0, payloadAt));
  out.set(seal.update(frames), payloadAt);
  seal.final();
  out.set(seal.getAuthTag(), payloadAt + frames.length);
  const sampleAt = packetNumberAt + sampleOffset;
  const mask = createCipheriv('aes-128-ecb', headerProtection, null).update(
    out.subarray(sampleAt, sampleAt + tagBytes),
  );
  // RFC 9001 section 5.4.1: four bits of a long header's first byte, five of a short one's.
  out[0]! ^= mask[0]! & ((out[0]! & longHeaderBit) === 0 ? 0x1f : 0x0f);
  for (let i = 0; i < packetNumberBytes; i++) out[packetNumberAt + i]! ^= mask[1 + i]!;
  return payloadAt + frames.length + tagBytes;
}
