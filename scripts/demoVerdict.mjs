// Compares what a listener recorded with what was said.
import { join } from 'node:path';
import { align } from '@rookery/client/engine/audio/correlate';
import { readWav } from '@rookery/client/engine/audio/wav';
import { sampleRate } from '@rookery/schemas/voicePacket';

/** Whoever correlates this well with the source was understood word by word. */
const correlationMin = 0.9;
/** A recording starts when its listener does; nobody here speaks later than this after it. */
const startSecondsMax = 30;

/**
 * Judges each speaker of a recording.
 *
 * @param {{ name: string, wav: string }[]} speakers Who spoke, and the file that was said.
 * @param {import('@rookery/client/engine/audio/recording').SpeakerSummary[]} recorded What the
 *   listener tells of each speaker that it heard.
 * @param {string} folder Where the listener wrote a file per speaker.
 * @returns {Promise<{ name: string, path: string | null, correlation: number, framesLost: number,
 *   heard: boolean }[]>} Somebody who was never heard has correlation 0 and no path.
 */
export function judge(speakers, recorded, folder) {
  return Promise.all(
    speakers.map(async ({ name, wav }) => {
      const entry = recorded.find(({ displayName }) => displayName === name);
      if (entry === undefined || entry.fileName === null) {
        return { name, path: null, correlation: 0, framesLost: 0, heard: false };
      }
      const path = join(folder, entry.fileName);
      const said = await readMono(wav);
      const lagSamplesMax = startSecondsMax * sampleRate;
      const { correlation } = align(said, await readMono(path), { lagSamplesMax });
      const framesLost = entry.framesRecovered + entry.framesConcealed + entry.framesUndecodable;
      return { name, path, correlation, framesLost, heard: correlation >= correlationMin };
    }),
  );
}

/** A WAV file of 48 kHz as mono samples. */
async function readMono(path) {
  const sound = await readWav(path);
  if (sound.sampleRate !== sampleRate) throw new Error(`${path} is not of ${sampleRate} Hz`);
  const { audioChannels, samples } = sound;
  return Float32Array.from({ length: samples.length / audioChannels }, (_, index) => {
    const frame = samples.subarray(index * audioChannels, (index + 1) * audioChannels);
    return frame.reduce((sum, sample) => sum + sample, 0) / audioChannels;
  });
}
