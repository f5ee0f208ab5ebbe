import { defineTable } from '@rookery/schemas/sharedTable';

/**
 * Places in the capture chain where the level is taken, in its order: each stage stands between
 * two of them, so its effect is their difference.
 */
export const capturePoints = [
  /** From the device, at 48 kHz mono. */
  'microphone',
  'inputGain',
  'highPass',
  'echoCanceller',
  'noiseSuppressor',
  'gainControl',
  'limiter',
] as const;
export type CapturePoint = (typeof capturePoints)[number];

/**
 * One row: what the capture worker does.
 *
 * | column           | meaning                                                              |
 * |------------------|----------------------------------------------------------------------|
 * | peaks, rms       | level after each of `capturePoints` over the last 50 ms: `levelDb`   |
 * | voiceProbability | that somebody speaks, thousandths                                    |
 * | gainControlled   | what gain control does, hundredths of a dB                           |
 * | isTransmitting   | 1 while a spurt is open                                              |
 * | isClipping       | 1 where the microphone reached full scale within the last second     |
 * | steps            | 10 ms of sound captured, modulo 2^32                                 |
 * | frames           | frames handed to the packet ring, modulo 2^32                        |
 * | framesDropped    | frames for which the packet ring had no room                         |
 * | samplesLost      | captured, but dropped, oldest first, as the thread was late; 48 kHz  |
 * | farEndSteps      | 10 ms of played sound seen by the echo canceller, modulo 2^32        |
 * | busyUs           | time spent on it, microseconds modulo 2^32                           |
 */
export const captureTable = defineTable({
  name: 'capture',
  columns: {
    peaks: { type: 'words', length: capturePoints.length, writer: 'capture' },
    rms: { type: 'words', length: capturePoints.length, writer: 'capture' },
    voiceProbability: { type: 'u32', writer: 'capture' },
    gainControlled: { type: 'i32', writer: 'capture' },
    isTransmitting: { type: 'u32', writer: 'capture' },
    isClipping: { type: 'u32', writer: 'capture' },
    steps: { type: 'u32', writer: 'capture' },
    frames: { type: 'u32', writer: 'capture' },
    framesDropped: { type: 'u32', writer: 'capture' },
    samplesLost: { type: 'u32', writer: 'capture' },
    farEndSteps: { type: 'u32', writer: 'capture' },
    busyUs: { type: 'u32', writer: 'capture' },
  },
});

/** The row as any thread sees it. */
export type CaptureTable = ReturnType<typeof captureTable.attach>;

/** Below this nothing is told apart, in dB of full scale. */
export const quietestDb = -120;

/** How the table holds a level in dB of full scale: in hundredths of a dB above `quietestDb`. */
export function storedLevel(db: number): number {
  return db > quietestDb ? Math.round((db - quietestDb) * 100) : 0;
}

/** A level of the table in dB of full scale; `quietestDb` for silence. */
export function levelDb(stored: number): number {
  return quietestDb + stored / 100;
}
