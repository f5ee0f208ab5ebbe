import { sampleRate } from '@rookery/schemas/voicePacket';

/*
 * What the first bytes of an Opus packet say of it (RFC 6716 section 3.1 and 3.2):
 *
 *     ┌ config (5) │ stereo (1) │ code (2) ┐ ┌ code 3: VBR (1) │ padding (1) │ frames (6) ┐ …
 */
const celtBit = 0x80;
const hybridBits = 0x60;
const stereoBit = 0x04;
const codeBits = 0x03;
const vbrBit = 0x80;
const paddingBit = 0x40;
const frameCountBits = 0x3f;

/** A length from here on takes a second byte (section 3.2.1). */
const twoByteLength = 252;

const samplesIn20Ms = sampleRate / 50;

/**
 * How much sound a packet stands for. Allocates nothing.
 *
 * @param payload holds `payloadBytes` of one packet from `payloadAt` on
 * @returns sample frames at 48 kHz; 0 where these bytes are no packet
 */
export function packetSamples(
  payload: Uint8Array,
  payloadAt: number,
  payloadBytes: number,
): number {
  if (payloadBytes < 1) return 0;
  const toc = payload[payloadAt]!;
  const code = toc & codeBits;
  if (code === 0) return samplesPerFrame(toc);
  if (code < 3) return 2 * samplesPerFrame(toc);
  return payloadBytes < 2 ? 0 : (payload[payloadAt + 1]! & frameCountBits) * samplesPerFrame(toc);
}

/**
 * Whether a packet also carries a second, coarser copy of the one before it: all of it where Opus
 * codes speech as SILK alone, else, of packets of 40 and 60 ms, the last 20 ms. That is the LBRR
 * flag, the bit after the voice-activity bits, one for each 20 ms, that open a SILK frame (RFC 6716
 * sections 4.2.3 and 4.2.4). Read for what Rookery sends, which is mono. Allocates nothing.
 *
 * @param payload as for `packetSamples`
 */
export function carriesFec(payload: Uint8Array, payloadAt: number, payloadBytes: number): boolean {
  if (payloadBytes < 2) return false;
  const toc = payload[payloadAt]!;
  if ((toc & (celtBit | stereoBit)) !== 0) return false;
  const end = payloadAt + payloadBytes;
  const at = firstFrameAt(payload, payloadAt, end);
  if (at >= end) return false;
  const activityBits = Math.max(1, samplesPerFrame(toc) / samplesIn20Ms);
  return ((payload[at]! >> (7 - activityBits)) & 1) === 1;
}

/** By configuration: table 2 of section 3.1. */
function samplesPerFrame(toc: number): number {
  const size = (toc >> 3) & 0b11;
  if ((toc & celtBit) !== 0) return (samplesIn20Ms / 8) << size;
  if ((toc & hybridBits) === hybridBits) return (samplesIn20Ms / 2) << (size & 1);
  return size === 3 ? 3 * samplesIn20Ms : (samplesIn20Ms / 2) << size;
}

/** Where the first frame starts, in bytes; at `end` or beyond where the packet is cut short. */
function firstFrameAt(payload: Uint8Array, start: number, end: number): number {
  const code = payload[start]! & codeBits;
  if (code < 2) return start + 1;
  if (code === 2) return start + 1 + lengthBytes(payload, start + 1);
  const head = payload[start + 1]!;
  let at = start + 2;
  if ((head & paddingBit) !== 0) {
    while (at < end && payload[at] === 0xff) at++;
    at++;
  }
  const lengths = (head & vbrBit) === 0 ? 0 : (head & frameCountBits) - 1;
  for (let i = 0; i < lengths && at < end; i++) at += lengthBytes(payload, at);
  return at;
}

function lengthBytes(payload: Uint8Array, at: number): number {
  return payload[at]! < twoByteLength ? 1 : 2;
}
