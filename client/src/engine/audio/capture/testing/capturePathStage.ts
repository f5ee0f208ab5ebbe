import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { stepSamples } from '../../audioLimits.js';
import { encoderTable, WishedEncoder, wishEncoding, wishFrameMs } from '../../encoderWishes.js';
import { opusEncoderDefaults } from '../../opusCodec.js';
import { OpusLibrary } from '../../opusLibrary.js';
import { createSampleRing, SpscSampleRing } from '../../spscSampleRing.js';
import { CapturedFrameReader } from '../capturedFrame.js';
import { captureLimits } from '../captureLimits.js';
import { CapturePath } from '../capturePath.js';
import { captureTable } from '../captureTable.js';
import { usualCapture, type CaptureSettings } from '../captureThread.js';
import { captureWishes, writeSettings } from '../captureWishes.js';
import { FrameWriter } from '../frameWriter.js';

/** A frame as it was read. */
export interface ReadFrame {
  readonly timestamp: number;
  readonly endOfSpurt: boolean;
  readonly level: number;
  readonly capturedAtMs: number;
  readonly payload: Uint8Array;
}

/** All of capturing but the thread and the device, in this thread. */
export class CapturePathStage {
  readonly table = captureTable.allocate(1);
  readonly wishes = captureWishes.allocate(1);
  readonly encoding = encoderTable.allocate(1);
  readonly farEnd = new SpscSampleRing(createSampleRing(16_384));
  readonly ownVoice = new SpscSampleRing(createSampleRing(16_384));
  readonly dumpRaw = new SpscSampleRing(createSampleRing(16_384));
  readonly dumpProcessed = new SpscSampleRing(createSampleRing(16_384));
  readonly packets = new SpscRecordRing(createRecordRing(captureLimits.packetRingBytes));
  readonly reader = new CapturedFrameReader(this.packets);
  readonly writer: FrameWriter;
  readonly path: CapturePath;
  readonly #step = new Float32Array(stepSamples);

  constructor(settings: Partial<CaptureSettings> = {}, frameMs = 20) {
    const { encoding, table, wishes, farEnd, ownVoice, dumpRaw, dumpProcessed } = this;
    this.configure(settings);
    wishFrameMs(encoding, frameMs);
    const encoder = new WishedEncoder(new OpusLibrary(), opusEncoderDefaults, encoding);
    this.writer = new FrameWriter(encoder, this.packets, table.columns);
    const taps = { ownVoice, dumpRaw, dumpProcessed };
    this.path = new CapturePath({ writer: this.writer, wishes, table, farEnd, taps });
  }

  /** As CaptureThread.configure, of `usualCapture`. */
  configure(settings: Partial<CaptureSettings>): void {
    const all = { ...usualCapture, ...settings };
    writeSettings(this.wishes, all);
    const dtx = all.isDtxOn ? 'whenSilent' : 'off';
    wishEncoding(this.encoding, { ...opusEncoderDefaults, dtx });
  }

  /** Captures whole steps of `signal`. @returns the frames that came of it */
  capture(signal: Float32Array): ReadFrame[] {
    const frames: ReadFrame[] = [];
    for (let at = 0; at + stepSamples <= signal.length; at += stepSamples) {
      this.#step.set(signal.subarray(at, at + stepSamples));
      this.path.step(this.#step);
      frames.push(...this.readAll());
    }
    return frames;
  }

  /** Ends what is open. @returns the frames that are left */
  finish(): ReadFrame[] {
    this.path.finish();
    return this.readAll();
  }

  readAll(): ReadFrame[] {
    const frames: ReadFrame[] = [];
    while (this.reader.next(0)) {
      const { timestamp, endOfSpurt, level, capturedAtMs, payload, payloadBytes } = this.reader;
      const copy = payload.slice(0, payloadBytes);
      frames.push({ timestamp, endOfSpurt, level, capturedAtMs, payload: copy });
    }
    return frames;
  }
}
