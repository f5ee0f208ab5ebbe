import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { ClientError } from '../../clientError.js';
import type { Audience } from '../../voiceReceiver.js';
import { recorderLimits } from '../audioLimits.js';
import type { DeviceStream } from '../device/audioDevice.js';
import type { SoundPluginMemory } from '../plugins/soundPluginTable.js';
import { createSampleRing } from '../spscSampleRing.js';
import type { SpeakerSound } from '../voiceMixer.js';
import { noRow, RecordKind, VoiceRecordWriter } from '../voiceRecords.js';
import { workerExit } from '../workerExit.js';
import type { OutputStream } from './outputFeed.js';
import type { PlaybackCommand } from './playbackLoop.js';
import {
  playbackTable,
  speakerRowsMax,
  speakerTable,
  type PlaybackTable,
  type SpeakerTable,
} from './playbackTables.js';
import { SpeakerRows } from './speakerRows.js';

/** 340 ms: whoever reads slower is not there. */
const farEndSamples = 16_384;

/** For what copies of the sound are taken; each has a ring of its own. */
export type TapUse = 'dump' | 'recording';

/**
 * The thread that turns packets into what a device plays. All methods belong to the thread that
 * started it, return at once, and do nothing once it is closed or has failed.
 */
export interface PlaybackThread {
  /**
   * From the next step on sound goes to this stream; null: a clock takes it, so that statistics and
   * marks go on. Who talks goes on talking. Call it before the stream before is closed, or after.
   */
  attach(output: DeviceStream | null): void;
  /** From now on the packets of `token` are heard; one with the same token leaves. */
  addSpeaker(token: number, displayName: string): void;
  /** Finishes what has come from `token`; packets that come later are dropped and counted. */
  removeSpeaker(token: number): void;
  /** Forgotten with the speaker. Nothing clicks. */
  setSound(token: number, sound: SpeakerSound): void;
  /**
   * Takes in a packet as it came. One copy, and nobody is woken.
   *
   * @param payload opened Opus, one frame; copied
   */
  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    audience: Audience,
  ): void;
  /** Nobody is heard, though everything goes on, so that all are back at once. */
  setDeafened(isDeafened: boolean): void;
  /** Mixes in the own voice from a `SpscSampleRing` of 48 kHz mono; null: no longer. */
  setOwnVoice(ring: SharedArrayBuffer | null): void;
  /** From the next step on these plugins change what is heard, in this order, and no others. */
  setPlugins(plugins: readonly SoundPluginMemory[]): void;
  /** A sine of −20 dBFS, also while deafened; it takes the place of one that sounds. */
  playTone(hz: number, ms: number): void;
  /**
   * Copies what is heard to a `SpscRecordRing` of `voiceTap.ts` records; null: no longer. What does
   * not fit is left out and counted by the ring.
   */
  setTap(use: TapUse, ring: SharedArrayBuffer | null): void;
  /**
   * A `SpscSampleRing` of what is played: 48 kHz mono, 480 at a time, in step with the device. Who
   * begins to read it drops what is there; nobody needs to.
   */
  readonly farEnd: SharedArrayBuffer;
  /** What waits for the thread: a `SpscRecordRing`, to be looked at and not read. */
  readonly records: SharedArrayBuffer;
  /** `speakerTable`, read by `readSpeakers`. */
  readonly speakers: SharedTableMemory;
  /** `playbackTable`, read by `readPlayback`. */
  readonly table: SharedTableMemory;
  /** Resolves with why the thread ended, if it did so by itself. */
  readonly failed: Promise<ClientError>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** What `playbackWorker.ts` is started with. */
export interface PlaybackWorkerData {
  readonly records: SharedArrayBuffer;
  readonly farEnd: SharedArrayBuffer;
  readonly speakers: SharedTableMemory;
  readonly table: SharedTableMemory;
}

/**
 * Starts the thread and waits until it can decode. It plays to a clock until a device is attached.
 *
 * @throws ClientError 'internal' where it does not start
 */
export async function startPlaybackThread(): Promise<PlaybackThread> {
  return startPlaybackOn(new URL('./playbackWorker.js', import.meta.url));
}

/** As `startPlaybackThread`, with another worker. */
export async function startPlaybackOn(workerEntry: URL): Promise<PlaybackThread> {
  const table = playbackTable.allocate(1);
  const workerData: PlaybackWorkerData = {
    records: createRecordRing(recorderLimits.ringBytes),
    farEnd: createSampleRing(farEndSamples),
    speakers: speakerTable.allocate(speakerRowsMax).memory,
    table: table.memory,
  };
  const worker = new Worker(workerEntry, { workerData });
  const exited = workerExit(worker, 'playing sound');
  await Promise.race([once(worker, 'message'), exited]);
  return new WorkerPlayback(worker, workerData, table, exited);
}

