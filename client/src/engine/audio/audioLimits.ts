import { fieldLimits, frameLengthsMs } from '@rookery/schemas/protocol';
import {
  frameSamples,
  hopTagBytes,
  sampleRate,
  sealBytes,
  voiceHeaderBytes,
  voicePacketBytesMax,
} from '@rookery/schemas/voicePacket';

/** Milliseconds that are played at a time: 20. */
export const tickMs = (1_000 * frameSamples) / sampleRate;

/** Samples of the longest frame: 60 ms. */
export const frameSamplesMax = (sampleRate / 1_000) * Math.max(...frameLengthsMs);

/** Samples of the shortest one, of which all others are multiples: 10 ms. */
export const stepSamples = (sampleRate / 1_000) * Math.min(...frameLengthsMs);

/** Longest Opus payload that fits a voice packet from a client, in bytes. */
export const opusPayloadBytesMax = voicePacketBytesMax - voiceHeaderBytes - sealBytes - hopTagBytes;

/** Bounds of a WAV file that is read, each checked before anything of its size is allocated. */
export const wavLimits = {
  sampleRateMin: 1_000,
  sampleRateMax: 384_000,
  audioChannelsMax: 64,
  /** The whole file is read into memory. */
  fileBytesMax: 2 ** 30,
  /** Samples of all channels together: 1 GiB once they are floats, 46 minutes of 48 kHz stereo. */
  samplesMax: 2 ** 28,
  /** Duration of a file to speak: its mono 48 kHz form takes 11 MB a minute. */
  speechSecondsMax: 3_600,
} as const;

/** Bounds of sending from a file. */
export const senderLimits = {
  /** A frame that is due longer than this is dropped: who hears it would rather hear the next. */
  lateMsMax: 200,
  /**
   * Frames between feeder and encoder and back: as many of the shortest as the PCM ring (a power of
   * two of samples, 340 ms) holds, which is what fills first when the encoder stalls.
   */
  framesInFlightMax: 34,
  pcmRingSamples: 16_384,
  packetRingBytes: 65_536,
} as const;

/** Bounds of recording. */
export const recorderLimits = {
  /**
   * Nobody waits for a recording, so its jitter buffers are deep: half a second, more than a sender
   * is ever late on purpose. Opus has faded its guess to nothing after 100 ms.
   */
  jitter: { depthSteps: 50, capacityFrames: 128, concealStepsMax: 10 },
  /** Ring from the network thread to the decoder: 1 s of 100 speakers at 48 kb/s. */
  ringBytes: 2 ** 20,
  /** Part of the ring that packets leave free, so that a command always gets through. */
  ringReserveBytes: 2 ** 16,
  /** What does not fit is cut off; with an ending it still is a file name (255 bytes). */
  displayNameBytesMax: fieldLimits.displayNameBytesMax,
} as const;

/** Bounds of a jitter buffer whose sound somebody listens to: as little delay as may be. */
export const liveJitterLimits = {
  delay: 'adaptive',
  depthSteps: 60,
  capacityFrames: 128,
  concealStepsMax: 25,
} as const;
