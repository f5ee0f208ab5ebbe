import { opusPayloadBytesMax } from './audioLimits.js';

/*
 * What the encoder worker says of each frame, one record of its packet ring:
 *
 *     ┌ u32 ────────┬ u8 ───┬─────────┐
 *     │ frame index │ level │ payload │     little-endian
 *     └─────────────┴───────┴─────────┘
 */
const indexAt = 0;
const levelAt = 4;

/** Where the Opus payload starts in a record, in bytes. */
export const encodedPayloadAt = 5;

/** Longest record, in bytes. */
export const encodedFrameBytesMax = encodedPayloadAt + opusPayloadBytesMax;

/**
 * Writes what stands before the payload.
 *
 * @param frameIndex frames that the encoder took before this one, wrapping at 2^32
 * @param level 0 … 15
 */
export function writeEncodedFrame(record: DataView, frameIndex: number, level: number): void {
  record.setUint32(indexAt, frameIndex, true);
  record.setUint8(levelAt, level);
}

/** @returns frames that the encoder took before this one, wrapping at 2^32 */
export function readFrameIndex(record: DataView): number {
  return record.getUint32(indexAt, true);
}

/** @returns 0 … 15 */
export function readFrameLevel(record: DataView): number {
  return record.getUint8(levelAt);
}
