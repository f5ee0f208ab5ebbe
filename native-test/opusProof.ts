import { align } from '@rookery/client/engine/audio/correlate';
import {
  OpusDecoder,
  OpusEncoder,
  opusEncoderDefaults,
} from '@rookery/client/engine/audio/opusCodec';
import { opusPayloadBytesMax } from '@rookery/client/engine/audio/audioLimits';
import { OpusLibrary } from '@rookery/client/engine/audio/opusLibrary';
import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { frameSamples, sampleRate } from '@rookery/schemas/voicePacket';
import type { Finding, Proof } from './proof.js';

/** Opus (WASM): a round trip, and what concealment and FEC give back of lost frames. */
export const opusProof: Proof = { part: 'Opus', prove: proveOpus };

const seed = 20_261;
const speechSeconds = 10;
const lossShare = 0.1;
/** The encoder looks ahead and the decoder holds back, together less than this. */
const delaySamplesMax = sampleRate / 20;
const roundTripCorrelationMin = 0.9;
/** FEC carries a coarse copy of the frame, concealment guesses: far apart on speech. */
const fecGainDbMin = 3;

function proveOpus(): Finding {
  const random = new SeededRandom(seed);
  const speech = speechLike(random, speechSeconds);
  const library = new OpusLibrary();
  const payloads = encode(library, speech);
  const clean = decode(library, payloads, new Set(), 'conceal');
  const { correlation } = align(speech, clean, { lagSamplesMax: delaySamplesMax });
  if (correlation < roundTripCorrelationMin) {
    throw new Error(`round trip: correlation ${correlation.toFixed(3)} (seed ${seed})`);
  }
  const lost = new Set(
    [...payloads.keys()].filter((index) => index > 0 && random.chance(lossShare)),
  );
  const concealed = decode(library, payloads, lost, 'conceal');
  const recovered = decode(library, payloads, lost, 'fec');
  const concealedDb = signalToNoiseDb(clean, concealed, lost);
  const recoveredDb = signalToNoiseDb(clean, recovered, lost);
  const figures = `PLC ${concealedDb.toFixed(1)} dB, FEC ${recoveredDb.toFixed(1)} dB`;
  if (recoveredDb < concealedDb + fecGainDbMin) {
    throw new Error(`FEC gains too little in lost frames: ${figures} (seed ${seed})`);
  }
  return {
    outcome: 'proved',
    what: `round trip correlates ${correlation.toFixed(3)}; lost frames concealed and recovered`,
    figure: `${figures} at ${lossShare * 100} % loss`,
  };
}

/** @returns one payload a frame */
function encode(library: OpusLibrary, speech: Float32Array): Uint8Array[] {
  const encoder = new OpusEncoder(library, { ...opusEncoderDefaults, lossPercent: 20 });
  const out = new Uint8Array(opusPayloadBytesMax);
  const frames = Math.floor(speech.length / frameSamples);
  const payloads = Array.from({ length: frames }, (_value, index) => {
    const pcm = speech.subarray(index * frameSamples, (index + 1) * frameSamples);
    return out.slice(0, encoder.encode(pcm, out));
  });
  encoder.free();
  return payloads;
}

/**
 * Decodes the frames as a receiver would who never got the lost ones.
 *
 * @returns the sound, −1…1
 */
function decode(
  library: OpusLibrary,
  payloads: readonly Uint8Array[],
  lost: ReadonlySet<number>,
  repair: 'conceal' | 'fec',
): Float32Array {
  const decoder = new OpusDecoder(library);
  const sound = new Float32Array(payloads.length * frameSamples);
  const frame = new Int16Array(frameSamples);
  payloads.forEach((payload, index) => {
    const next = payloads[index + 1];
    if (!lost.has(index)) decoder.decode(payload, payload.length, frame);
    else if (repair === 'fec' && next !== undefined && !lost.has(index + 1)) {
      decoder.decodeFec(next, next.length, frameSamples, frame);
    } else decoder.conceal(frameSamples, frame);
    sound.set(
      Float32Array.from(frame, (sample) => sample / 32_768),
      index * frameSamples,
    );
  });
  decoder.free();
  return sound;
}

/** How far the sound in the given frames stands above its difference to the wanted sound. */
function signalToNoiseDb(
  wanted: Float32Array,
  heard: Float32Array,
  frames: ReadonlySet<number>,
): number {
  let signal = 0;
  let noise = 0;
  for (const frame of frames) {
    for (let i = frame * frameSamples; i < (frame + 1) * frameSamples; i++) {
      signal += wanted[i]! ** 2;
      noise += (wanted[i]! - heard[i]!) ** 2;
    }
  }
  return 10 * Math.log10(signal / noise);
}
