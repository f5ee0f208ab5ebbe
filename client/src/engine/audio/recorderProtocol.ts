import type { ClientErrorCode } from '../clientError.js';
import { opusPayloadBytesMax, recorderLimits } from './audioLimits.js';
import type { RecordingSummary } from './recording.js';

/** What a record of the ring to the decoder thread asks for. */
export const RecordKind = {
  /** A packet came. Body: its Opus payload. */
  Packet: 1,
  /** Body: the display name in UTF-8. */
  AddSpeaker: 2,
  RemoveSpeaker: 3,
  /** The recording's time line starts. */
  Start: 4,
  /** It ends; the last record. */
  Close: 5,
  /** Body: one byte, 1 where the others are to be quieter while the speaker is heard, else 0. */
  SetPriority: 6,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/*
 *     0      1     4       8        16        24          28
 *     ┌ u8 ──┬─────┬ u32 ──┬ f64 ───┬ f64 ────┬ u32 ──────┬──────┐
 *     │ kind │ end │ token │ atMs   │ counter │ timestamp │ body │     little-endian
 *     └──────┴─────┴───────┴────────┴─────────┴───────────┴──────┘
 */
const kindAt = 0;
const endOfSpurtAt = 1;
const tokenAt = 4;
const atMsAt = 8;
const counterAt = 16;
const timestampAt = 24;

/** Where a record's body starts, in bytes. */
export const recordBodyAt = 28;

/** Longest record, in bytes. */
export const recordBytesMax =
  recordBodyAt + Math.max(opusPayloadBytesMax, recorderLimits.displayNameBytesMax);

/**
 * Writes the head of any record.
 *
 * @param atMs when it was asked for, on the monotonic clock
 */
export function writeRecordHead(
  record: DataView,
  kind: RecordKind,
  token: number,
  atMs: number,
): void {
  record.setUint8(kindAt, kind);
  record.setUint32(tokenAt, token, true);
  record.setFloat64(atMsAt, atMs, true);
}

/** Writes what a packet has beside head and payload. */
export function writePacketFields(
  record: DataView,
  counter: number,
  timestamp: number,
  endOfSpurt: boolean,
): void {
  record.setUint8(endOfSpurtAt, endOfSpurt ? 1 : 0);
  record.setFloat64(counterAt, counter, true);
  record.setUint32(timestampAt, timestamp, true);
}

/** @returns the kind, as it was written */
export function readRecordKind(record: DataView): RecordKind {
  return record.getUint8(kindAt) as RecordKind;
}

export function readRecordToken(record: DataView): number {
  return record.getUint32(tokenAt, true);
}

/** @returns milliseconds on the monotonic clock */
export function readRecordAtMs(record: DataView): number {
  return record.getFloat64(atMsAt, true);
}

/** @returns the packet's counter, 48 bits */
export function readPacketCounter(record: DataView): number {
  return record.getFloat64(counterAt, true);
}

/** @returns the packet's timestamp, 32 bits */
export function readPacketTimestamp(record: DataView): number {
  return record.getUint32(timestampAt, true);
}

export function readPacketEndOfSpurt(record: DataView): boolean {
  return record.getUint8(endOfSpurtAt) === 1;
}

/** What the decoder thread is started with. */
export interface DecoderWorkerData {
  readonly ring: SharedArrayBuffer;
  readonly outPath: string;
  readonly perSpeakerFolder: string | null;
}

/** What the decoder thread says; 'fault' and 'summary' are its last words. */
export type DecoderMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'fault'; readonly code: ClientErrorCode; readonly message: string }
  | { readonly kind: 'summary'; readonly summary: RecordingSummary };
