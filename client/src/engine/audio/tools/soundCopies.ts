import type { State } from '../../engineState.js';
import { RecordingMark, type MarkHost } from './recordingMark.js';
import {
  SoundWriting,
  type DumpStage,
  type RecordingTarget,
  type TappedThreads,
} from './soundWriting.js';
import type { WritingState } from './writingState.js';

/** The copies of the sound that go to files, as the State shows them. */
export interface CopiesState {
  /** What the microphone gave, what became of it, and what is heard, to find faults in. */
  readonly dump: WritingState;
  /** What is heard. Others are shown that one records. */
  readonly recording: WritingState;
}

/** Dump and recording of the engine's sound. Commands return at once. One thread. */
export class SoundCopies {
  readonly #dump: SoundWriting;
  readonly #recording: SoundWriting;
  readonly #mark: RecordingMark;

  constructor(host: MarkHost, onChange: (change: Partial<CopiesState>) => void) {
    this.#mark = new RecordingMark(host, (fault) => this.#recording.fail(fault));
    this.#dump = new SoundWriting({ use: 'dump', onState: (dump) => onChange({ dump }) });
    this.#recording = new SoundWriting({
      use: 'recording',
      onState: (recording) => onChange({ recording }),
      prepare: () => this.#mark.begin(),
      onOver: () => this.#mark.end(),
    });
  }

  /** @param folder gets what `dumpFiles` names of the stages */
  startDump(folder: string, stages: readonly DumpStage[]): void {
    this.#dump.startDump(folder, stages);
  }

  stopDump(): void {
    void this.#dump.stop();
  }

  startRecording(target: RecordingTarget): void {
    this.#recording.startRecording(target);
  }

  stopRecording(): void {
    void this.#recording.stop();
  }

  /** As SoundWriting.attach(), of both. */
  async attach(threads: TappedThreads | null): Promise<void> {
    await Promise.all([this.#dump.attach(threads), this.#recording.attach(threads)]);
  }

  /** To be called with every State. */
  follow(state: State): void {
    this.#mark.follow(state);
  }
}
