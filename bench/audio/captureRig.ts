import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import { captureLimits } from '@rookery/client/engine/audio/capture/captureLimits';
import { CapturePath } from '@rookery/client/engine/audio/capture/capturePath';
import { captureTable } from '@rookery/client/engine/audio/capture/captureTable';
import { usualCapture } from '@rookery/client/engine/audio/capture/captureThread';
import { captureWishes, writeSettings } from '@rookery/client/engine/audio/capture/captureWishes';
import { capturedFrameBytesMax } from '@rookery/client/engine/audio/capture/capturedFrame';
import { FrameWriter } from '@rookery/client/engine/audio/capture/frameWriter';
import { InputFeed } from '@rookery/client/engine/audio/capture/inputFeed';
import { streamTable } from '@rookery/client/engine/audio/device/audioDevice';
import {
  encoderTable,
  WishedEncoder,
  wishEncoding,
  wishFrameMs,
} from '@rookery/client/engine/audio/encoderWishes';
import { opusEncoderDefaults } from '@rookery/client/engine/audio/opusCodec';
import { OpusLibrary } from '@rookery/client/engine/audio/opusLibrary';
import { createSampleRing, SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { SpeechLoop } from './speechLoop.js';

/** A device that has to be resampled and made mono, as the usual headset has. */
export const deviceRate = 44_100;
export const deviceChannels = 2;
/** What it moves at a time: 10 ms. */
export const deviceFrames = deviceRate / 100;
const frameMs = 20;
/** Room for 170 ms of the device, and for 340 ms of what is played. */
export const ringSamples = 16_384;

/** All stages on, and always sending: the most that capture does. */
export const everythingOn = { ...usualCapture, mode: 'continuous', inputGain: 1.2 } as const;

/**
 * What the capture worker does, stepped in this thread: from a device's ring to packets, all stages
 * on.
 */
export class CaptureRig {
  readonly #device = createSampleRing(ringSamples);
  readonly #deviceRing = new SpscSampleRing(this.#device);
  readonly #farEnd = createSampleRing(ringSamples);
  readonly #farEndRing = new SpscSampleRing(this.#farEnd);
  readonly #packets = new SpscRecordRing(createRecordRing(captureLimits.packetRingBytes));
  readonly #encoder: WishedEncoder;
  readonly #writer: FrameWriter;
  readonly #path: CapturePath;
  readonly #feed: InputFeed;
  readonly #buffer = new Float32Array(deviceFrames * deviceChannels);
  readonly #step = new Float32Array(stepSamples);
  readonly #record = new Uint8Array(capturedFrameBytesMax);
  readonly #near: SpeechLoop;
  readonly #far: SpeechLoop;
  /** Packets that came out so far. */
  packets = 0;

  /** @param near what the microphone hears, @param far what is played meanwhile */
  constructor(near: SpeechLoop, far: SpeechLoop) {
    const table = captureTable.allocate(1);
    const wishes = captureWishes.allocate(1);
    const encoding = encoderTable.allocate(1);
    wishEncoding(encoding, opusEncoderDefaults);
    wishFrameMs(encoding, frameMs);
    writeSettings(wishes, everythingOn);
    this.#encoder = new WishedEncoder(new OpusLibrary(), opusEncoderDefaults, encoding);
    this.#writer = new FrameWriter(this.#encoder, this.#packets, table.columns);
    const tap = (): SpscSampleRing =>
      new SpscSampleRing(createSampleRing(captureLimits.dumpSamples));
    const taps = { ownVoice: tap(), dumpRaw: tap(), dumpProcessed: tap() };
    const farEnd = new SpscSampleRing(this.#farEnd);
    this.#path = new CapturePath({ writer: this.#writer, wishes, table, farEnd, taps });
    this.#feed = new InputFeed({
      sampleRate: deviceRate,
      channels: deviceChannels,
      bufferFrames: deviceFrames,
      ring: this.#device,
      table: streamTable.allocate(1).memory,
    });
    this.#near = near;
    this.#far = far;
  }

  /** 10 ms. Allocates nothing itself. */
  step(): void {
    this.#near.fillStereo(this.#buffer);
    this.#deviceRing.push(this.#buffer);
    this.#far.fill(this.#step);
    this.#farEndRing.push(this.#step);
    while (this.#feed.next(this.#step)) this.#path.step(this.#step);
    while (this.#packets.pop(this.#record) >= 0) this.packets++;
  }

  free(): void {
    this.#path.free();
    this.#encoder.free();
  }
}
