import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { WishedEncoder } from '../encoderWishes.js';
import { voiceLevel } from '../voiceLevel.js';
import { capturedFrameBytesMax, capturedPayloadAt, writeCapturedFrame } from './capturedFrame.js';
import type { CaptureTable } from './captureTable.js';
import type { FrameSink } from './spurtFramer.js';

/** With so many bytes at most Opus says that nothing is to be sent (RFC 6716, 2.1.9; opus.h). */
const dtxBytesMax = 2;

/**
 * Encodes frames and hands them to whoever sends them. Without room in the ring a frame is dropped
 * and counted, but the end of a spurt is kept and goes first once there is. One thread; allocates
 * nothing.
 */
export class FrameWriter implements FrameSink {
  /** When the newest step was captured, by `monotonicMs`: element 0, to be kept up to date. */
  readonly capturedAtMs = new Float64Array(1);
  /** Kept, and begun with a fraction, so that its number is written in place. */
  readonly #head = { timestamp: 0, endOfSpurt: false, level: 0, capturedAtMs: 0.5 };
  readonly #encoder: WishedEncoder;
  readonly #ring: SpscRecordRing;
  readonly #counts: CaptureTable['columns'];
  readonly #record = new Uint8Array(capturedFrameBytesMax);
  readonly #fields = new DataView(this.#record.buffer);
  readonly #payload = this.#record.subarray(capturedPayloadAt);
  /** The end of a spurt that found no room, and its length; 0 for none. */
  readonly #owed = new Uint8Array(capturedFrameBytesMax);
  #owedBytes = 0;

  constructor(encoder: WishedEncoder, ring: SpscRecordRing, counts: CaptureTable['columns']) {
    this.#encoder = encoder;
    this.#ring = ring;
    this.#counts = counts;
  }

  /** Length of the frames that are wished for, in samples. */
  get frameSamples(): number {
    return this.#encoder.frameSamples;
  }

  takeFrame(pcm: Float32Array, timestamp: number, endOfSpurt: boolean, agoMs: number): void {
    const payloadBytes = this.#encoder.encode(pcm, this.#payload);
    this.payOff();
    if (payloadBytes <= dtxBytesMax && !endOfSpurt) return;
    this.#head.timestamp = timestamp;
    this.#head.endOfSpurt = endOfSpurt;
    this.#head.level = voiceLevel(pcm);
    this.#head.capturedAtMs = this.capturedAtMs[0]! - agoMs;
    writeCapturedFrame(this.#fields, this.#head);
    const recordBytes = capturedPayloadAt + payloadBytes;
    if (this.#owedBytes === 0 && this.#ring.push(this.#record, recordBytes, 0)) {
      this.#counts.frames.add(0, 1);
      this.#ring.header.wake();
    } else if (endOfSpurt) {
      this.#owed.set(this.#record);
      this.#owedBytes = recordBytes;
    } else {
      this.#counts.framesDropped.add(0, 1);
    }
  }

  /** Tries again to hand on the end of a spurt that found no room. */
  payOff(): void {
    if (this.#owedBytes === 0 || !this.#ring.push(this.#owed, this.#owedBytes, 0)) return;
    this.#owedBytes = 0;
    this.#counts.frames.add(0, 1);
    this.#ring.header.wake();
  }
}
