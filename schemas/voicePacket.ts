/**
 * The voice packet of DESIGN.md section 3. Every function works in the caller's buffer and
 * allocates nothing; none looks at a length, so the caller has checked that the header is there.
 *
 *      0      4            10      11                12          16
 *     ┌──────┬────────────┬───────┬─────────────────┬───────────┬─────────────┬─────────┐
 *     │token │ counter    │ epoch │ kind│end│level  │ timestamp │ payload …   │ hop tag │
 *     │ u32  │ u48        │ u8    │ 0–2 │ 3 │ 4–7   │ u32       │             │ u64     │
 *     └──────┴────────────┴───────┴─────────────────┴───────────┴─────────────┴─────────┘
 *
 * All numbers are little-endian. Token and sequence (bytes 0–11) are the nonce of the seal and are
 * never used twice with one key. The hop tag is there from client to server, and in a Pong. In a
 * Whisper the u32 id of its list stands between header and payload.
 */

/** Bytes before the payload; also the associated data of the seal. */
export const voiceHeaderBytes = 16;
/** The same of a whisper: the id of its list follows the header. */
export const whisperHeaderBytes = voiceHeaderBytes + 4;
/** Bytes of the SipHash-2-4 tag that ends a packet for the relay. */
export const hopTagBytes = 8;
/** Bytes that sealing adds to a payload: the tag of Poly1305. */
export const sealBytes = 16;
/**
 * Longest voice datagram, hop tag included. Behind a blocked voice port it travels in a QUIC
 * datagram of a 1,200-byte packet (RFC 9000 section 14), which leaves 1,160 bytes, one of them for
 * the kind.
 */
export const voicePacketBytesMax = 1_150;
/** Sample frames of one Opus frame of 20 ms. */
export const frameSamples = 960;
/** Samples a second of every timestamp. */
export const sampleRate = 48_000;
/** A Ping is a header and its hop tag. */
export const pingBytes = voiceHeaderBytes + hopTagBytes;
/** A Pong is a header, the server's time in microseconds (u64) and the hop tag over both. */
export const pongBytes = voiceHeaderBytes + 8 + hopTagBytes;
/** Shortest voice packet from a client: an empty payload, sealed, and the hop tag. */
export const voicePacketBytesMin = voiceHeaderBytes + sealBytes + hopTagBytes;
/** Shortest whisper from a client: the same, and the id of its list. */
export const whisperPacketBytesMin = whisperHeaderBytes + sealBytes + hopTagBytes;

/** A bundle says the length of each frame's packet before it, little-endian. */
export const bundleLengthBytes = 2;
/** Frames of one bundle; more than this many of the shortest do not fit. */
export const bundleFramesMax = 32;

/** What a packet is for: bits 56–58 of the sequence. */
export const VoiceKind = { Voice: 0, Whisper: 1, Ping: 2, Pong: 3, Bundle: 4 } as const;
export type VoiceKind = (typeof VoiceKind)[keyof typeof VoiceKind];

/** Slots that a token can name: its low 20 bits. */
export const tokenSlots = 1 << 20;
/** Generations of one slot before a token comes again: the high 12 bits. */
export const tokenGenerations = 1 << 12;

const tokenAt = 0;
const counterAt = 4;
const epochAt = 10;
const kindAt = 11;
const timestampAt = 12;
const listIdAt = voiceHeaderBytes;
const serverTimeAt = voiceHeaderBytes;

const kindMask = 0b111;
const endOfSpurtBit = 0b1000;
const levelShift = 4;
const twoPow32 = 0x1_0000_0000;

/** The fields of a header; what each may be stands beside it. */
export interface VoiceHeader {
  /** 0 … 2^32 − 1, from `makeToken`. */
  readonly token: number;
  /** 0 … 2^48 − 1, never used twice within a token. */
  readonly counter: number;
  /** 0 … 255: which of the room's keys seals the payload. */
  readonly epoch: number;
  readonly kind: VoiceKind;
  /** True in the last frame before silence. */
  readonly endOfSpurt: boolean;
  /** Loudness of the frame, 0 (silent) … 15. */
  readonly level: number;
  /** 0 … 2^32 − 1 on the 48 kHz clock, wrapping. */
  readonly timestamp: number;
}

/** Writes 16 bytes at `offset`. Fields beyond their range lose their high bits. */
export function writeVoiceHeader(packet: Uint8Array, offset: number, header: VoiceHeader): void {
  writeUint32(packet, offset + tokenAt, header.token);
  writeUint32(packet, offset + counterAt, header.counter);
  const counterHigh = Math.floor(header.counter / twoPow32);
  packet[offset + counterAt + 4] = counterHigh;
  packet[offset + counterAt + 5] = counterHigh >>> 8;
  packet[offset + epochAt] = header.epoch;
  packet[offset + kindAt] =
    header.kind | (header.endOfSpurt ? endOfSpurtBit : 0) | (header.level << levelShift);
  writeUint32(packet, offset + timestampAt, header.timestamp);
}

