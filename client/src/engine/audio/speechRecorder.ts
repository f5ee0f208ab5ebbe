import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ClientError, type ClientErrorCode } from '../clientError.js';
import { recorderLimits } from './audioLimits.js';
import type { RecordingSummary } from './recording.js';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { usualSound } from './voiceMixer.js';
import { noRow, RecordKind, VoiceRecordWriter } from './voiceRecords.js';
import { workerExit } from './workerExit.js';

export type { RecordingSummary, SpeakerSummary } from './recording.js';

/** A room on its way to a file. All methods belong to the thread that opened it. */
export interface SpeechRecorder {
  /** From now on the packets of `token` are heard; its own file, if any, is named for the name. */
  addSpeaker(token: number, displayName: string): void;
  /** Finishes what has come from `token`; packets that come later are dropped and counted. */
  removeSpeaker(token: number): void;
  /** Makes the others quieter in the mix while the speaker is heard, or no longer. */
  setPriority(token: number, hasPriority: boolean): void;
  /**
   * Takes in a packet as it came; before `start` it is dropped. One copy, and nobody is woken.
   *
   * @param payload opened Opus, one frame of 20 ms; copied
   */
  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
  ): void;
  /** Starts the recording's clock: silence is written where there is silence. To be called once. */
  start(): void;
  /** Resolves with the fault that ended the recording early, if one does. */
  readonly failed: Promise<ClientError>;
  /**
   * Ends the recording at this moment and finishes the files.
   *
   * @throws ClientError 'outputUnwritable' naming the file that could not be written, or 'internal'
   * where the decoder thread died
   */
  close(): Promise<RecordingSummary>;
}

export interface SpeechRecorderOptions {
  /** WAV file of the mix, 48 kHz mono; replaced where it exists. */
  readonly outPath: string;
  /** Folder for one WAV file per speaker, on the same time line; made where it is missing. */
  readonly perSpeakerFolder?: string;
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

/**
 * Opens the files and starts the thread that decodes, mixes and writes.
 *
 * @throws ClientError 'outputUnwritable' naming what cannot be written
 */
export async function openSpeechRecorder(options: SpeechRecorderOptions): Promise<SpeechRecorder> {
  return openRecorderOn(options, new URL('./decoderWorker.js', import.meta.url));
}

/** As `openSpeechRecorder`, with another decoder worker. */
export async function openRecorderOn(
  options: SpeechRecorderOptions,
  workerEntry: URL,
): Promise<SpeechRecorder> {
  const ring = createRecordRing(recorderLimits.ringBytes);
  const workerData: DecoderWorkerData = {
    ring,
    outPath: options.outPath,
    perSpeakerFolder: options.perSpeakerFolder ?? null,
  };
  const worker = new Worker(workerEntry, { workerData });
  const outcome = outcomeOf(worker);
  // The first message is 'ready', or a fault: then the outcome, which listens first, rejects first.
  await Promise.race([outcome, once(worker, 'message')]);
  return new ThreadedRecorder(worker, new SpscRecordRing(ring), outcome);
}

/** @returns the worker's summary; rejects with ClientError when it ends without one */
function outcomeOf(worker: Worker): Promise<RecordingSummary> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: DecoderMessage) => {
      if (message.kind === 'summary') resolve(message.summary);
      else if (message.kind === 'fault') reject(new ClientError(message.code, message.message));
    });
    workerExit(worker, 'decoding').catch(reject);
  });
}

class ThreadedRecorder implements SpeechRecorder {
  readonly failed: Promise<ClientError>;
  readonly #records: VoiceRecordWriter;
  readonly #outcome: Promise<RecordingSummary>;
  #isRunning = false;
  #isClosed = false;

  constructor(worker: Worker, ring: SpscRecordRing, outcome: Promise<RecordingSummary>) {
    // A thread that stands still is ended, so that `failed` and `close` say so.
    this.#records = new VoiceRecordWriter(ring, () => void worker.terminate());
    this.#outcome = outcome;
    this.failed = new Promise((resolve) => {
      outcome.catch((error: unknown) => resolve(error as ClientError));
    });
  }

  addSpeaker(token: number, displayName: string): void {
    this.#records.addSpeaker(token, displayName);
  }

  removeSpeaker(token: number): void {
    this.#records.command(RecordKind.RemoveSpeaker, token);
  }

  setPriority(token: number, hasPriority: boolean): void {
    this.#records.setSound(token, { ...usualSound, hasPriority });
  }

  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
  ): void {
    if (!this.#isRunning) return;
    // The thread looks at its next tick; an earlier look would change nothing.
    this.#records.packet(token, noRow, counter, timestamp, endOfSpurt, payload, 'room');
  }

  start(): void {
    this.#isRunning = true;
    this.#records.command(RecordKind.Start, 0);
  }

  close(): Promise<RecordingSummary> {
    if (!this.#isClosed) this.#records.command(RecordKind.Close, 0);
    this.#isRunning = false;
    this.#isClosed = true;
    return this.#outcome;
  }
}
