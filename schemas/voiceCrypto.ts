import sodium from 'sodium-native';
import { sipHash24 } from './sipHash.js';
import { hopTagBytes, sealBytes, voiceHeaderBytes, voicePacketBytesMax } from './voicePacket.js';

/** Bytes of a room key (ChaCha20-Poly1305, RFC 8439). */
export const roomKeyBytes = 32;
/** Bytes of a session's hop key (SipHash-2-4). */
export const hopKeyBytes = 16;

/** Token and sequence: 12 bytes that never come again under one key. */
const nonceBytes = 12;

/** Holds the tag of one call only, so that no call allocates; each thread has its own. */
const tagScratch = new Int32Array(2);

/**
 * Seals a frame where it stands: ChaCha20-Poly1305 (RFC 8439 section 2.8), nonce = the first 12
 * bytes of the header, associated data = all before the payload. Allocates views of the packet; any
 * thread.
 *
 * @param packet header at 0, plain payload from `payloadAt`, room for 16 bytes behind it
 * @param payloadBytes length of the plain payload, 0 or more
 * @param key of the header's epoch, 32 bytes
 * @param payloadAt 16, or `whisperHeaderBytes` for a whisper
 * @returns the length of the packet so far: payloadAt + payloadBytes + 16
 */
export function sealFrame(
  packet: Uint8Array,
  payloadBytes: number,
  key: Uint8Array,
  payloadAt = voiceHeaderBytes,
): number {
  const payloadEnd = payloadAt + payloadBytes;
  const sealedEnd = payloadEnd + sealBytes;
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
    packet.subarray(payloadAt, sealedEnd),
    packet.subarray(payloadAt, payloadEnd),
    packet.subarray(0, payloadAt),
    null,
    packet.subarray(0, nonceBytes),
    key,
  );
  return sealedEnd;
}

/**
 * Opens what `sealFrame` sealed. Allocates views of the packet; any thread.
 *
 * @param packet left as it is
 * @param packetBytes length of header and sealed payload, without a hop tag
 * @param key of the header's epoch, 32 bytes
 * @param out takes the plain payload; at least `packetBytes` − payloadAt − 16 long
 * @param payloadAt 16, or `whisperHeaderBytes` for a whisper
 * @returns the length of the plain payload, or −1 where the packet is too short, too long or not
 *   what the sender sealed
 */
export function openFrame(
  packet: Uint8Array,
  packetBytes: number,
  key: Uint8Array,
  out: Uint8Array,
  payloadAt = voiceHeaderBytes,
): number {
  const payloadBytes = packetBytes - payloadAt - sealBytes;
  if (payloadBytes < 0 || packetBytes > voicePacketBytesMax) return -1;
  // Checked here because the catch below must not take a caller's mistake for a forged packet.
  if (key.length !== roomKeyBytes) throw new RangeError(`key of ${key.length} bytes, not 32`);
  if (out.length < payloadBytes || packet.length < packetBytes) {
    throw new RangeError(`${packet.length} and ${out.length} bytes cannot hold the frame`);
  }
  try {
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
      out.subarray(0, payloadBytes),
      null,
      packet.subarray(payloadAt, packetBytes),
      packet.subarray(0, payloadAt),
      packet.subarray(0, nonceBytes),
      key,
    );
  } catch {
    return -1;
  }
  return payloadBytes;
}

/**
 * Appends SipHash-2-4 of everything before it. Allocates nothing; any thread.
 *
 * @param packet with room for 8 bytes behind `length`
 * @param hopKey the session's, 16 bytes
 * @returns `length` + 8
 */
export function writeHopTag(packet: Uint8Array, length: number, hopKey: Uint8Array): number {
  sipHash24(packet, 0, length, hopKey, tagScratch);
  const low = tagScratch[0]!;
  const high = tagScratch[1]!;
  for (let i = 0; i < 4; i++) {
    packet[length + i] = low >>> (8 * i);
    packet[length + 4 + i] = high >>> (8 * i);
  }
  return length + hopTagBytes;
}

/**
 * Whether the last 8 bytes are the hop tag of those before. Takes the same time wherever the tags
 * differ. Allocates nothing; any thread.
 *
 * @param length bytes of the packet with its tag
 * @param hopKey the session's, 16 bytes
 */
export function checkHopTag(packet: Uint8Array, length: number, hopKey: Uint8Array): boolean {
  const tagAt = length - hopTagBytes;
  if (tagAt < 0) return false;
  sipHash24(packet, 0, tagAt, hopKey, tagScratch);
  const low = tagScratch[0]!;
  const high = tagScratch[1]!;
  let difference = 0;
  for (let i = 0; i < 4; i++) {
    difference |= packet[tagAt + i]! ^ ((low >>> (8 * i)) & 0xff);
    difference |= packet[tagAt + 4 + i]! ^ ((high >>> (8 * i)) & 0xff);
  }
  return difference === 0;
}
