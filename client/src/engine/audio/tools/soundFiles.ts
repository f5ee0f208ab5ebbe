import { sampleRate } from '@rookery/schemas/voicePacket';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { stepSamples } from '../audioLimits.js';
import {
  readTapKind,
  readTapStep,
  readTapToken,
  tapBodyAt,
  TapKind,
  tapRecordBytesMax,
} from '../playback/voiceTap.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { toInt16 } from '../toInt16.js';
import { monoVoiceFormat, WavWriter } from '../wavWriter.js';
import { stepMs } from './soundFileLimits.js';
import { SpeakerFiles } from './speakerFiles.js';
import type { SoundFileSummary } from './writingState.js';

/** What is written where. */
export interface SoundFilePlan {
  /** A `SpscRecordRing` of `voiceTap.ts` records. */
  readonly tap: SharedArrayBuffer;
  /** WAV of the mix, 48 kHz stereo; replaced where it exists. null for none. */
  readonly mixPath: string | null;
  /** For a WAV of each speaker, 48 kHz mono; null for none. Made where it is missing. */
  readonly speakersFolder: string | null;
  /** Samples of 48 kHz mono, one after another as they come, each to a WAV of its own. */
  readonly streams: readonly SampleStream[];
}

export interface SampleStream {
  /** A `SpscSampleRing`; what is in it before is dropped. */
  readonly ring: SharedArrayBuffer;
  readonly path: string;
}

/**
 * Writes what is heard, and streams of samples, to WAV files. The mix and the speakers' files are
 * on one time line that begins at the start: steps in which nothing was heard are silence. Blocks
 * while it writes: for worker threads. Methods but `abandon` throw ClientError 'outputUnwritable'
 * naming the file, and leave all files to be closed.
 */
export class SoundFiles {
  readonly #tap: SpscRecordRing;
  readonly #mix: WavWriter | null;
  readonly #speakers: SpeakerFiles | null;
  readonly #streams: StreamFile[] = [];
  readonly #record = new Uint8Array(tapRecordBytesMax);
  readonly #fields = new DataView(this.#record.buffer);
  readonly #stereo = new Int16Array(this.#record.buffer, tapBodyAt, 2 * stepSamples);
  readonly #mono = new Int16Array(this.#record.buffer, tapBodyAt, stepSamples);
  readonly #decoder = new TextDecoder();
  readonly #startMs: number;
  /** Number of the step that the time line begins with; null before anything was heard. */
  #firstStep: number | null = null;
  #endStep = 0;
  #isOpen = true;

  /** Makes all files that are known. @param nowMs by any monotonic clock: the start */
  constructor(plan: SoundFilePlan, nowMs: number) {
    this.#startMs = nowMs;
    this.#tap = new SpscRecordRing(plan.tap);
    // Its folder may be what makes that of the others.
    this.#speakers = plan.speakersFolder === null ? null : new SpeakerFiles(plan.speakersFolder);
    const { mixPath } = plan;
    this.#mix = mixPath === null ? null : new WavWriter(mixPath, { sampleRate, audioChannels: 2 });
    try {
      for (const stream of plan.streams) this.#streams.push(new StreamFile(stream));
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Writes all that has come. */
  drain(nowMs: number): void {
    for (const stream of this.#streams) stream.drain();
    for (;;) {
      const recordBytes = this.#tap.pop(this.#record);
      if (recordBytes < 0) return;
      this.#take(recordBytes, nowMs);
    }
  }

  /** Writes what has come, and silence up to now, and closes all files. To be called once. */
  close(nowMs: number): SoundFileSummary {
    this.drain(nowMs);
    const end = Math.max(this.#endStep, this.#stepsSince(nowMs)) * stepSamples;
    this.#mix?.skipTo(2 * end);
    this.#closeAll(end, (error) => {
      throw error;
    });
    return {
      seconds: end / sampleRate,
      speakers: this.#speakers?.files ?? [],
      dropped:
        this.#tap.header.overruns +
        (this.#speakers?.stepsLeftOut ?? 0) +
        this.#streams.reduce((sum, { overruns }) => sum + overruns, 0),
    };
  }

  /** Closes all files as far as that goes, where something else has failed. */
  abandon(): void {
    if (this.#isOpen) this.#closeAll(0, () => undefined);
  }

  #take(recordBytes: number, nowMs: number): void {
    const token = readTapToken(this.#fields);
    const kind = readTapKind(this.#fields);
    if (kind === TapKind.Name) {
      const name = this.#record.subarray(tapBodyAt, recordBytes);
      this.#speakers?.setName(token, this.#decoder.decode(name));
      return;
    }
    const step = readTapStep(this.#fields);
    this.#firstStep ??= step - this.#stepsSince(nowMs);
    const atStep = Math.max(0, (step - this.#firstStep) | 0);
    const at = atStep * stepSamples;
    if (kind === TapKind.Mix) {
      this.#mix?.skipTo(2 * at);
      this.#mix?.write(this.#stereo);
    } else {
      this.#speakers?.write(token, at, this.#mono);
    }
    this.#endStep = Math.max(this.#endStep, atStep + 1);
  }

  #stepsSince(nowMs: number): number {
    return Math.floor((nowMs - this.#startMs) / stepMs);
  }

  /** One that fails does not keep the others from being closed. */
  #closeAll(end: number, onFailed: (error: unknown) => void): void {
    this.#isOpen = false;
    const closers = [
      () => this.#mix?.close(),
      ...this.#streams.map((stream) => () => stream.close()),
      ...(this.#speakers?.closers(end) ?? []),
    ];
    const failures: unknown[] = [];
    for (const close of closers) {
      try {
        close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) onFailed(failures[0]);
  }
}

/** Samples of a ring on their way to a file. */
class StreamFile {
  readonly #ring: SpscSampleRing;
  readonly #file: WavWriter;
  readonly #overrunsBefore: number;
  readonly #samples = new Float32Array(stepSamples);
  readonly #pcm = new Int16Array(stepSamples);

  constructor({ ring, path }: SampleStream) {
    this.#ring = new SpscSampleRing(ring);
    this.#file = new WavWriter(path, monoVoiceFormat);
    this.#ring.discard(this.#ring.capacity);
    this.#overrunsBefore = this.#ring.header.overruns;
  }

  /** Pushes that found the ring full since the start. */
  get overruns(): number {
    return (this.#ring.header.overruns - this.#overrunsBefore) >>> 0;
  }

  drain(): void {
    while (this.#ring.pop(this.#samples)) {
      for (let i = 0; i < stepSamples; i++) this.#pcm[i] = toInt16(this.#samples[i]!);
      this.#file.write(this.#pcm);
    }
  }

  close(): void {
    this.#file.close();
  }
}
