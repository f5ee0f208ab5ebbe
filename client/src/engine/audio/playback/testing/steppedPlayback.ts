import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { recorderLimits } from '../../audioLimits.js';
import { streamTable } from '../../device/audioDevice.js';
import { OpusLibrary } from '../../opusLibrary.js';
import { createSampleRing, SpscSampleRing } from '../../spscSampleRing.js';
import { VoiceRecordReader, VoiceRecordWriter, RecordKind } from '../../voiceRecords.js';
import type { OutputStream } from '../outputFeed.js';
import { Playback } from '../playback.js';
import { PlaybackLoop, type PlaybackCommand } from '../playbackLoop.js';
import { playbackTable, speakerTable } from '../playbackTables.js';
import { SpeakerRows } from '../speakerRows.js';

const rows = 64;

/** The playback thread without a thread, on a clock that the test moves. */
export class SteppedPlayback {
  readonly records: VoiceRecordWriter;
  readonly loop: PlaybackLoop;
  readonly speakers = speakerTable.allocate(rows);
  readonly table = playbackTable.allocate(1);
  readonly farEnd = new SpscSampleRing(createSampleRing(16_384));
  readonly #playback: Playback;
  readonly #rows = new SpeakerRows(rows);
  readonly #commands: PlaybackCommand[] = [];

  constructor() {
    const { speakers, table, farEnd } = this;
    const ring = new SpscRecordRing(createRecordRing(recorderLimits.ringBytes));
    this.records = new VoiceRecordWriter(ring, () => {
      throw new Error('nobody reads the records');
    });
    this.#playback = new Playback(new OpusLibrary(), { speakers, table, farEnd });
    const reader = new VoiceRecordReader(ring);
    this.loop = new PlaybackLoop(this.#playback, reader, () => this.#commands.shift()!, table);
  }

  command(command: PlaybackCommand): void {
    this.#commands.push(command);
    this.records.command(RecordKind.Message, 0);
  }

  addSpeaker(token: number): void {
    this.#rows.add(token);
    this.records.addSpeaker(token, `Voice ${token}`);
  }

  removeSpeaker(token: number): void {
    this.#rows.remove(token);
    this.records.command(RecordKind.RemoveSpeaker, token);
  }

  /** A frame of 20 ms that comes at `atMs`. */
  push(token: number, counter: number, isLast: boolean, payload: Uint8Array, atMs: number): void {
    const row = this.#rows.rowOf(token);
    const timestamp = (counter * 960) >>> 0;
    this.records.packet(token, row, counter, timestamp, isLast, payload, 'room', atMs);
  }

  free(): void {
    this.#playback.free();
  }
}

/** A device that takes buffers when the test says so. */
export class SteppedOutput {
  readonly stream: OutputStream;
  readonly ring: SpscSampleRing;
  /** What was played last, interleaved. */
  readonly buffer: Float32Array;
  readonly bufferMs: number;
  readonly #table = streamTable.allocate(1);

  constructor(format: { sampleRate: number; channels: number; bufferFrames: number }) {
    const ring = createSampleRing(65_536);
    this.stream = { ...format, ring, table: this.#table.memory };
    this.ring = new SpscSampleRing(ring);
    this.buffer = new Float32Array(format.channels * format.bufferFrames);
    this.bufferMs = (1_000 * format.bufferFrames) / format.sampleRate;
  }

  get underruns(): number {
    return this.#table.columns.underruns.load(0);
  }

  /** The device's own thread stood still: something was played late. */
  stumble(): void {
    this.#table.columns.underruns.add(0, 1);
  }

  /** Plays a buffer, silence where there is none. */
  take(): void {
    if (!this.ring.pop(this.buffer)) {
      this.buffer.fill(0);
      this.#table.columns.underruns.add(0, 1);
      this.#table.columns.shortfalls.add(0, 1);
    }
    this.#table.columns.framesMoved.add(0, this.stream.bufferFrames);
  }
}
