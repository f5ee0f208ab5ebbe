import { Piscina } from 'piscina';

/** What all bots of a process say, encoded once: frames of 20 ms, read round and round. */
export interface SpokenSound {
  /** The Opus payloads, one after another. */
  readonly bytes: Uint8Array;
  /** Where each begins, and at last where the last one ends. */
  readonly offsets: Uint32Array;
  /** How loud each is, as in the header of a packet. */
  readonly levels: Uint8Array;
  /** What who decodes it hears: 48 kHz, mono, 960 samples a frame. */
  readonly pcm: Int16Array;
}

/** A longer sound is cut: all of it is in memory, and nobody listens to the end. */
export const spokenSecondsMax = 60;

/**
 * Encodes a sound in a thread of its own.
 *
 * @param wavPath null for something like speech that is made up
 * @throws ClientError `unreadableWav`
 */
export async function encodeSpokenSound(wavPath: string | null): Promise<SpokenSound> {
  const pool = new Piscina<string | null, SpokenSound>({
    filename: new URL('./encodeSoundWorker.js', import.meta.url).href,
    maxThreads: 1,
  });
  try {
    return await pool.run(wavPath, { name: 'encodeSound' });
  } finally {
    await pool.destroy();
  }
}

/** How many frames it has, at least 1. */
export function framesOf({ levels }: SpokenSound): number {
  return levels.length;
}

/** The payload of a frame: a view. */
export function payloadOf({ bytes, offsets }: SpokenSound, frame: number): Uint8Array {
  return bytes.subarray(offsets[frame], offsets[frame + 1]);
}
