import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { frameSamples, sampleRate } from '@rookery/schemas/voicePacket';
import { opusPayloadBytesMax } from '../engine/audio/audioLimits.js';
import { OpusDecoder, OpusEncoder, opusEncoderDefaults } from '../engine/audio/opusCodec.js';
import { OpusLibrary } from '../engine/audio/opusLibrary.js';
import { SpeechSource } from '../engine/audio/speechSource.js';
import { voiceLevel } from '../engine/audio/voiceLevel.js';
import { readWav } from '../engine/audio/wav.js';
import { spokenSecondsMax, type SpokenSound } from './spokenSound.js';

/**
 * Encodes a WAV file for bots: a task of a pool.
 *
 * @param wavPath null for something like speech that is made up
 * @throws ClientError `unreadableWav`
 */
export async function encodeSound(wavPath: string | null): Promise<SpokenSound> {
  return encode(wavPath === null ? madeUpSpeech() : await samplesOf(wavPath));
}

async function samplesOf(wavPath: string): Promise<Float32Array> {
  const source = await SpeechSource.open(await readWav(wavPath), wavPath);
  const wanted = Math.min(source.samples, spokenSecondsMax * sampleRate);
  const frames = Math.max(1, Math.floor(wanted / frameSamples));
  const samples = new Float32Array(frames * frameSamples);
  source.read(0, samples);
  source.close();
  return samples;
}

/** Seconds of it, and how many syllables in one. */
const madeUpSeconds = 8;
const syllablesPerSecond = 4;
const harmonics = 12;

/** A voice of changing pitch and loudness, with pauses: it costs the codec what speech costs. */
function madeUpSpeech(): Float32Array {
  const random = new SeededRandom(1_701);
  const samples = new Float32Array(madeUpSeconds * sampleRate);
  const nextShare = (): number => random.nextUint32() / 2 ** 32;
  let phase = 0;
  let pitchHz = 120;
  let loudness = 0.5;
  for (let i = 0; i < samples.length; i++) {
    const syllable = (i * syllablesPerSecond) / sampleRate;
    if (Number.isInteger(syllable)) {
      pitchHz = 100 + 80 * nextShare();
      loudness = nextShare() < 0.2 ? 0.02 : 0.3 + 0.4 * nextShare();
    }
    phase += pitchHz / sampleRate;
    const envelope = Math.sin(Math.PI * (syllable % 1)) * loudness;
    let sum = 0;
    for (let n = 1; n <= harmonics; n++) sum += Math.sin(2 * Math.PI * n * phase) / n;
    samples[i] = 0.4 * envelope * sum;
  }
  return samples;
}

/** Twice over: the second time the codec comes from the end, as it does in each later round. */
function encode(samples: Float32Array): SpokenSound {
  const library = new OpusLibrary();
  const encoder = new OpusEncoder(library, opusEncoderDefaults);
  const decoder = new OpusDecoder(library);
  const frames = samples.length / frameSamples;
  const payload = new Uint8Array(opusPayloadBytesMax);
  const heard = new Int16Array(frameSamples * 3);
  const payloads: Uint8Array[] = [];
  const levels = new Uint8Array(frames);
  const pcm = new Int16Array(samples.length);
  for (let round = 0; round < 2; round++) {
    for (let frame = 0; frame < frames; frame++) {
      const part = samples.subarray(frame * frameSamples, (frame + 1) * frameSamples);
      const length = encoder.encode(part, payload);
      decoder.decode(payload, length, heard);
      if (round === 0) continue;
      payloads.push(payload.slice(0, length));
      levels[frame] = voiceLevel(part);
      pcm.set(heard.subarray(0, frameSamples), frame * frameSamples);
    }
  }
  encoder.free();
  decoder.free();
  const offsets = new Uint32Array(frames + 1);
  payloads.forEach(({ length }, frame) => (offsets[frame + 1] = offsets[frame]! + length));
  return { bytes: new Uint8Array(Buffer.concat(payloads)), offsets, levels, pcm };
}