/** @returns the session's token, 0 … 2^32 − 1 */
export function readToken(packet: Uint8Array, offset: number): number {
  return readUint32(packet, offset + tokenAt);
}

/** @returns the packet's counter, 0 … 2^48 − 1 */
export function readCounter(packet: Uint8Array, offset: number): number {
  const high = packet[offset + counterAt + 4]! | (packet[offset + counterAt + 5]! << 8);
  return readUint32(packet, offset + counterAt) + high * twoPow32;
}

/** @returns the room key's epoch, 0 … 255 */
export function readEpoch(packet: Uint8Array, offset: number): number {
  return packet[offset + epochAt]!;
}

/** @returns the kind, 0 … 7: a `VoiceKind`, or a number that none has yet */
export function readKind(packet: Uint8Array, offset: number): number {
  return packet[offset + kindAt]! & kindMask;
}

/** @returns whether silence follows this frame */
export function readEndOfSpurt(packet: Uint8Array, offset: number): boolean {
  return (packet[offset + kindAt]! & endOfSpurtBit) !== 0;
}

/** @returns the frame's loudness, 0 … 15 */
export function readLevel(packet: Uint8Array, offset: number): number {
  return packet[offset + kindAt]! >>> levelShift;
}

/** @returns the timestamp, 0 … 2^32 − 1 */
export function readTimestamp(packet: Uint8Array, offset: number): number {
  return readUint32(packet, offset + timestampAt);
}

/** Writes the id of a whisper's list, 0 … 2^32 − 1, behind the header at `offset`. */
export function writeListId(packet: Uint8Array, offset: number, listId: number): void {
  writeUint32(packet, offset + listIdAt, listId);
}

/** @returns the id of a whisper's list, 0 … 2^32 − 1 */
export function readListId(packet: Uint8Array, offset: number): number {
  return readUint32(packet, offset + listIdAt);
}

/** Writes the header of a bundle: its kind, and nothing else that has a meaning. */
export function writeBundleHeader(packet: Uint8Array, offset: number): void {
  for (let i = 0; i < voiceHeaderBytes; i++) packet[offset + i] = 0;
  packet[offset + kindAt] = VoiceKind.Bundle;
}

/**
 * Steps through the frames of a bundle: `position` is `voiceHeaderBytes` for the first, and behind
 * each frame where the next begins.
 *
 * @param bundleBytes length of the bundle packet
 * @returns length of the frame's packet, which begins `bundleLengthBytes` behind `position`; −1
 *   where none follows, or what follows is no frame
 */
export function readBundledLength(
  packet: Uint8Array,
  bundleBytes: number,
  position: number,
): number {
  const at = position + bundleLengthBytes;
  if (at > bundleBytes) return -1;
  const length = packet[position]! | (packet[position + 1]! << 8);
  const isFrame = length >= voiceHeaderBytes + sealBytes && at + length <= bundleBytes;
  return isFrame ? length : -1;
}

/**
 * Turns a Ping into the body of its Pong: kind and server time; token, counter and timestamp stay
 * as they are. The hop tag is left to `writeHopTag`.
 *
 * @param packet at least `pongBytes` long, with the Ping's header at 0
 * @param serverTimeUs microseconds since 1970
 * @returns the length so far, 24
 */
export function writePongBody(packet: Uint8Array, serverTimeUs: number): number {
  packet[epochAt] = 0;
  packet[kindAt] = VoiceKind.Pong;
  writeUint32(packet, serverTimeAt, serverTimeUs);
  writeUint32(packet, serverTimeAt + 4, Math.floor(serverTimeUs / twoPow32));
  return serverTimeAt + 8;
}

/** @returns the server's time of a Pong, in microseconds since 1970 */
export function readServerTimeUs(packet: Uint8Array): number {
  return readUint32(packet, serverTimeAt) + readUint32(packet, serverTimeAt + 4) * twoPow32;
}

/**
 * @param slot 0 … 2^20 − 1
 * @param generation 0 … 4,095
 * @returns the token, unsigned
 */
export function makeToken(slot: number, generation: number): number {
  return ((generation * tokenSlots) | slot) >>> 0;
}

/** @returns the slot that a token names, 0 … 2^20 − 1 */
export function tokenSlot(token: number): number {
  return token & (tokenSlots - 1);
}

/** @returns which user of its slot a token names, 0 … 4,095 */
export function tokenGeneration(token: number): number {
  return token >>> 20;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  );
}

function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
