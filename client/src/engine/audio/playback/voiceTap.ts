import { stepSamples } from '../audioLimits.js';

/*
 * What a tap of the playback thread says, one record each, in the order of the steps. A speaker's
 * Name comes before the first Voice of him on this tap, and once more when his name is another.
 *
 *     0      4 (bytes)  8        12
 *     ┌ u32 ─┬ u32 ─────┬ u32 ───┬───────────────────────────────────────┐
 *     │ kind │ step     │ token  │ Mix: 480 pairs i16; Voice: 480 i16;   │    little-endian
 *     │      │          │        │ Name: UTF-8                           │
 *     └──────┴──────────┴────────┴───────────────────────────────────────┘
 */
const kindAt = 0;
const stepAt = 4;
const tokenAt = 8;

export const TapKind = {
  /** What all are heard as, left and right, without tone and own voice. Token 0. */
  Mix: 1,
  /** One speaker as he was decoded: before volume, position and ducking, also while muted. */
  Voice: 2,
  /** The display name of a token. */
  Name: 3,
} as const;
export type TapKind = (typeof TapKind)[keyof typeof TapKind];

/** Where a record's samples or name start, in bytes. */
export const tapBodyAt = 12;

/** Longest record, in bytes: a mix. */
export const tapRecordBytesMax = tapBodyAt + 2 * stepSamples * Int16Array.BYTES_PER_ELEMENT;

/**
 * Writes what stands before the body.
 *
 * @param step number of the 10 ms, wrapping at 2^32; steps may be missing: nothing was heard
 */
export function writeTapHead(record: DataView, kind: TapKind, step: number, token: number): void {
  record.setUint32(kindAt, kind, true);
  record.setUint32(stepAt, step, true);
  record.setUint32(tokenAt, token, true);
}

/** @returns the kind, as it was written */
export function readTapKind(record: DataView): TapKind {
  return record.getUint32(kindAt, true) as TapKind;
}

export function readTapStep(record: DataView): number {
  return record.getUint32(stepAt, true);
}

export function readTapToken(record: DataView): number {
  return record.getUint32(tokenAt, true);
}
