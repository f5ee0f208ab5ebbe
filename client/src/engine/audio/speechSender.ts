import type { FrameSettings, RoomVoice } from '@rookery/schemas/messages';
import { defaultRoom } from '@rookery/schemas/protocol';
import { sampleRate } from '@rookery/schemas/voicePacket';
import { frameSamplesMax, senderLimits } from './audioLimits.js';
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
  /** Opus, one frame; valid during `onFrame` only. */
  readonly payload: Uint8Array;
  /** On the 48 kHz clock: it runs on by each frame, also by one that was dropped. Wraps at 2^32. */
  readonly timestamp: number;
  /** Loudness, 0 … 15: see `voiceLevel`. */
  readonly level: number;
  /** True in the last frame. */
  readonly endOfSpurt: boolean;
}

/** What a room says of the sound of its speakers. */
export type SpeechEncoding = Pick<RoomVoice, 'bitrate'> & FrameSettings;

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
  /** How to encode, from the next frame on that meets no other on its way. */
  setEncoding(encoding: SpeechEncoding): void;
}

export interface SpeechSenderOptions {
  readonly wavPath: string;
  readonly repeat: 'once' | 'loop';
  /** Ends the speech after so long; without it a loop goes on until `stop`. */
  readonly secondsMax?: number;
  /** That of a new room, where not set. */
  readonly encoding?: SpeechEncoding;
  /** Called for every frame, in order, in the thread that opened the sender. */
  readonly onFrame: (frame: SpeechFrame) => void;
}

/**
 * Reads a WAV file and gets ready to send it: 48 kHz mono Opus, its frames paced by the monotonic
 * clock on an absolute schedule, so that nothing drifts. A frame more than 200 ms late is
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
  try {
    const encoder = await startEncoderThread(opusEncoderDefaults, workerEntry);
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
  readonly #longestFrame = new Float32Array(frameSamplesMax);
  /** Where each frame in flight starts and ends on the time line, by the encoder's frame index. */
  readonly #starts = new Float64Array(senderLimits.framesInFlightMax);
  readonly #ends = new Float64Array(senderLimits.framesInFlightMax);
  #encoding: SpeechEncoding;
  /** The next frame: as long as is wished for, once no other is in flight. */
  #frame = new Float32Array(0);
  #startMs = 0;
  #timer: NodeJS.Timeout | null = null;
  /** Start of the next frame on the time line, and where the speech ends, in samples. */
  #nextStart = 0;
  #end: number;
  #fed = 0;
  #delivered = 0;
  #deliveredSamples = 0;
  #dropped = 0;

  constructor(source: SpeechSource, encoder: EncoderThread, options: SpeechSenderOptions) {
    this.#source = source;
    this.#encoder = encoder;
    this.#options = options;
    this.#end = endOf(source, options);
    this.#encoding = options.encoding ?? defaultRoom;
    this.#followEncoding();
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
    this.#end = Math.min(this.#end, this.#nextStart + 1);
    if (this.#timer === null) this.#encoder.pcm.header.close();
    await this.finished.catch(() => undefined);
  }

  setEncoding(encoding: SpeechEncoding): void {
    this.#encoding = encoding;
    this.#followEncoding();
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
    const seconds = this.#deliveredSamples / sampleRate;
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
    const slot = readFrameIndex(fields) % senderLimits.framesInFlightMax;
    const [start, end] = [this.#starts[slot]!, this.#ends[slot]!];
    this.#delivered++;
    this.#deliveredSamples += end - start;
    this.#options.onFrame({
      payload,
      timestamp: start % 2 ** 32,
      level: readFrameLevel(fields),
      endOfSpurt: end >= this.#end,
    });
  }

  /** Feeds what is due by now and sets the timer for what comes next. */
  #feedDue(): void {
    if (this.#encoder.packets.header.closed) return;
    while (this.#nextStart < this.#end && this.#dueMs() <= monotonicMs()) {
      if (!this.#feedNext()) break;
    }
    if (this.#nextStart >= this.#end) {
      this.#encoder.pcm.header.close();
      return;
    }
    this.#source.prepare(this.#sourcePosition());
    const waitMs = Math.max(1, Math.ceil(this.#dueMs() - monotonicMs()));
    this.#timer = setTimeout(() => this.#feedDue(), waitMs);
  }

  /** @returns false where the encoder has no room and the frame must not be lost: the last */
  #feedNext(): boolean {
    this.#followEncoding();
    const isLast = this.#nextStart + this.#frame.length >= this.#end;
    const isLate = monotonicMs() - this.#dueMs() > senderLimits.lateMsMax;
    const hasRoom =
      this.#fed - this.#delivered < senderLimits.framesInFlightMax &&
      this.#encoder.pcm.free >= this.#frame.length;
    if (isLast && !hasRoom) return false;
    if (isLast || (hasRoom && !isLate)) this.#feed();
    else this.#dropped++;
    this.#nextStart += this.#frame.length;
    return true;
  }

  #feed(): void {
    const frame = this.#frame;
    if (this.#options.repeat === 'loop') this.#source.readLoop(this.#sourcePosition(), frame);
    else this.#source.read(this.#sourcePosition(), frame);
    const slot = this.#fed++ % senderLimits.framesInFlightMax;
    this.#starts[slot] = this.#nextStart;
    this.#ends[slot] = this.#nextStart + frame.length;
    this.#encoder.pcm.push(frame);
    this.#encoder.pcm.header.wake();
  }

  #sourcePosition(): number {
    const position = this.#nextStart;
    return this.#options.repeat === 'loop' ? position % this.#source.samples : position;
  }

  /** The length of frames changes between two of them only: the encoder cannot tell them apart. */
  #followEncoding(): void {
    const { bitrate, isFecOn, frameMs } = this.#encoding;
    const samples = (frameMs * sampleRate) / 1_000;
    this.#encoder.setEncoding(bitrate, isFecOn ? 'inBand' : 'off');
    if (samples === this.#frame.length || this.#fed > this.#delivered) return;
    this.#frame = this.#longestFrame.subarray(0, samples);
    this.#encoder.setFrameMs(frameMs);
  }

  /** When the next frame is due, on the monotonic clock. */
  #dueMs(): number {
    return this.#startMs + (this.#nextStart * 1_000) / sampleRate;
  }
}

/** Samples from start to end, where none are dropped; Infinity for a loop without end. */
function endOf(source: SpeechSource, { repeat, secondsMax }: SpeechSenderOptions): number {
  const end = repeat === 'loop' ? Infinity : source.samples + encoderDelaySamples;
  const limit = secondsMax === undefined ? Infinity : secondsMax * sampleRate;
  return Math.max(1, Math.min(end, limit));
}
