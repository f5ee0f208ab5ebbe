import type { SpscSampleRing } from '../spscSampleRing.js';
import { stepSamples } from '../audioLimits.js';
import type { OpusLibrary } from '../opusLibrary.js';
import { HeardPlugins } from '../plugins/heardPlugins.js';
import type { SoundPluginMemory } from '../plugins/soundPluginTable.js';
import { limitInPlace } from '../softLimiter.js';
import { VoiceMixer, type MixerSink, type Talker } from '../voiceMixer.js';
import { recordBodyAt, RecordKind, type VoiceRecordReader } from '../voiceRecords.js';
import { OwnVoice } from './ownVoice.js';
import { milliDbfs, type PlaybackTable, type SpeakerTable } from './playbackTables.js';
import { SpeakerRowsWriter } from './speakerRows.js';
import { TapWriter } from './tapWriter.js';
import { ToneSource } from './toneSource.js';

/** Statistics are written each 50 ms, as often as somebody looks. */
const stepsPerReport = 5;

/** Shared memory that the playback thread writes. */
export interface PlaybackMemory {
  readonly speakers: SpeakerTable;
  readonly table: PlaybackTable;
  readonly farEnd: SpscSampleRing;
}

/**
 * From records of who is heard to steps of 10 ms of it: 48 kHz stereo, limited, with tone and own
 * voice. Says what became of it in tables, taps and the far-end ring. It has no clock: its
 * caller numbers the steps. One thread; allocates nothing in a step, with a packet only a speaker's
 * first one.
 */
export class Playback implements MixerSink {
  readonly #mixer: VoiceMixer;
  readonly #table: PlaybackTable;
  readonly #farEnd: SpscSampleRing;
  readonly #rows: SpeakerRowsWriter;
  readonly #plugins = new HeardPlugins();
  readonly #tone = new ToneSource();
  readonly #taps: TapWriter[] = [];
  readonly #mono = new Float32Array(stepSamples);
  #ownVoice: OwnVoice | null = null;
  #sinceReport = 0;

  constructor(library: OpusLibrary, memory: PlaybackMemory) {
    this.#mixer = new VoiceMixer(library, this, this.#plugins);
    this.#table = memory.table;
    this.#farEnd = memory.farEnd;
    this.#rows = new SpeakerRowsWriter(memory.speakers);
    this.#table.columns.levelMilliDbfs.store(0, milliDbfs(0));
  }

  /**
   * Does what a record asks for.
   *
   * @param step before which it was asked for
   * @param earlyThousandths how much of a step before that
   * @throws RangeError for a kind of which this knows nothing
   */
  apply(record: VoiceRecordReader, step: number, earlyThousandths: number): void {
    const { kind, token } = record;
    switch (kind) {
      case RecordKind.Packet:
        this.#push(record, step, earlyThousandths);
        return;
      case RecordKind.AddSpeaker:
        this.#remove(token);
        this.#mixer.addSpeaker(token, record.displayName);
        return;
      case RecordKind.RemoveSpeaker:
        this.#remove(token);
        return;
      case RecordKind.SetSound:
        this.#mixer.setSound(token, record.sound);
        return;
      default:
        throw new RangeError(`no such record: ${kind}`);
    }
  }

  setDeafened(isDeafened: boolean): void {
    this.#mixer.setDeafened(isDeafened);
  }

  /** As `PlaybackThread` has it. */
  setOwnVoice(ring: SharedArrayBuffer | null): void {
    this.#ownVoice = ring === null ? null : new OwnVoice(ring);
  }

  /** As `PlaybackThread` has it. */
  setPlugins(plugins: readonly SoundPluginMemory[]): void {
    this.#plugins.use(plugins);
  }

  /** As `PlaybackThread` has it. */
  playTone(hz: number, ms: number): void {
    this.#tone.play(hz, ms);
  }

  /** Where all that is heard is copied to from now on. */
  setTaps(rings: readonly SharedArrayBuffer[]): void {
    this.#taps.length = 0;
    for (const ring of rings) this.#taps.push(new TapWriter(ring));
  }

  /**
   * Makes the next 10 ms.
   *
   * @param step its number: one more than the last one's, or more where time passed unplayed
   * @param out 480 pairs of left and right, −1…1, overwritten
   */
  step(step: number, out: Float32Array): void {
    const talking = this.#mixer.mix(step, out);
    if (talking > 0) this.#tapMix(step, out);
    const hasTone = this.#tone.addTo(out);
    const hasOwnVoice = this.#ownVoice?.addTo(out) ?? false;
    // The mixer has limited its own.
    if (hasTone || hasOwnVoice) limitInPlace(out);
    for (let i = 0; i < stepSamples; i++) this.#mono[i] = (out[2 * i]! + out[2 * i + 1]!) / 2;
    // Nobody need read it.
    if (this.#farEnd.free >= stepSamples) this.#farEnd.push(this.#mono);
    const { columns } = this.#table;
    columns.steps.add(0, 1);
    if (++this.#sinceReport < stepsPerReport) return;
    this.#sinceReport = 0;
    columns.speakersTalking.store(0, talking);
    columns.levelMilliDbfs.store(0, milliDbfsOf(out));
    const { sounding } = this.#mixer;
    for (let at = 0; at < sounding.length; at++) this.#rows.write(sounding[at]!);
  }

  /** As `MixerSink`. */
  voice(step: number, { token, displayName }: Talker, pcm: Int16Array): void {
    for (let at = 0; at < this.#taps.length; at++) {
      this.#taps[at]!.voice(step, token, displayName, pcm);
    }
  }

  /** As `MixerSink`. */
  quiet(talker: Talker): void {
    this.#rows.write(talker);
  }

  /** Gives the decoders' memory back. */
  free(): void {
    this.#mixer.free();
  }

  #push(record: VoiceRecordReader, step: number, earlyThousandths: number): void {
    const isKnown = this.#mixer.push(
      step,
      record.token,
      record.row,
      record.counter,
      record.timestamp,
      record.endOfSpurt,
      record.isWhisper,
      record.bytes,
      recordBodyAt,
      record.payloadBytes,
      earlyThousandths,
    );
    if (!isKnown) this.#table.columns.packetsUnknown.add(0, 1);
  }

  #remove(token: number): void {
    const talker = this.#mixer.removeSpeaker(token);
    if (talker) this.#rows.clear(talker.row);
  }

  #tapMix(step: number, mix: Float32Array): void {
    for (let at = 0; at < this.#taps.length; at++) {
      this.#taps[at]!.mix(step, mix);
      this.#taps[at]!.wake();
    }
  }
}

/** @returns loudness, root mean square; whole, because a fraction would be an object */
function milliDbfsOf(samples: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]! ** 2;
  return milliDbfs(sum / samples.length);
}
