import { join } from 'node:path';
import { createRecordRing } from '@rookery/schemas/spscRecordRing';
import type { ClientError } from '../../clientError.js';
import type { EngineFault } from '../../engineState.js';
import { faultOf } from '../../sessionFaults.js';
import type { CaptureThread } from '../capture/captureThread.js';
import type { PlaybackThread, TapUse } from '../playback/playbackThread.js';
import { soundFileLimits } from './soundFileLimits.js';
import type { SampleStream, SoundFilePlan } from './soundFiles.js';
import { startSoundFiles, type SoundFilesThread } from './soundFilesThread.js';
import { nothingWritten, type WritingState } from './writingState.js';

/** What a dump consists of, and the files (of `speakers`: the folder) that it is written to. */
export const dumpFiles = {
  microphone: 'raw_mic.wav',
  processed: 'post_dsp.wav',
  heard: 'post_opus_decode.wav',
  speakers: 'speakers',
} as const;

/** A place on the way of the sound. */
export type DumpStage = keyof typeof dumpFiles;

export const dumpStages = Object.keys(dumpFiles) as readonly DumpStage[];

/** Where to write what is heard. */
export interface RecordingTarget {
  /** WAV of all who are heard, 48 kHz stereo; replaced where it exists. */
  readonly outPath: string;
  /** For a WAV of each speaker, on the same time line; made where it is missing. */
  readonly perSpeakerFolder?: string;
}

/** The threads that copies of the sound come from. */
export interface TappedThreads {
  readonly capture: Pick<CaptureThread, 'dumpRaw' | 'dumpProcessed' | 'setDumping'>;
  readonly playback: Pick<PlaybackThread, 'setTap'>;
}

/** What is to be written, and what of the capture thread it needs. */
interface WritingWish {
  readonly path: string;
  readonly planOf: (tap: SharedArrayBuffer, threads: TappedThreads) => SoundFilePlan;
}

interface Writing {
  readonly wish: WritingWish;
  readonly threads: TappedThreads;
  readonly files: SoundFilesThread;
}

export interface SoundWritingOptions {
  readonly use: TapUse;
  readonly onState: (state: WritingState) => void;
  /** Is waited for before anything is written; rejects with ClientError where it may not be. */
  readonly prepare?: () => Promise<void>;
  /** Called when nothing is written any more, or will be. */
  readonly onOver?: () => void;
}

/**
 * Writes copies of the sound to files while somebody wants it: one dump, or one recording, at a
 * time. The sound itself never waits for it. Commands return at once; what comes of them is the
 * state. One thread.
 */
export class SoundWriting {
  #state = nothingWritten;
  #wish: WritingWish | null = null;
  #threads: TappedThreads | null = null;
  #writing: Writing | null = null;
  /** Why the wish was given up, for the state that shows the end. */
  #fault: EngineFault | null = null;
  #turns: Promise<void> = Promise.resolve();

  constructor(private readonly options: SoundWritingOptions) {}

  get state(): WritingState {
    return this.#state;
  }

  /** Microphone, its sound after the chain, the mix and each speaker, as files in a folder. */
  startDump(folder: string, stages: readonly DumpStage[] = dumpStages): void {
    const pathOf = (stage: DumpStage): string | null =>
      stages.includes(stage) ? join(folder, dumpFiles[stage]) : null;
    this.#start({
      path: folder,
      planOf: (tap, { capture }) => ({
        tap,
        mixPath: pathOf('heard'),
        speakersFolder: pathOf('speakers'),
        streams: [
          { ring: capture.dumpRaw, path: pathOf('microphone') },
          { ring: capture.dumpProcessed, path: pathOf('processed') },
        ].filter((stream): stream is SampleStream => stream.path !== null),
      }),
    });
  }

  startRecording({ outPath, perSpeakerFolder }: RecordingTarget): void {
    this.#start({
      path: outPath,
      planOf: (tap) => ({
        tap,
        mixPath: outPath,
        speakersFolder: perSpeakerFolder ?? null,
        streams: [],
      }),
    });
  }

  /** Resolves when the files are finished. */
  stop(): Promise<void> {
    this.#wish = null;
    return this.#settle();
  }

  /** Gives up, where something outside keeps it from going on. */
  fail(fault: EngineFault): void {
    if (this.#wish === null) return;
    this.#fault = fault;
    void this.stop();
  }

  /** @param threads null: they end, and with them what is written from them */
  attach(threads: TappedThreads | null): Promise<void> {
    this.#threads = threads;
    // Others would begin the same file anew.
    if (this.#writing !== null) this.#wish = null;
    return this.#settle();
  }

  #start(wish: WritingWish): void {
    this.#wish = wish;
    this.#fault = null;
    void this.#settle();
  }

  #settle(): Promise<void> {
    this.#turns = this.#turns.then(() => this.#follow());
    return this.#turns;
  }

  /** Brings about what is wished for now, one step after the other. */
  async #follow(): Promise<void> {
    const writing = this.#writing;
    if (writing !== null && writing.wish !== this.#wish) await this.#end(writing);
    const [wish, threads] = [this.#wish, this.#threads];
    if (this.#writing !== null) return;
    if (wish === null) this.#over();
    else if (threads === null) this.#show({ ...nothingWritten, phase: 'waiting', path: wish.path });
    else await this.#begin(wish, threads);
  }

  async #begin(wish: WritingWish, threads: TappedThreads): Promise<void> {
    const { use, prepare } = this.options;
    const { path } = wish;
    this.#show({ ...nothingWritten, phase: 'waiting', path });
    const tap = createRecordRing(soundFileLimits.tapRingBytes);
    try {
      await prepare?.();
      if (this.#wish !== wish) return;
      const files = await startSoundFiles(wish.planOf(tap, threads));
      this.#writing = { wish, threads, files };
      // They have gone meanwhile: the next turn, which is due, ends it.
      if (this.#threads !== threads) this.#wish = null;
      void files.failed.then((error) => this.#onFailed(wish, error));
    } catch (error) {
      if (this.#wish === wish) this.fail(faultOf(error));
      return;
    }
    threads.playback.setTap(use, tap);
    if (use === 'dump') threads.capture.setDumping(true);
    this.#show({ ...nothingWritten, phase: 'writing', path });
  }

  #onFailed(wish: WritingWish, error: ClientError): void {
    if (this.#wish === wish) this.fail(faultOf(error));
  }

  async #end({ wish: { path }, threads, files }: Writing): Promise<void> {
    const { use } = this.options;
    threads.playback.setTap(use, null);
    if (use === 'dump') threads.capture.setDumping(false);
    this.#show({ ...nothingWritten, phase: 'ending', path });
    try {
      const summary = await files.close();
      this.#show({ ...this.#state, summary });
    } catch (error) {
      this.#fault ??= faultOf(error);
    }
    this.#writing = null;
  }

  #over(): void {
    if (this.#state.phase === 'off' && this.#fault === null) return;
    this.#show({ ...this.#state, phase: 'off', problem: this.#fault });
    this.#fault = null;
    this.options.onOver?.();
  }

  #show(state: WritingState): void {
    this.#state = state;
    this.options.onState(state);
  }
}
