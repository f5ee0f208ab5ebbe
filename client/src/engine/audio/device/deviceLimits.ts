/** Bounds of sound devices. */
export const deviceLimits = {
  /** What a device may be asked to move at a time. */
  bufferMsMin: 2,
  bufferMsMax: 100,
  /**
   * A ring holds so much at least: what a device captures while a busy machine lets nobody read.
   * The next power of two of samples is taken.
   */
  ringMs: 500,
  /** A device that has moved nothing for so long is lost, whatever its driver says. */
  stallMsMax: 1_000,
  /** How long a stream's thread sleeps between two looks at its driver. */
  pollMsMin: 1,
  pollMsMax: 4,
  /** A stream's thread that has not ended by then hangs in its driver, and is left behind. */
  closeMsMax: 2_000,
  /** A device that does not run by then hangs in its driver. */
  openMsMax: 10_000,
  /** A list that takes longer hangs in a driver. */
  listMsMax: 10_000,
  /** How often a device that is not there is looked for. */
  searchMs: 2_000,
} as const;

/** @returns size for `createSampleRing`: at least `ringMs` of interleaved samples */
export function deviceRingSamples(sampleRate: number, channels: number): number {
  const samples = (sampleRate * channels * deviceLimits.ringMs) / 1_000;
  return 2 ** Math.ceil(Math.log2(samples));
}

/** @returns sample frames of a device buffer, at least 1 */
export function deviceBufferFrames(bufferMs: number, sampleRate: number): number {
  const { bufferMsMin, bufferMsMax } = deviceLimits;
  const ms = Math.min(Math.max(bufferMs, bufferMsMin), bufferMsMax);
  return Math.max(1, Math.round((ms * sampleRate) / 1_000));
}
