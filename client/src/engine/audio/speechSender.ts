import { frameSamples, sampleRate } from '@rookery/schemas/voicePacket';
import { frameMs, senderLimits } from './audioLimits.js';
import {
  encodedFrameBytesMax,
  encodedPayloadAt,
  readFrameIndex,
  readFrameLevel,
} from './encodedFrame.js';
import { startEncoderThread, type EncoderThread } from './encoderThread.js';
import { monotonicMs } from './monotonicClock.js';
import { opusEncoderDefaults } from './opusCodec.js';
import { SpeechSource } from './speechSource.js';
import { readWav } from './wav.js';

/** One encoded frame, on its way to be sealed. */
export interface SpeechFrame {
  /** Opus, 20 ms; valid during `onFrame` only. */
  readonly payload: Uint8Array;
  /** On the 48 kHz clock: 960 more each frame, also for one that was dropped. Wraps at 2^32. */
  readonly timestamp: number;
  /** Loudness, 0 … 15: see `voiceLevel`. */
  readonly level: number;
  /** True in the last frame. */
  readonly endOfSpurt: boolean;
}

/** What was said. */
export interface SpeechSummary {
  /** Frames handed to `onFrame`. */
  readonly frames: number;
  /** Frames that were due while this machine was too busy, and were dropped. */
  readonly framesDropped: number;
  /** Of sound in `frames`. */
  readonly seconds: number;
}

/** A file on its way to be heard. */
export interface SpeechSender {
  /** Of the file, once through. */
  readonly durationSeconds: number;
  /** Starts the clock; the first frame is due at once. To be called once. */
  start(): void;
  /**
   * Resolves after the last frame; rejects with ClientError 'internal' when the encoder died, and
   * with whatever `onFrame` throws.
   */
  readonly finished: Promise<SpeechSummary>;
  /** Sends one more frame that ends the spurt; resolves when nothing runs any more. */
  stop(): Promise<void>;
  /** Bits a second to encode with, from the next frame on. */
  setBitrate(bitrate: number): void;
}

export interface SpeechSenderOptions {
  readonly wavPath: string;
  readonly repeat: 'once' | 'loop';
  /** Ends the speech after so long; without it a loop goes on until `stop`. */
  readonly secondsMax?: number;
  /** Bits a second, 48,000 where not set. */
  readonly bitrate?: number;
  /** Called every 20 ms, in order, in the thread that opened the sender. */
  readonly onFrame: (frame: SpeechFrame) => void;
}

/**
 * Reads a WAV file and gets ready to send it: 48 kHz mono Opus in frames of 20 ms, paced by the
 * monotonic clock on an absolute schedule, so that nothing drifts. A frame more than 200 ms late is
 * dropped and the timestamp runs on. Silent frames are sent like all others. To be stopped if it is
 * not started.
 *
 * @throws ClientError 'unreadableWav' naming the file and its fault
 */
export async function openSpeechSender(options: SpeechSenderOptions): Promise<SpeechSender> {
  return openSenderOn(options, new URL('./encoderWorker.js', import.meta.url));
}