class WorkerPlayback implements PlaybackThread {
  readonly farEnd: SharedArrayBuffer;
  readonly records: SharedArrayBuffer;
  readonly speakers: SharedTableMemory;
  readonly table: SharedTableMemory;
  readonly failed: Promise<ClientError>;
  readonly #worker: Worker;
  readonly #packets: VoiceRecordWriter;
  readonly #counts: PlaybackTable['columns'];
  readonly #speakerBytes: SpeakerTable['columns']['payloadBytes'];
  readonly #exited: Promise<void>;
  readonly #rows = new SpeakerRows(speakerRowsMax, (row) => this.#speakerBytes.store(row, 0));
  readonly #taps = new Map<TapUse, SharedArrayBuffer>();
  #isOver = false;

  constructor(
    worker: Worker,
    memory: PlaybackWorkerData,
    table: PlaybackTable,
    exited: Promise<void>,
  ) {
    this.farEnd = memory.farEnd;
    this.records = memory.records;
    this.speakers = memory.speakers;
    this.table = memory.table;
    this.#worker = worker;
    this.#counts = table.columns;
    this.#speakerBytes = speakerTable.attach(memory.speakers).columns.payloadBytes;
    // A thread that stands still is ended, so that `failed` says so.
    const ring = new SpscRecordRing(memory.records);
    this.#packets = new VoiceRecordWriter(ring, () => void worker.terminate());
    this.#exited = exited;
    this.failed = new Promise((resolve) => {
      exited.catch((error: unknown) => {
        this.#isOver = true;
        resolve(error as ClientError);
      });
    });
  }

  attach(output: DeviceStream | null): void {
    this.#command({ kind: 'attach', output: output === null ? null : outputStreamOf(output) });
  }

  addSpeaker(token: number, displayName: string): void {
    if (this.#isOver) return;
    this.#rows.add(token);
    this.#packets.addSpeaker(token, displayName);
  }

  removeSpeaker(token: number): void {
    if (this.#isOver) return;
    this.#rows.remove(token);
    this.#packets.command(RecordKind.RemoveSpeaker, token);
  }

  setSound(token: number, sound: SpeakerSound): void {
    if (!this.#isOver) this.#packets.setSound(token, sound);
  }

  push(
    token: number,
    counter: number,
    timestamp: number,
    endOfSpurt: boolean,
    payload: Uint8Array,
    audience: Audience,
  ): void {
    if (this.#isOver) return;
    const row = this.#rows.rowOf(token);
    const isTaken = this.#packets.packet(
      token,
      row,
      counter,
      timestamp,
      endOfSpurt,
      payload,
      audience,
    );
    if (row !== noRow) this.#speakerBytes.add(row, payload.length);
    if (!isTaken) this.#counts.packetsDropped.add(0, 1);
    this.#counts.speakersUnlisted.store(0, this.#rows.unlisted);
  }

  setDeafened(isDeafened: boolean): void {
    this.#command({ kind: 'deafen', isDeafened });
  }

  setOwnVoice(ring: SharedArrayBuffer | null): void {
    this.#command({ kind: 'ownVoice', ring });
  }

  setPlugins(plugins: readonly SoundPluginMemory[]): void {
    this.#command({ kind: 'plugins', plugins });
  }

  playTone(hz: number, ms: number): void {
    this.#command({ kind: 'tone', hz, ms });
  }

  setTap(use: TapUse, ring: SharedArrayBuffer | null): void {
    if (ring === null) this.#taps.delete(use);
    else this.#taps.set(use, ring);
    this.#command({ kind: 'taps', rings: [...this.#taps.values()] });
  }

  close(): Promise<void> {
    if (!this.#isOver) this.#packets.command(RecordKind.Close, 0);
    this.#isOver = true;
    // Why it died is what `failed` is for.
    return this.#exited.catch(() => undefined);
  }

  /** The thread takes messages only where a record says that there is one. */
  #command(command: PlaybackCommand): void {
    if (this.#isOver) return;
    this.#worker.postMessage(command);
    this.#packets.command(RecordKind.Message, 0);
  }
}

/** What of a device's stream can cross to another thread. */
function outputStreamOf(stream: DeviceStream): OutputStream {
  const { sampleRate, channels, bufferFrames, ring, table } = stream;
  return { sampleRate, channels, bufferFrames, ring, table };
}
