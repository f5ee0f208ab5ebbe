import { join } from 'node:path';
import { makeOutputFolder } from '../outputFolder.js';
import { speakerFileName } from '../speakerFileName.js';
import { WavWriter } from '../wavWriter.js';
import { soundFileLimits } from './soundFileLimits.js';
import type { SpeakerFile } from './writingState.js';

/**
 * A WAV file for each who is heard, 48 kHz mono, all on one time line. A file begins with the first
 * sound. Blocks while it writes: for worker threads. Methods throw ClientError 'outputUnwritable'.
 */
export class SpeakerFiles {
  readonly #folder: string;
  readonly #names = new Map<number, string>();
  readonly #writers = new Map<number, WavWriter>();
  readonly #fileNames = new Set<string>();
  readonly #files: SpeakerFile[] = [];
  #stepsLeftOut = 0;

  /** @param folder is made where it is missing */
  constructor(folder: string) {
    this.#folder = folder;
    makeOutputFolder(folder);
  }

  /** In the order in which they were first heard. */
  get files(): readonly SpeakerFile[] {
    return this.#files;
  }

  /** Steps of those for whom there was no file any more. */
  get stepsLeftOut(): number {
    return this.#stepsLeftOut;
  }

  /** A file that there is keeps its name. */
  setName(token: number, displayName: string): void {
    this.#names.set(token, displayName);
  }

  /** @param at place on the time line, in samples */
  write(token: number, at: number, pcm: Int16Array): void {
    const writer = this.#writers.get(token) ?? this.#open(token);
    if (writer === null) {
      this.#stepsLeftOut++;
      return;
    }
    writer.skipTo(at);
    writer.write(pcm);
  }

  /** All writers, to be closed by whoever closes them all. @param end of the time line */
  *closers(end: number): Iterable<() => void> {
    for (const writer of this.#writers.values()) {
      yield () => {
        try {
          writer.skipTo(end);
        } finally {
          writer.close();
        }
      };
    }
  }

  #open(token: number): WavWriter | null {
    if (this.#writers.size === soundFileLimits.speakerFilesMax) return null;
    const displayName = this.#names.get(token) ?? '';
    const fileName = speakerFileName(displayName, this.#fileNames);
    const writer = new WavWriter(join(this.#folder, fileName));
    this.#writers.set(token, writer);
    this.#files.push({ displayName, fileName });
    return writer;
  }
}
