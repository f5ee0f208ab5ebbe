import { sampleRate } from '@rookery/schemas/voicePacket';
import { stepSamples } from '../audioLimits.js';

/** Milliseconds of a step. */
export const stepMs = (1_000 * stepSamples) / sampleRate;

/** Bounds of writing what is heard and captured to files. */
export const soundFileLimits = {
  /** The tap's ring: 2 s of 20 who speak at a time, each in a file of his own, and of the mix. */
  tapRingBytes: 2 ** 22,
  /** Between two looks at the rings; the capture worker's hold 1.4 s. */
  drainEveryMs: 50,
  /** Speakers with a file: each takes a handle and half a second of memory until the end. */
  speakerFilesMax: 500,
} as const;
