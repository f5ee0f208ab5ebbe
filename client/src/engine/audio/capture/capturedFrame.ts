import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { opusPayloadBytesMax } from '../audioLimits.js';
import { captureLimits } from './captureLimits.js';

/*
 * One captured frame, a record of the packet ring:
 *
 *     ┌ u32 ──────┬ u8 ────────┬ u8 ───┬ f64 ─────────┬─────────┐
 *     │ timestamp │ endOfSpurt │ level │ capturedAtMs │ payload │     little-endian
 *     └───────────┴────────────┴───────┴──────────────┴─────────┘
 */
const timestampAt = 0;
const endOfSpurtAt = 4;
const levelAt = 5;
const capturedAtMsAt = 6;

/** Where the Opus payload starts in a record, in bytes. */
export const capturedPayloadAt = 14;

/** Longest record, in bytes. */
export const capturedFrameBytesMax = capturedPayloadAt + opusPayloadBytesMax;

/** What stands before the payload. */
export interface CapturedFrameHead {
  /** Of the first sample on the 48 kHz clock of what was captured; wraps at 2^32. */
  readonly timestamp: number;
  /** True in the last frame of a spurt, and only there. */
  readonly endOfSpurt: boolean;
  /** Loudness, 0 … 15: see `voiceLevel`. */
  readonly level: number;
  /** When its last sample was captured, by `monotonicMs`. */
  readonly capturedAtMs: number;
}

/** Writes what stands before the payload. Allocates nothing. */
export function writeCapturedFrame(record: DataView, head: CapturedFrameHead): void {
  record.setUint32(timestampAt, head.timestamp, true);
  record.setUint8(endOfSpurtAt, head.endOfSpurt ? 1 : 0);
  record.setUint8(levelAt, head.level);
  record.setFloat64(capturedAtMsAt, head.capturedAtMs, true);
}

/**
 * The consumer's end of the packet ring. What waited too long, because the thread or the network
 * stood still, is dropped, the oldest first; the end of a spurt is never dropped. One thread;
 * `next` allocates nothing.
 */
export class CapturedFrameReader implements CapturedFrameHead {
  timestamp = 0;
  endOfSpurt = false;
  level = 0;
  /** Its first `payloadBytes` are the Opus frame that `next` found; valid until the next call. */
  readonly payload: Uint8Array;
  payloadBytes = 0;
  /** Frames dropped so far because they waited too long. */
  framesLate = 0;
  readonly #ring: SpscRecordRing;
  readonly #record = new Uint8Array(capturedFrameBytesMax);
  readonly #fields = new DataView(this.#record.buffer);

  constructor(ring: SpscRecordRing) {
    this.#ring = ring;
    this.payload = this.#record.subarray(capturedPayloadAt);
  }

  get capturedAtMs(): number {
    return this.#fields.getFloat64(capturedAtMsAt, true);
  }

  /**
   * Takes the next frame that is still worth sending.
   *
   * @param nowMs by `monotonicMs`
   * @returns false where none waits
   */
  next(nowMs: number): boolean {
    for (;;) {
      const recordBytes = this.#ring.pop(this.#record);
      if (recordBytes < 0) return false;
      this.timestamp = this.#fields.getUint32(timestampAt, true);
      this.endOfSpurt = this.#fields.getUint8(endOfSpurtAt) === 1;
      this.level = this.#fields.getUint8(levelAt);
      this.payloadBytes = recordBytes - capturedPayloadAt;
      if (this.endOfSpurt || this.capturedAtMs >= nowMs - captureLimits.lateMsMax) return true;
      this.framesLate++;
    }
  }
}
