import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ClientError } from '../clientError.js';
import { opusPayloadBytesMax, recorderLimits } from './audioLimits.js';
import { monotonicMs } from './monotonicClock.js';
import {
  recordBodyAt,
  recordBytesMax,
  RecordKind,
  writePacketFields,
  writeRecordHead,
  type DecoderMessage,
  type DecoderWorkerData,
} from './recorderProtocol.js';
import type { RecordingSummary } from './recording.js';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
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
  readonly #worker: Worker;
  readonly #ring: SpscRecordRing;
  readonly #outcome: Promise<RecordingSummary>;
  readonly #record = new Uint8Array(recordBytesMax);
  readonly #fields = new DataView(this.#record.buffer);
  #isRunning = false;
  #isClosed = false;

  constructor(worker: Worker, ring: SpscRecordRing, outcome: Promise<RecordingSummary>) {
    this.#worker = worker;
    this.#ring = ring;
    this.#outcome = outcome;
    this.failed = new Promise((resolve) => {
      outcome.catch((error: unknown) => resolve(error as ClientError));
    });
  }

  addSpeaker(token: number, displayName: string): void {
    const body = this.#record.subarray(recordBodyAt);
    const name = body.subarray(0, recorderLimits.displayNameBytesMax);
    const { written } = new TextEncoder().encodeInto(displayName, name);
    this.#command(RecordKind.AddSpeaker, token, written);
  }

  removeSpeaker(token: number): void {
    this.#command(RecordKind.RemoveSpeaker, token, 0);
  }

  setPriority(token: number, hasPriority: boolean): void {
    this.#record[recordBodyAt] = hasPriority ? 1 : 0;
    this.#command(RecordKind.SetPriority, token, 1);
  }

  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
  ): void {
    if (!this.#isRunning || payload.length > opusPayloadBytesMax) return;
    writeRecordHead(this.#fields, RecordKind.Packet, token, monotonicMs());
    writePacketFields(this.#fields, counter, timestamp, endOfSpurt);
    this.#record.set(payload, recordBodyAt);
    // The thread looks at its next tick; an earlier look would change nothing.
    const recordBytes = recordBodyAt + payload.length;
    this.#ring.push(this.#record, recordBytes, recorderLimits.ringReserveBytes);
  }

  start(): void {
    this.#isRunning = true;
    this.#command(RecordKind.Start, 0, 0);
  }

  close(): Promise<RecordingSummary> {
    if (!this.#isClosed) this.#command(RecordKind.Close, 0, 0);
    this.#isRunning = false;
    this.#isClosed = true;
    return this.#outcome;
  }

  /**
   * Packets leave room in the ring for commands. A thread for which that is not enough stands still
   * for good: it is ended, so that `failed` and `close` say so.
   */
  #command(kind: RecordKind, token: number, bodyBytes: number): void {
    writeRecordHead(this.#fields, kind, token, monotonicMs());
    const isTaken = this.#ring.push(this.#record, recordBodyAt + bodyBytes, 0);
    if (!isTaken) void this.#worker.terminate();
    this.#ring.header.wake();
  }
}
