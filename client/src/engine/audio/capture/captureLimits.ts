import { sampleRate } from '@rookery/schemas/voicePacket';
import { stepSamples } from '../audioLimits.js';

/** Steps of 10 ms in a second. */
export const stepsPerSecond = sampleRate / stepSamples;

/** Bounds of capturing. */
export const captureLimits = {
  /** What goes out before the step in which speech was noticed: word starts begin softly. */
  preRollMs: 100,
  /** Of silence before a word so many steps go out with it: it begins before it is heard. */
  softSteps: 2,
  /** Levels are those of the last so many steps: 50 ms, as often as a meter is drawn. */
  levelSteps: 5,
  /** For how long a meter says that the microphone clipped. */
  clippingShownMs: 1_000,
  /** A device's ring of which so much waits is as good as full; oldest samples are dropped. */
  backlogShareMax: 0.75,
  /** Then so many milliseconds of it are kept. */
  backlogMsKept: 40,
  /**
   * A frame that has waited longer is dropped by its reader: who listens would rather hear what is
   * said now. The pre-roll is 100 ms old from the start.
   */
  lateMsMax: 500,
  /** Room for 2.7 s of the highest bitrate of a room, and for more of any other. */
  packetRingBytes: 2 ** 17,
  /** Own voice, 170 ms, and copies for the dumper, 1.4 s. */
  ownVoiceSamples: 8_192,
  dumpSamples: 65_536,
  inputGainMax: 4,
  holdMsMax: 5_000,
  releaseMsMax: 5_000,
} as const;