/** As `openSpeechSender`, with another encoder worker. */
export async function openSenderOn(
  options: SpeechSenderOptions,
  workerEntry: URL,
): Promise<SpeechSender> {
  const source = await SpeechSource.open(await readWav(options.wavPath), options.wavPath);
  const bitrate = options.bitrate ?? opusEncoderDefaults.bitrate;
  try {
    const encoder = await startEncoderThread({ ...opusEncoderDefaults, bitrate }, workerEntry);
    return new PacedSpeechSender(source, encoder, options);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** Samples by which Opus's output lags its input: without them the last word would be cut. */
const encoderDelaySamples = 312;

class PacedSpeechSender implements SpeechSender {
  readonly finished: Promise<SpeechSummary>;
  readonly #source: SpeechSource;
  readonly #encoder: EncoderThread;
  readonly #options: SpeechSenderOptions;
  readonly #pcm = new Float32Array(frameSamples);
  /** Place on the time line of each frame in flight, by the encoder's frame index. */
  readonly #places = new Float64Array(senderLimits.framesInFlightMax);
  #startMs = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Place of the next frame on the time line, and of the first that is not sent any more. */
  #nextPlace = 0;
  #endPlace: number;
  #fed = 0;
  #delivered = 0;
  #dropped = 0;

  constructor(source: SpeechSource, encoder: EncoderThread, options: SpeechSenderOptions) {
    this.#source = source;
    this.#encoder = encoder;
    this.#options = options;
    this.#endPlace = endPlace(source, options);
    this.finished = this.#run();
    // Whoever does not ask for the outcome is not to be killed by it.
    this.finished.catch(() => undefined);
  }

  get durationSeconds(): number {
    return this.#source.samples / sampleRate;
  }

  start(): void {
    this.#startMs = monotonicMs();
    this.#feedDue();
  }

  async stop(): Promise<void> {
    this.#endPlace = Math.min(this.#endPlace, this.#nextPlace + 1);
    if (this.#timer === null) this.#encoder.pcm.header.close();
    await this.finished.catch(() => undefined);
  }

  setBitrate(bitrate: number): void {
    this.#encoder.setBitrate(bitrate);
  }

  /** Hands frames on until the encoder has ended. */
  async #run(): Promise<SpeechSummary> {
    try {
      await this.#deliverAll();
      await this.#encoder.exited;
    } finally {
      if (this.#timer) clearTimeout(this.#timer);
      this.#encoder.kill();
      this.#source.close();
    }
    const seconds = (this.#delivered * frameMs) / 1_000;
    return { frames: this.#delivered, framesDropped: this.#dropped, seconds };
  }

  async #deliverAll(): Promise<void> {
    const { packets } = this.#encoder;
    const record = new Uint8Array(encodedFrameBytesMax);
    const fields = new DataView(record.buffer);
    for (;;) {
      const signal = packets.header.signal;
      const isClosed = packets.header.closed;
      const recordBytes = packets.pop(record);
      if (recordBytes >= 0) this.#deliver(fields, record.subarray(encodedPayloadAt, recordBytes));
      else if (isClosed) return;
      else await packets.header.sleepAsync(signal);
    }
  }

  #deliver(fields: DataView, payload: Uint8Array): void {
    const place = this.#places[readFrameIndex(fields) % this.#places.length]!;
    this.#delivered++;
    this.#options.onFrame({
      payload,
      timestamp: (place * frameSamples) % 2 ** 32,
      level: readFrameLevel(fields),
      endOfSpurt: place === this.#endPlace - 1,
    });
  }

  /** Feeds what is due by now and sets the timer for what comes next. */
  #feedDue(): void {
    if (this.#encoder.packets.header.closed) return;
    while (this.#nextPlace < this.#endPlace && this.#dueMs() <= monotonicMs()) {
      if (!this.#feedNext()) break;
    }
    if (this.#nextPlace >= this.#endPlace) {
      this.#encoder.pcm.header.close();
      return;
    }
    this.#source.prepare(this.#sourcePosition());
    const waitMs = Math.max(1, Math.ceil(this.#dueMs() - monotonicMs()));
    this.#timer = setTimeout(() => this.#feedDue(), waitMs);
  }

  /** @returns false where the encoder has no room and the frame must not be lost: the last */
  #feedNext(): boolean {
    const isLast = this.#nextPlace === this.#endPlace - 1;
    const isLate = monotonicMs() - this.#dueMs() > senderLimits.lateMsMax;
    const hasRoom = this.#fed - this.#delivered < senderLimits.framesInFlightMax;
    if (isLast && !hasRoom) return false;
    if (isLast || (hasRoom && !isLate)) this.#feed();
    else this.#dropped++;
    this.#nextPlace++;
    return true;
  }

  #feed(): void {
    if (this.#options.repeat === 'loop') this.#source.readLoop(this.#sourcePosition(), this.#pcm);
    else this.#source.read(this.#sourcePosition(), this.#pcm);
    this.#places[this.#fed++ % this.#places.length] = this.#nextPlace;
    this.#encoder.pcm.push(this.#pcm);
    this.#encoder.pcm.header.wake();
  }

  #sourcePosition(): number {
    const position = this.#nextPlace * frameSamples;
    return this.#options.repeat === 'loop' ? position % this.#source.samples : position;
  }

  /** When the next frame is due, on the monotonic clock. */
  #dueMs(): number {
    return this.#startMs + this.#nextPlace * frameMs;
  }
}

/** Frames from start to end, where none is dropped; Infinity for a loop without end. */
function endPlace(source: SpeechSource, { repeat, secondsMax }: SpeechSenderOptions): number {
  const once = Math.ceil((source.samples + encoderDelaySamples) / frameSamples);
  const end = repeat === 'loop' ? Infinity : once;
  const limit = secondsMax === undefined ? Infinity : Math.ceil((secondsMax * 1_000) / frameMs);
  return Math.max(1, Math.min(end, limit));
}
