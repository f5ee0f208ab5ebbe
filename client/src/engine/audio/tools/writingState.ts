import type { EngineFault } from '../../engineState.js';

/** A speaker's own file. */
export interface SpeakerFile {
  readonly displayName: string;
  /** In the folder of speakers. */
  readonly fileName: string;
}

/** What was written. */
export interface SoundFileSummary {
  /** Length of the time line. */
  readonly seconds: number;
  readonly speakers: readonly SpeakerFile[];
  /** Pieces of sound that are missing, because disk or thread stood still or had no file left. */
  readonly dropped: number;
}

/** How a dump or a recording stands. */
export interface WritingState {
  /** `waiting`: for the sound to run, and for the server to show it. */
  readonly phase: 'off' | 'waiting' | 'writing' | 'ending';
  /** Of the present one or the last: the folder of a dump, the file of a recording. */
  readonly path: string | null;
  /** What the last one wrote, where it came to its end. */
  readonly summary: SoundFileSummary | null;
  /** Why it came to no good end, or did not begin. What was written until then is whole. */
  readonly problem: EngineFault | null;
}

export const nothingWritten: WritingState = {
  phase: 'off',
  path: null,
  summary: null,
  problem: null,
};
