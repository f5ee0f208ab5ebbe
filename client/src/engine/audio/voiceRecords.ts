import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { Audience } from '../voiceReceiver.js';
import { opusPayloadBytesMax, recorderLimits } from './audioLimits.js';
import { monotonicMs } from './monotonicClock.js';
import type { SpeakerSound } from './voiceMixer.js';

/** What a record of the ring from the network thread to one that decodes asks for. */
export const RecordKind = {
  /** A packet came. Body: its Opus payload. */
  Packet: 1,
  /** Body: the display name in UTF-8. */
  AddSpeaker: 2,
  RemoveSpeaker: 3,
  /** A recording's time line starts. */
  Start: 4,
  /** The end; the last record. */
  Close: 5,
  /** Body: gain and pan as f32, then what is so, as bits of one byte. */
  SetSound: 6,
  /** A message was posted to the thread, which takes it now. */
  Message: 7,
} as const;
export type RecordKind = (typeof RecordKind)[keyof typeof RecordKind];

/*
 *     0      1       2       4       8        16        24          28
 *     ┌ u8 ──┬ u8 ───┬ u16 ──┬ u32 ──┬ f64 ───┬ f64 ────┬ u32 ──────┬──────┐
 *     │ kind │ flags │ row   │ token │ atMs   │ counter │ timestamp │ body │     little-endian
 *     └──────┴───────┴───────┴───────┴────────┴─────────┴───────────┴──────┘
 */
const kindAt = 0;
const flagsAt = 1;
const rowAt = 2;
const tokenAt = 4;
const atMsAt = 8;
const counterAt = 16;
const timestampAt = 24;
const [endOfSpurtBit, whisperBit] = [1, 2];

/** Where a record's body starts, in bytes. */
export const recordBodyAt = 28;
const gainAt = recordBodyAt;
const panAt = gainAt + 4;
const soundFlagsAt = panAt + 4;
const soundBytes = 9;
const [priorityBit, muteBit] = [1, 2];

/** Longest record, in bytes. */
export const recordBytesMax =
  recordBodyAt + Math.max(opusPayloadBytesMax, recorderLimits.displayNameBytesMax);

/** A speaker who is listed nowhere. */
export const noRow = 0xffff;

/**
 * The network thread's end of the ring. Packets leave room for commands: a reader for which that is
 * not enough stands still for good, and `onStuck` is called, once. `packet` copies once, wakes
 * nobody and allocates nothing; every other record wakes the reader.
 */
export class VoiceRecordWriter {
  readonly #ring: SpscRecordRing;
  readonly #onStuck: () => void;
  readonly #record = new Uint8Array(recordBytesMax);
  readonly #fields = new DataView(this.#record.buffer);
  readonly #encoder = new TextEncoder();
  #isStuck = false;

  constructor(ring: SpscRecordRing, onStuck: () => void) {
    this.#ring = ring;
    this.#onStuck = onStuck;
  }

  addSpeaker(token: number, displayName: string): void {
    const body = this.#record.subarray(recordBodyAt);
    const name = body.subarray(0, recorderLimits.displayNameBytesMax);
    const { written } = this.#encoder.encodeInto(displayName, name);
    this.command(RecordKind.AddSpeaker, token, written);
  }

  setSound(token: number, sound: SpeakerSound): void {
    this.#fields.setFloat32(gainAt, sound.gain, true);
    this.#fields.setFloat32(panAt, sound.pan, true);
    const flags = (sound.hasPriority ? priorityBit : 0) | (sound.isMuted ? muteBit : 0);
    this.#fields.setUint8(soundFlagsAt, flags);
    this.command(RecordKind.SetSound, token, soundBytes);
  }

  /** @param bodyBytes of what stands in the body already; 0 where not given */
  command(kind: RecordKind, token: number, bodyBytes = 0): void {
    this.#writeHead(kind, token, monotonicMs());
    const isTaken = this.#ring.push(this.#record, recordBodyAt + bodyBytes, 0);
    if (!isTaken && !this.#isStuck) {
      this.#isStuck = true;
      this.#onStuck();
    }
    this.#ring.header.wake();
  }

  /**
   * @param payload one Opus frame; what is too long for one is dropped
   * @param atMs when it came, on the monotonic clock; now where not given
   * @returns false where there was no room
   */
  packet(
    token: number,
    row: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    audience: Audience,
    atMs = monotonicMs(),
  ): boolean {
    if (payload.length > opusPayloadBytesMax) return true;
    this.#writeHead(RecordKind.Packet, token, atMs);
    const flags = (endOfSpurt ? endOfSpurtBit : 0) | (audience === 'whisper' ? whisperBit : 0);
    this.#fields.setUint8(flagsAt, flags);
    this.#fields.setUint16(rowAt, row, true);
    this.#fields.setFloat64(counterAt, counter, true);
    this.#fields.setUint32(timestampAt, timestamp, true);
    for (let i = 0; i < payload.length; i++) this.#record[recordBodyAt + i] = payload[i]!;
    const recordBytes = recordBodyAt + payload.length;
    return this.#ring.push(this.#record, recordBytes, recorderLimits.ringReserveBytes);
  }

  #writeHead(kind: RecordKind, token: number, atMs: number): void {
    this.#fields.setUint8(kindAt, kind);
    this.#fields.setUint32(tokenAt, token, true);
    this.#fields.setFloat64(atMsAt, atMs, true);
  }
}

/**
 * The other end. Holds one record at a time: what is read is of that which `next` took last.
 * Allocates nothing but for `displayName` and `sound`.
 */
export class VoiceRecordReader {
  /** The record; a packet's payload starts at `recordBodyAt`. */
  readonly bytes = new Uint8Array(recordBytesMax);
  readonly #ring: SpscRecordRing;
  readonly #fields = new DataView(this.bytes.buffer);
  #recordBytes = 0;

  constructor(ring: SpscRecordRing) {
    this.#ring = ring;
  }

  /** Takes the next record. @returns false where none waits */
  next(): boolean {
    this.#recordBytes = this.#ring.pop(this.bytes);
    return this.#recordBytes >= 0;
  }

  get kind(): RecordKind {
    return this.#fields.getUint8(kindAt) as RecordKind;
  }

  get token(): number {
    return this.#fields.getUint32(tokenAt, true);
  }

  /** When it was asked for: milliseconds on the monotonic clock. */
  get atMs(): number {
    return this.#fields.getFloat64(atMsAt, true);
  }

  /** Where a speaker's statistics belong; `noRow` for nowhere. */
  get row(): number {
    return this.#fields.getUint16(rowAt, true);
  }

  get counter(): number {
    return this.#fields.getFloat64(counterAt, true);
  }

  get timestamp(): number {
    return this.#fields.getUint32(timestampAt, true);
  }

  get endOfSpurt(): boolean {
    return (this.#fields.getUint8(flagsAt) & endOfSpurtBit) !== 0;
  }

  get isWhisper(): boolean {
    return (this.#fields.getUint8(flagsAt) & whisperBit) !== 0;
  }

  get payloadBytes(): number {
    return this.#recordBytes - recordBodyAt;
  }

  get displayName(): string {
    return new TextDecoder().decode(this.bytes.subarray(recordBodyAt, this.#recordBytes));
  }

  get sound(): SpeakerSound {
    const flags = this.#fields.getUint8(soundFlagsAt);
    return {
      gain: this.#fields.getFloat32(gainAt, true),
      pan: this.#fields.getFloat32(panAt, true),
      hasPriority: (flags & priorityBit) !== 0,
      isMuted: (flags & muteBit) !== 0,
    };
  }
}
